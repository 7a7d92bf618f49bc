import { z } from 'zod';
import type { FamilyId } from '../../../lab/model/site.ts';
import { type Wording, wordingIds } from '../../../lab/suite/suite.ts';
import {
  checkModel,
  checkSteps,
  checkSuite,
  firstWording,
  nameSchema,
  parseFields,
  stepSchema,
} from '../../link/fields.ts';
import { fromFragment, stepsToText, toFragment } from '../../link/fragment.ts';
import { defaultChoice, type StepChoice } from '../../recipe/curve.ts';
import { modelsOf, pickModel, shippedFamilies, suiteOf } from '../../shipped.ts';

/** By what the figures are split. */
export const groupings = ['relation', 'frequency', 'cardinality', 'kind'] as const;
export type Grouping = (typeof groupings)[number];

/** Accuracy as it is, or as a share of the uncompressed model's. */
export const measures = ['absolute', 'relative'] as const;
export type Measure = (typeof measures)[number];

/** All that the controls of the families' view choose: what its link carries. */
export interface FamiliesChoice {
  /** One model of each family that is shipped. */
  models: Partial<Record<FamilyId, string>>;
  suite: string;
  template: Wording;
  /** What all of them go through. */
  step: StepChoice;
  measure: Measure;
  grouping: Grouping;
}

/** The paper compares models of about one size. */
const wanted = ['bert-small', 't5-small', 'gpt-small'];

export const defaultFamilies: FamiliesChoice = {
  models: Object.fromEntries(shippedFamilies.map((family) => [family, pickModel(wanted, modelsOf(family))])),
  suite: defaultChoice.suite,
  template: suiteOf(defaultChoice.suite)?.wordings[0] ?? defaultChoice.template,
  step: defaultChoice.steps[0],
  measure: 'relative',
  grouping: 'frequency',
};

const schema = z.object({
  models: z
    .string()
    .optional()
    .transform((text) => (text === undefined ? [] : text.split(',')))
    .pipe(z.array(nameSchema).max(8)),
  suite: nameSchema.default(defaultFamilies.suite),
  template: z.enum(wordingIds).optional(),
  steps: z.tuple([stepSchema]).default([defaultFamilies.step]),
  measure: z.enum(measures).default(defaultFamilies.measure),
  by: z.enum(groupings).default(defaultFamilies.grouping),
});

/** The fragment of a link to the families' view (without `#`). */
export function writeFamiliesLink({ models, suite, template, step, measure, grouping }: FamiliesChoice): string {
  return toFragment('families', {
    models: shippedFamilies.map((family) => models[family]).join(','),
    suite,
    template,
    steps: stepsToText([step]),
    measure,
    by: grouping,
  });
}

/**
 * Reads a link to the families' view. Every part of it is checked: it comes from anybody.
 *
 * @throws LabError `bad-link` that says what is wrong
 */
export function readFamiliesLink(fragment: string): FamiliesChoice {
  const parsed = parseFields(schema, fromFragment(fragment));
  const { suite, measure, by, steps, template = firstWording(suite) } = parsed;
  checkSuite(suite, template);
  checkSteps(steps);
  const models = { ...defaultFamilies.models };
  // One of each family: of two the latter.
  for (const id of parsed.models) models[checkModel(id).family] = id;
  return { models, suite, template, step: steps[0], measure, grouping: by };
}
