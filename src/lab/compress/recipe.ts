import type { z } from 'zod';
import { LabError } from '../errors.ts';
import type { Site, SiteWeights } from '../model/site.ts';
import { calibrationOf } from './calibration.ts';
import { controls } from './controls.ts';
import {
  type ActivationNeed,
  type Calibration,
  type Context,
  type DeviceStep,
  finish,
  type Matrix,
  type Method,
  noContext,
  type Shape,
  type SiteActivations,
} from './method.ts';
import { isMethodId, type MethodId, type MethodParams, methods } from './methods/index.ts';
import { isScopeId, type ScopeId, scopeForms, scopeOf, sitesOf } from './scope.ts';
import { within } from './shared/chunks.ts';
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
  if (!isScopeId(scope)) throw badValue(where, 'scope', scope, scopeForms);
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
    const scope = recipe[index - 1]?.scope === step.scope ? '' : `, ${scopeOf(step.scope).words}`;
    return `${effect} (${how}${scope})`;
  });
  return steps.join(', then ');
}

/** What a recipe is applied in: what the model says beside its weights, and what was measured. */
export interface Around {
  /** Bytes of the model's parameters that are no site, for honest totals (see {@link measure}). */
  otherBytes?: number;
  heads?: number;
  keyValueHeads?: number;
  /** What was measured for {@link measurements}, by site name; asked for the steps that need it. */
  activations?: (calibration: Calibration) => ReadonlyMap<string, SiteActivations>;
}

/** The sites whose weights were replaced, in the model's order, and what became of the model. */
export interface Applied {
  matrices: Matrix[];
  report: Report;
}

/**
 * Applies the steps in their order, each to what the ones before it left, in pieces.
 *
 * @param weights all sites in the model's order, [rows, columns] each; they are left as they are
 * @param recipe from {@link parseRecipe}
 * @returns work that yields the share that is done (0 to 1) after each piece
 * @throws LabError `bad-recipe` where a step does not fit this model, `bad-model` for weights that are not finite
 */
export function* recipeWork(
  weights: readonly SiteWeights[],
  recipe: Recipe,
  { otherBytes = 0, heads = 0, keyValueHeads = heads, activations }: Around = {},
): Generator<number, Applied, void> {
  const touched = new Map<string, Matrix>();
  const byName = new Map(weights.map((entry) => [entry.site.name, entry]));
  const original = new Map(weights.map(({ site, values }) => [site.name, values]));
  const sites = weights.map((entry) => entry.site);
  for (const [index, step] of recipe.entries()) {
    const method = methodOf(step);
    const chosen = sitesOf(step.scope, sites);
    if (chosen.length === 0)
      throw new LabError(
        'bad-recipe',
        `Step ${index + 1} (${step.method}): this model has no layer in the scope ${step.scope}.`,
        'Choose another scope.',
      );
    const context: Context = {
      original,
      heads,
      keyValueHeads,
      activations: (method.needs(step) !== 'nothing' && activations?.(calibrationOf(step))) || noContext.activations,
    };
    const before = chosen.map(({ name }) => touched.get(name) ?? startMatrix(byName.get(name)!));
    const work = method.apply(before, step, context);
    for (const matrix of yield* within(work, index / recipe.length, (index + 1) / recipe.length))
      touched.set(matrix.site.name, matrix);
  }
  const matrices = weights.flatMap(({ site, values }) => {
    const matrix = touched.get(site.name);
    return matrix && matrix.values !== values ? [matrix] : [];
  });
  return { matrices, report: measure(weights, touched, otherBytes) };
}

/** {@link recipeWork} without a stop. */
export function applyRecipe(weights: readonly SiteWeights[], recipe: Recipe, around: Around = {}): Applied {
  return finish(recipeWork(weights, recipe, around));
}

/**
 * What a recipe comes to on a GPU.
 *
 * @param names what its matrices are called there, by their sites' names
 * @returns null where a step cannot be done there
 * @throws LabError `bad-recipe` where a step does not fit this model
 */
export function deviceSteps(
  sites: readonly Site[],
  recipe: Recipe,
  names: ReadonlyMap<string, string>,
): DeviceStep[] | null {
  const steps = recipe.map((step) => {
    const shapes = sitesOf(step.scope, sites).map((site): Shape => {
      const [rows, columns] = site.shape;
      return { site, rows, columns };
    });
    const work = shapes.length === 0 ? null : methodOf(step).device?.(shapes, step);
    return work ? renamed(work, (name) => names.get(name)!) : null;
  });
  return steps.every((step) => step !== null) ? steps : null;
}

function renamed(step: DeviceStep, nameOf: (site: string) => string): DeviceStep {
  if (step.kind === 'remove-smallest')
    return { ...step, sets: step.sets.map((set) => ({ ...set, matrices: set.matrices.map(nameOf) })) };
  if (step.kind === 'keep-largest') return { ...step, matrices: step.matrices.map(nameOf) };
  return { ...step, runs: step.runs.map((run) => ({ ...run, matrix: nameOf(run.matrix) })) };
}

/** What has to be measured before a recipe is applied: each set of texts once, with the most that any step needs of it. */
export function measurements(recipe: Recipe): { calibration: Calibration; need: Exclude<ActivationNeed, 'nothing'> }[] {
  const sets = new Map<string, { calibration: Calibration; need: Exclude<ActivationNeed, 'nothing'> }>();
  for (const step of recipe) {
    const need = methodOf(step).needs(step);
    if (need === 'nothing') continue;
    const calibration = calibrationOf(step);
    const key = JSON.stringify(calibration);
    sets.set(key, { calibration, need: sets.get(key)?.need === 'gram' ? 'gram' : need });
  }
  return [...sets.values()];
}

function methodOf(step: Step): Method {
  return methods[step.method];
}
