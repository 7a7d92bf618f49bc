import { z } from 'zod';
import type { MethodId } from '../../lab/compress/index.ts';
import { maxSteps, type Recipe } from '../../lab/compress/recipe.ts';
import { type Amount, amountField, amountToText } from '../amounts.ts';
import { recipeAt, type StepChoice } from '../curve.ts';
import type { Question } from '../figures.ts';
import { fromFragment, stepsFromText, stepsToText, toFragment } from '../fragment.ts';
import { checkSteps, parseFields, questionFields, readQuestion, stepSchema } from '../link-parts.ts';
import { usePage } from '../page.ts';
import { firstPiece } from '../pieces.ts';

/** The two recipes that are compared. */
export const sides = ['a', 'b'] as const;
export type Side = (typeof sides)[number];

/** Which facts the list shows. */
export const shownFacts = ['all', 'lost', 'gained', 'other-wrong'] as const;
export type ShownFacts = (typeof shownFacts)[number];

/** All that the controls choose: what a link carries. */
export interface CompareChoice extends Question {
  /** The steps of each recipe, each at the level where its slider stands; none: the uncompressed model. */
  a: StepChoice[];
  b: StepChoice[];
  amount: Amount;
  show: ShownFacts;
  relation: string | null;
}

const step = (method: MethodId, level: number, scope = 'overall'): StepChoice => ({ method, scope, params: {}, level });

/** Pairs that show something: half of the weights and 4 bits, as the levels of these methods have them. */
export const presets = {
  order: {
    a: [step('magnitude-global', 5), step('rtn', 5)],
    b: [step('rtn', 5), step('magnitude-global', 5)],
  },
  criterion: { a: [step('magnitude-global', 5)], b: [step('wanda', 5)] },
  scope: { a: [step('magnitude-global', 5)], b: [step('magnitude-global', 5, 'attention')] },
  kind: { a: [step('magnitude-global', 5)], b: [step('rtn', 5)] },
} satisfies Record<string, Pick<CompareChoice, 'a' | 'b'>>;
export type PresetId = keyof typeof presets;
export const presetIds = Object.keys(presets) as PresetId[];

/** What the view begins with where its link says nothing. */
export const startOf = (subject: Question): CompareChoice => ({
  ...subject,
  ...presets.order,
  amount: firstPiece,
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
  n: amountField,
  show: z.enum(shownFacts).default('all'),
  relation: z.string().max(100).nullable().default(null),
});

/** The fragment of a link to this view (without `#`). */
export function writeCompareLink({ model, suite, template, a, b, amount, show, relation }: CompareChoice): string {
  return toFragment('compare', {
    model,
    suite,
    template,
    a: stepsToText(a),
    b: stepsToText(b),
    n: amountToText(amount),
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
  const start = startOf(subject);
  const parsed = parseFields(schema, fromFragment(fragment));
  const { a = start.a, b = start.b, n, show, relation } = parsed;
  const { question, family } = readQuestion(parsed, subject);
  for (const steps of [a, b]) checkSteps(steps, family);
  return { ...question, a, b, amount: n, show, relation };
}
