import { z } from 'zod';
import { parseRecipe, type Recipe } from '../../../lab/compress/recipe.ts';
import { isScopeId, type ScopeId } from '../../../lab/compress/scope.ts';
import { firstChunk } from '../../chunks.ts';
import { checkSteps, parseFields, questionFields, readQuestion, stepSchema } from '../../link/fields.ts';
import { fromFragment, stepsToText, toFragment } from '../../link/fragment.ts';
import { badLink } from '../../link/link-results.ts';
import { type SampleSize, sampleSizeField, sampleSizeToText } from '../../link/sample-sizes.ts';
import { usePage } from '../../page/page.ts';
import { recipeAt, type StepChoice } from '../../recipe/curve.ts';
import { hasScope } from '../../recipe/offers.ts';
import type { Question } from '../../recipe/question.ts';
/** What the forecast is made from: the error of the weights, or of what comes out of the layers. */
export const errors = ['weights', 'outputs'] as const;
export type LayerErrorKind = (typeof errors)[number];

/** All that the controls of the view choose: what its link carries. */
export interface LayersChoice extends Question {
  /** What each part goes through by itself; its scope is the part's. */
  step: StepChoice;
  amount: SampleSize;
  /** The part that is looked at. */
  cell: ScopeId;
  /** The layer of it whose weights are drawn, by name; null for its first. */
  site: string | null;
  against: LayerErrorKind;
}

/** Strong enough that a single block's loss shows in a sample. */
const firstStep: StepChoice = { method: 'magnitude-global', scope: 'overall', params: {}, level: 8 };

/** What the view begins with where its link says nothing. */
export const startOf = (subject: Question): LayersChoice => ({
  ...subject,
  step: firstStep,
  amount: firstChunk,
  cell: 'overall',
  site: null,
  against: 'weights',
});

/** The recipe that compresses one part alone. @throws LabError `bad-recipe` */
export const recipeOf = (step: StepChoice, scope: ScopeId): Recipe =>
  step.level === 0 ? parseRecipe([]) : recipeAt({ steps: [{ ...step, scope }], axis: 0 }, step.level);

const schema = z.object({
  ...questionFields,
  steps: z.tuple([stepSchema]).default([firstStep]),
  n: sampleSizeField,
  cell: z.custom<ScopeId>((value) => isScopeId(value), 'is no part of a model').default('overall'),
  site: z.string().max(200).nullable().default(null),
  against: z.enum(errors).default('weights'),
});

/** The fragment of a link to this view (without `#`). */
export function writeLayersLink({ model, suite, template, step, amount, cell, site, against }: LayersChoice): string {
  return toFragment('layers', {
    model,
    suite,
    template,
    steps: stepsToText([step]),
    n: sampleSizeToText(amount),
    cell,
    site,
    against,
  });
}

/**
 * Reads a link to this view. Every part of it is checked: it comes from anybody.
 *
 * @throws LabError `bad-link` that says what is wrong
 */
export function readLayersLink(fragment: string): LayersChoice {
  const { subject } = usePage.getState();
  const parsed = parseFields(schema, fromFragment(fragment));
  const { steps, n, cell, site, against } = parsed;
  const { question, family } = readQuestion(parsed, subject);
  // Which part is compressed is for the map to say.
  const step = { ...steps[0], scope: 'overall' };
  checkSteps([step], family);
  if (!hasScope(cell, family)) throw badLink(`The link looks at ${cell}, which a model of this kind does not have.`);
  return { ...question, step, amount: n, cell, site, against };
}
