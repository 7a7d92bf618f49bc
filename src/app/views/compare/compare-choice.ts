import { z } from 'zod';
import type { MethodId } from '../../../lab/compress/methods/index.ts';
import { maxSteps, type Recipe } from '../../../lab/compress/recipe.ts';
import { firstChunk } from '../../chunks.ts';
import { checkSteps, parseFields, questionFields, readQuestion, stepSchema } from '../../link/fields.ts';
import { fromFragment, stepsFromText, stepsToText, toFragment } from '../../link/fragment.ts';
import { badLink } from '../../link/link-results.ts';
import { type SampleSize, sampleSizeField, sampleSizeToText } from '../../link/sample-sizes.ts';
import { usePage } from '../../page/page.ts';
import { recipeAt, type StepChoice } from '../../recipe/curve.ts';
import type { Question } from '../../recipe/question.ts';
/** The recipes that are compared, by their letters: two at least, four at most. All others are compared with the first. */
export const sides = ['a', 'b', 'c', 'd'] as const;
export type Side = (typeof sides)[number];
export const fewestRecipes = 2;

/** Which facts the list shows. */
export const shownFacts = ['all', 'lost', 'gained', 'other-wrong'] as const;
export type ShownFacts = (typeof shownFacts)[number];

/** All that the controls choose: what a link carries. */
export interface CompareChoice extends Question {
  /** The steps of each recipe, each at the level where its slider stands; none: the uncompressed model. */
  recipes: readonly StepChoice[][];
  /** Which recipe is looked at in detail, against the first: its place among the recipes, 1 at least. */
  against: number;
  amount: SampleSize;
  show: ShownFacts;
  relation: string | null;
}

const step = (method: MethodId, level: number, scope = 'overall'): StepChoice => ({ method, scope, params: {}, level });

/** Recipes that show something: half of the weights and 4 bits, as the levels of these methods have them. */
export const presets = {
  order: [
    [step('magnitude-global', 5), step('rtn', 5)],
    [step('rtn', 5), step('magnitude-global', 5)],
  ],
  criterion: [[step('magnitude-global', 5)], [step('wanda', 5)]],
  scope: [[step('magnitude-global', 5)], [step('magnitude-global', 5, 'attention')]],
  kind: [[step('magnitude-global', 5)], [step('rtn', 5)]],
  // As many weights are left by each: the models are equally large.
  ways: [[step('magnitude-global', 5)], [step('magnitude-layer', 5)], [step('wanda', 5)], [step('sparsegpt', 5)]],
} satisfies Record<string, StepChoice[][]>;
export type ComparePresetId = keyof typeof presets;
export const presetIds = Object.keys(presets) as ComparePresetId[];

/** What the view begins with where its link says nothing. */
export const startOf = (subject: Question): CompareChoice => ({
  ...subject,
  recipes: presets.order,
  against: 1,
  amount: firstChunk,
  show: 'all',
  relation: null,
});

/** The recipe of a side: every step as its slider stands. @throws LabError `bad-recipe` */
export const recipeOf = (steps: StepChoice[]): Recipe => recipeAt({ steps, axis: -1 }, 0);

const stepsSchema = z
  .string()
  .optional()
  .transform((text) => (text === undefined ? undefined : text === '' ? [] : stepsFromText(text)))
  .pipe(z.array(stepSchema).max(maxSteps).optional());

const schema = z.object({
  ...questionFields,
  a: stepsSchema,
  b: stepsSchema,
  c: stepsSchema,
  d: stepsSchema,
  against: z.enum(sides).exclude(['a']).default('b'),
  n: sampleSizeField,
  show: z.enum(shownFacts).default('all'),
  relation: z.string().max(100).nullable().default(null),
});

/** The fragment of a link to this view (without `#`). */
export function writeCompareLink(choice: CompareChoice): string {
  const { model, suite, template, recipes, against, amount, show, relation } = choice;
  return toFragment('compare', {
    model,
    suite,
    template,
    ...Object.fromEntries(recipes.map((steps, at) => [sides[at], stepsToText(steps)])),
    against: against === 1 ? null : sides[against],
    n: sampleSizeToText(amount),
    show: show === 'all' ? null : show,
    relation,
  });
}

/**
 * Reads a link to this view. Every part of it is checked: it comes from anybody.
 *
 * @throws LabError `bad-link` that says what is wrong
 */
export function readCompareLink(fragment: string): CompareChoice {
  const { subject } = usePage.getState();
  const parsed = parseFields(schema, fromFragment(fragment));
  const { n, show, relation } = parsed;
  const { question, family } = readQuestion(parsed, subject);
  const [a, b] = startOf(subject).recipes;
  if (parsed.d && !parsed.c) throw badLink('The link holds a recipe D but no recipe C.');
  const recipes = [parsed.a ?? a, parsed.b ?? b, parsed.c, parsed.d].filter((steps) => steps !== undefined);
  for (const steps of recipes) checkSteps(steps, family);
  const against = sides.indexOf(parsed.against);
  if (against >= recipes.length)
    throw badLink(`The link looks at recipe ${parsed.against.toUpperCase()}, which it does not hold.`);
  return { ...question, recipes, against, amount: n, show, relation };
}
