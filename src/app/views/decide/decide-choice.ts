import { z } from 'zod';
import type { ExportFormatId } from '../../../lab/export/index.ts';
import { parseFields, questionFields, readQuestion } from '../../link/fields.ts';
import { fromFragment, toFragment } from '../../link/fragment.ts';
import { usePage } from '../../page/page.ts';
import type { Question } from '../../recipe/question.ts';
import { formatIds } from '../../run/export.ts';
import { modelOf } from '../../shipped.ts';

/** The layouts that a model's size can be meant in. */
export const layouts = ['smallest', 'quantized', 'bitmap', 'csr', 'dense'] as const;
export type LayoutId = (typeof layouts)[number];

/** What to look for within the limits. */
export const goals = ['smallest', 'best'] as const;
export type Goal = (typeof goals)[number];

/** All that the controls choose: what a link carries. */
export interface DecideChoice extends Question {
  /** The most megabytes (10⁶ bytes) that the model may take. */
  megabytes: number;
  /** The most percent of the facts that it may lose of those that the uncompressed model knows. */
  loss: number;
  layout: LayoutId;
  goal: Goal;
  format: ExportFormatId;
}

/** Two thirds of a model as it comes, to begin with, in tenths of a megabyte. */
const firstSize = (model: string) => Math.max(0.1, Math.round((modelOf(model)?.bytes ?? 2e7) / 1.5e5) / 10);

export const startOf = (subject: Question): DecideChoice => ({
  ...subject,
  megabytes: firstSize(subject.model),
  loss: 10,
  layout: 'smallest',
  goal: 'smallest',
  format: 'onnx',
});

const schema = z.object({
  ...questionFields,
  mb: z.coerce.number().min(0.01).max(100_000).optional(),
  loss: z.coerce.number().min(0).max(100).default(10),
  layout: z.enum(layouts).default('smallest'),
  goal: z.enum(goals).default('smallest'),
  format: z.enum(formatIds).default('onnx'),
});

/** The fragment of a link to this view (without `#`). */
export function writeDecideLink({
  model,
  suite,
  template,
  megabytes,
  loss,
  layout,
  goal,
  format,
}: DecideChoice): string {
  return toFragment('decide', { model, suite, template, mb: megabytes, loss, layout, goal, format });
}

/**
 * Reads a link to this view. Every part of it is checked: it comes from anybody.
 *
 * @throws LabError `bad-link` that says what is wrong
 */
export function readDecideLink(fragment: string): DecideChoice {
  const { subject } = usePage.getState();
  const { mb, ...rest } = parseFields(schema, fromFragment(fragment));
  const { question } = readQuestion(rest, subject);
  return { ...rest, ...question, megabytes: mb ?? firstSize(question.model) };
}
