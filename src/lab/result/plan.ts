import { z } from 'zod';
import { axisParams, levelAt } from '../compress/level.ts';
import type { Axis, Method } from '../compress/method.ts';
import { isMethodId, methods } from '../compress/methods/index.ts';
import { parseRecipe, type Recipe } from '../compress/recipe.ts';
import { LabError } from '../errors.ts';
import { type JsonFault, readJson, readValue } from '../json.ts';
import type { Answers } from '../probe/probes.ts';
import { type Suite, type Wording, wordingIds } from '../suite/suite.ts';
import { type ResultSetting, resultKey } from './key.ts';

/** A study: every model is asked in every wording after every recipe. */
export interface StudyPlan {
  /** Where the models and the suite are: shipped ids or paths. */
  models: string[];
  suite: string;
  /** Path of LAMA's common vocabulary; undefined: all answers count. */
  vocabulary?: string;
  answers: Answers;
  /** Undefined: the suite's first one. */
  templates?: Wording[];
  /** Complete, grids written out, in the plan's order. */
  recipes: Recipe[];
  /** So many probes of the stratified order are asked; null: all. */
  probes: number | null;
}

/** One model, wording and recipe of a study, under the key of its result. */
export interface Run<M> {
  key: string;
  model: M;
  template: Wording;
  recipe: Recipe;
}

const names = z.array(z.string().min(1)).min(1);
const planSchema = z.strictObject({
  models: names,
  suite: z.string().min(1),
  vocabulary: z.string().min(1).optional(),
  answers: z.enum(['single-token', 'any']).default('single-token'),
  templates: z.array(z.enum(wordingIds)).min(1).optional(),
  recipes: z.array(z.unknown()).min(1),
  probes: z.int().min(1).nullable().default(null),
});

const levels = z.union([z.literal('axis'), z.array(z.union([z.number(), z.record(z.string(), z.number())])).min(1)], {
  error: 'allowed is "axis", or a list of numbers or of parameters such as {"n": 2, "m": 4}',
});
/** A step as in a recipe, whose other parameters parseRecipe checks. */
const gridStep = z.looseObject({ method: z.string(), scopes: names.optional(), levels: levels.optional() });
type GridStep = z.output<typeof gridStep>;
const gridSchema = z.strictObject(
  { grid: z.array(gridStep).min(1) },
  { error: 'allowed is a recipe (a list of steps), or an object with a grid' },
);

const advice = 'Correct the plan; docs/studies.md says how one is written.';

/**
 * Checks a plan from outside and writes its grids out.
 *
 * @param where the file's name, for messages
 * @throws LabError `bad-recipe` that names the place of the first fault
 */
export function parsePlan(json: string, where: string): StudyPlan {
  const fault: JsonFault = { kind: 'bad-recipe', where, advice };
  const { recipes, ...plan } = readJson(planSchema, json, fault);
  return {
    ...plan,
    recipes: recipes.flatMap((entry, index) => readRecipes(entry, { ...fault, where: `${where}, recipes.${index}` })),
  };
}

function readRecipes(entry: unknown, fault: JsonFault): Recipe[] {
  const lists = Array.isArray(entry) ? [entry] : writeOut(readValue(gridSchema, entry, fault).grid, fault.where);
  return lists.map((steps) => {
    try {
      return parseRecipe(steps);
    } catch (cause) {
      throw new LabError('bad-recipe', `${fault.where}: ${LabError.from(cause).message}`, advice, { cause });
    }
  });
}

/** Each step's scopes and levels with each of the other steps', the last step's changing first. */
function writeOut(grid: readonly GridStep[], where: string): Record<string, unknown>[][] {
  let lists: Record<string, unknown>[][] = [[]];
  for (const [index, step] of grid.entries()) {
    const choices = choicesOf(step, `${where}, grid.${index} (${step.method})`);
    lists = lists.flatMap((steps) => choices.map((choice) => [...steps, choice]));
  }
  return lists;
}

function choicesOf({ scopes, levels, ...step }: GridStep, where: string): Record<string, unknown>[] {
  if (scopes && 'scope' in step) throw badGrid(`${where} has both scope and scopes.`);
  const perScope = scopes?.map((scope) => ({ ...step, scope })) ?? [step];
  // Steps of unknown methods go through: parseRecipe says which there are.
  if (levels === undefined || !isMethodId(step.method)) return perScope;
  const { axis }: Method = methods[step.method];
  const params =
    levels === 'axis' ? axis.levels.map((level) => level.params) : levels.map((level) => paramsAt(axis, level, where));
  const twice = axisParams(axis).find((name) => name in step);
  if (twice !== undefined) throw badGrid(`${where} has both levels and ${twice}, which the levels set.`);
  return perScope.flatMap((choice) => params.map((level) => ({ ...choice, ...level })));
}

/** The parameters of a level that is given by its value, such as 0.5, or by its parameters. */
function paramsAt(axis: Axis, level: number | Record<string, number>, where: string) {
  const [name, ...others] = axisParams(axis);
  const found =
    typeof level === 'number'
      ? (axis.levels.find(({ value }) => value === level) ?? (others.length === 0 && levelAt(axis, { [name]: level })))
      : Object.keys(level).every((key) => key === name || others.includes(key)) && levelAt(axis, level);
  if (found) return found.params;
  const known = axis.levels.map(({ label, params }) => `${JSON.stringify(params)} (${label})`).join(', ');
  throw badGrid(`${where} has no level ${JSON.stringify(level)}; its axis has ${known}.`);
}

const badGrid = (message: string) => new LabError('bad-recipe', message, advice);

/**
 * The runs of a plan: model by model, then recipe by recipe, then wording by wording; each key once.
 *
 * @param models the plan's, opened or as much of them as keys need
 * @throws LabError `bad-suite` where the suite has no such wording
 */
export function runsOf<M extends ResultSetting['model']>(
  { templates, recipes, answers }: Pick<StudyPlan, 'templates' | 'recipes' | 'answers'>,
  models: readonly M[],
  suite: Pick<Suite, 'sha256' | 'wordings'>,
): Run<M>[] {
  const wordings = templates ?? suite.wordings.slice(0, 1);
  const missing = wordings.find((template) => !suite.wordings.includes(template));
  if (missing)
    throw new LabError(
      'bad-suite',
      `This suite cannot be asked as ${missing}; it can as ${suite.wordings.join(', ')}.`,
      'Choose other templates in the plan.',
    );
  const runs = new Map<string, Run<M>>();
  for (const model of models)
    for (const recipe of recipes)
      for (const template of wordings) {
        const key = resultKey({ model, suite, template, recipe, answers });
        if (!runs.has(key)) runs.set(key, { key, model, template, recipe });
      }
  return [...runs.values()];
}

/**
 * One of `of` parts of a study: the runs whose place in the list of all, sorted by key, is `index` modulo `of`. Keys are
 * hashes, so parts are alike in size and mixed alike; the plan's order stays.
 *
 * @param index 0 … of - 1
 */
export function shardOf<R extends { key: string }>(
  runs: readonly R[],
  { index, of }: { index: number; of: number },
): R[] {
  const sorted = runs.map(({ key }) => key).sort();
  const mine = new Set(sorted.filter((_, place) => place % of === index));
  return runs.filter(({ key }) => mine.has(key));
}
