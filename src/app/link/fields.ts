import { z } from 'zod';
import { levelAt } from '../../lab/compress/level.ts';
import { isMethodId, type MethodId, methods } from '../../lab/compress/methods/index.ts';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import { LabError } from '../../lab/errors.ts';
import type { FamilyId } from '../../lab/model/site.ts';
import { type Wording, wordingIds } from '../../lab/suite/suite.ts';
import { levelsOf, recipeAt, type StepChoice } from '../recipe/curve.ts';
import { hasScope } from '../recipe/offers.ts';
import type { Question } from '../recipe/question.ts';
import { exactNames } from '../recipe/steps.ts';
import { modelOf, models, type ShippedModel, suiteOf, suites } from '../shipped.ts';
import { isUserSuite } from '../storage/user-suite-id.ts';
import type { Fields } from './fragment.ts';
import { badLink } from './link-results.ts';

/** A model's or suite's id. It becomes part of an address: it may not lead anywhere else. */
export const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);

const paramsSchema = z.record(z.string(), z.union([z.number(), z.string()]));

/** A step as it stands in a link. */
export const stepSchema = z.strictObject({
  method: z.custom<MethodId>((value) => isMethodId(value), 'is no method of this lab'),
  scope: z.string().default('overall'),
  params: paramsSchema.default({}),
  customLevel: paramsSchema.optional(),
  level: z.int().nonnegative().default(0),
});

/** Checks a link's fields. @throws LabError `bad-link` that names the first field that is wrong */
export function parseFields<T>(schema: z.ZodType<T>, fields: Fields): T {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badLink(`The link cannot be read: ${issue.path.join('.')}: ${issue.message}.`);
}

const listed = (entries: readonly { id: string }[]) => entries.map(({ id }) => id).join(', ');

/** The model that a link names. @throws LabError `bad-link` where it is not shipped */
export function checkModel(id: string): ShippedModel {
  const model = modelOf(id);
  if (model) return model;
  throw badLink(`The link is for the model ${id}, which this lab does not ship; it ships ${listed(models)}.`);
}

/** What a suite is asked as where a link does not say it. The visitor's own suites mostly come as they are. */
export const firstWording = (suite: string): Wording => suiteOf(suite)?.wordings[0] ?? 'given';

/** How a link says what is asked of whom. All of it may be left out. */
export const questionFields = {
  model: nameSchema.optional(),
  suite: nameSchema.optional(),
  template: z.enum(wordingIds).optional(),
};

/**
 * What a link asks of whom, as in another question where it does not say.
 *
 * @throws LabError `bad-link` where there is no such model, suite or wording
 */
export function readQuestion(given: Partial<Question>, subject: Question): { question: Question; family: FamilyId } {
  const { model = subject.model, suite = subject.suite } = given;
  const template = given.template ?? (suite === subject.suite ? subject.template : firstWording(suite));
  const { family } = checkModel(model);
  checkSuite(suite, template);
  return { question: { model, suite, template }, family };
}

/** Checks a suite and its wording. @throws LabError `bad-link` */
export function checkSuite(id: string, template: Wording): void {
  // What the visitor's own files can be asked as is known when they are read.
  if (isUserSuite(id)) return;
  const suite = suiteOf(id);
  if (!suite)
    throw badLink(`The link is for the suite ${id}, which this lab does not ship; it ships ${listed(suites)}.`);
  if (!suite.wordings.includes(template))
    throw badLink(`The link asks ${id} as ${template}; it can be asked as ${suite.wordings.join(', ')}.`);
}

const sameNames = (given: object, names: readonly string[]) =>
  names.length > 0 && Object.keys(given).sort().join() === [...names].sort().join();

/**
 * Checks what the schema cannot: levels that exist, parameters that their methods take, and layers that the family has.
 *
 * @param family not given where several families are compressed alike
 * @throws LabError `bad-link`
 */
export function checkSteps(steps: readonly StepChoice[], family?: FamilyId): void {
  for (const step of steps) {
    const { method, customLevel, level } = step;
    // What belongs to the slider, and nothing else; the values are checked below, with all others.
    if (
      customLevel &&
      (!sameNames(customLevel, exactNames(method)) || levelAt(methods[method].axis, customLevel) === null)
    )
      throw badLink(`The link names a level of its own that ${method} cannot have.`);
    if (level >= levelsOf(step).length) throw badLink(`The link names a level ${level} that ${method} does not have.`);
  }
  try {
    // Parameters that the sliders override, too.
    parseRecipe(steps.map(({ method, scope, params }) => ({ ...params, method, scope })));
    parseRecipe(steps.map(({ method, scope, params, customLevel }) => ({ ...params, ...customLevel, method, scope })));
    recipeAt({ steps: steps.map((step) => ({ ...step, level: Math.max(1, step.level) })), axis: 0 }, 1);
  } catch (error) {
    throw badLink(`The link’s recipe is not possible. ${LabError.from(error).message}`, error);
  }
  const strange = steps.find(({ scope }) => family !== undefined && !hasScope(scope, family));
  if (strange) throw badLink(`The link’s recipe is not possible: a model of this kind has no ${strange.scope}.`);
}
