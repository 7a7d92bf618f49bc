import type { z } from 'zod';
import { LabError } from '../errors.ts';
import type { SiteWeights } from '../model/site.ts';
import { controls } from './controls.ts';
import { isMethodId, type MethodId, type MethodParams, methods } from './index.ts';
import { type Context, type Matrix, type Method, noContext } from './method.ts';
import { isScopeId, type ScopeId, scopeIds, scopes, sitesOf } from './scope.ts';
import { measure, type Report, startMatrix } from './size.ts';

/** One step, complete: a method, its scope, and all of the method's parameters beside them. */
export type Step = { [Id in MethodId]: { method: Id; scope: ScopeId } & MethodParams<Id> }[MethodId];

/** Steps in the order in which they are applied; none is the uncompressed model. */
export type Recipe = readonly Step[];

/** More steps than any experiment has: a limit against mangled links. */
export const maxSteps = 8;

/**
 * Checks a recipe from outside (a link, a file, the command line) and makes it canonical: keys in one order, defaults
 * filled in (the scope's is `overall`), so that equal recipes have equal JSON.
 *
 * @param input a list of steps as in reference.json
 * @throws LabError `bad-recipe` with the step's number, the parameter, its value and what is allowed
 */
export function parseRecipe(input: unknown): Recipe {
  if (!Array.isArray(input)) throw badRecipe(`The recipe is ${show(input)}; allowed is a list of steps.`);
  if (input.length > maxSteps)
    throw badRecipe(`The recipe has ${input.length} steps; allowed are at most ${maxSteps}.`);
  return input.map((step, index) => parseStep(step, index + 1));
}

function parseStep(input: unknown, number: number): Step {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw badRecipe(`Step ${number} is ${show(input)}; allowed is an object with a method, a scope and parameters.`);
  const { method: id, scope = 'overall', ...given } = input as Record<string, unknown>;
  if (!isMethodId(id)) throw badValue(`Step ${number}`, 'method', id, Object.keys(methods).join(', '));
  const where = `Step ${number} (${id})`;
  if (!isScopeId(scope)) throw badValue(where, 'scope', scope, scopeIds.join(', '));
  const method: Method = methods[id];
  const parsed = method.params.safeParse(given);
  if (!parsed.success) throw badParameter(where, method, given, parsed.error.issues[0]);
  return { method: id, scope, ...parsed.data } as Step;
}

function badParameter(where: string, method: Method, given: Record<string, unknown>, issue: z.core.$ZodIssue) {
  const known = controls(method);
  if (issue.code === 'unrecognized_keys') {
    const names = ['method', 'scope', ...known.map((control) => control.name)];
    return badRecipe(`${where} has no parameter ${show(issue.keys[0])}; allowed are ${names.join(', ')}.`);
  }
  const name = String(issue.path[0]);
  const control = known.find((candidate) => candidate.name === name);
  const allowed = issue.code === 'custom' ? issue.message : (control?.allowed ?? issue.message);
  return badValue(where, name, name in given ? given[name] : control?.default, allowed);
}

function badValue(where: string, name: string, value: unknown, allowed: string): LabError {
  const is = value === undefined ? 'is missing' : `is ${show(value)}`;
  return badRecipe(`${where}: ${name} ${is}; allowed: ${allowed}.`);
}

function badRecipe(message: string): LabError {
  return new LabError('bad-recipe', message, 'Correct the recipe, or choose it with the controls.');
}

/** A value from outside within a message: short, whatever it is. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/**
 * A recipe in plain words, such as "50 % of the weights removed (magnitude, whole model), then 4-bit rounding (per
 * output row)". A step's scope is named where it differs from the step before.
 */
export function describeRecipe(recipe: Recipe): string {
  if (recipe.length === 0) return 'uncompressed';
  const steps = recipe.map((step, index) => {
    const { effect, how } = methodOf(step).describe(step);
    const scope = recipe[index - 1]?.scope === step.scope ? '' : `, ${scopes[step.scope].words}`;
    return `${effect} (${how}${scope})`;
  });
  return steps.join(', then ');
}

/**
 * Applies the steps in their order, each to what the ones before it left.
 *
 * @param weights all sites in the model's order, [rows, columns] each; they are left as they are
 * @param recipe from {@link parseRecipe}
 * @param otherBytes bytes of the model's parameters that are no site, for honest totals (see {@link measure})
 * @param context what the methods may use beside the weights; see {@link needsActivations}
 * @returns the sites whose weights were replaced, in the model's order, and the report
 * @throws LabError `bad-recipe` where a step does not fit this model, `bad-model` for weights that are not finite
 */
export function applyRecipe(
  weights: readonly SiteWeights[],
  recipe: Recipe,
  otherBytes = 0,
  context: Context = noContext,
): { matrices: Matrix[]; report: Report } {
  const touched = new Map<string, Matrix>();
  const byName = new Map(weights.map((entry) => [entry.site.name, entry]));
  const sites = weights.map((entry) => entry.site);
  recipe.forEach((step, index) => {
    const chosen = sitesOf(step.scope, sites);
    if (chosen.length === 0)
      throw new LabError(
        'bad-recipe',
        `Step ${index + 1} (${step.method}): this model has no layer in the scope ${step.scope}.`,
        'Choose another scope.',
      );
    const before = chosen.map(({ name }) => touched.get(name) ?? startMatrix(byName.get(name)!));
    for (const matrix of methodOf(step).apply(before, step, context)) touched.set(matrix.site.name, matrix);
  });
  const matrices = weights.flatMap(({ site, values }) => {
    const matrix = touched.get(site.name);
    return matrix && matrix.values !== values ? [matrix] : [];
  });
  return { matrices, report: measure(weights, touched, otherBytes) };
}

/** Whether a recipe has a step that weighs the model's activations. */
export function needsActivations(recipe: Recipe): boolean {
  return recipe.some((step) => methodOf(step).needs === 'activations');
}

function methodOf(step: Step): Method {
  return methods[step.method];
}
