import { z } from 'zod';
import type { JsonFault } from '../../json.ts';
import type { FieldPattern } from '../fields.ts';

/** One option of a question: how likely is the continuation after the context? */
const optionSchema = z.object({
  context: z.string(),
  continuation: z.string(),
  /** Characters (code points) of the choice without the space before it: what acc_norm divides by. */
  length: z.int().nonnegative(),
});
export type Option = z.infer<typeof optionSchema>;

/** One question of a task as the LM harness asks it. */
export const taskItemSchema = z.object({
  /** A question with several options, or a single continuation that must be what the model would write by itself. */
  options: z.array(optionSchema).min(1),
  /** The right option, by its position. */
  answer: z.int().nonnegative(),
  /** What it is about, where the file says so. */
  relation: z.string().optional(),
});
export type TaskItem = z.infer<typeof taskItemSchema>;

/** A task of the LM harness: one file each, all of this shape. */
export interface Task {
  /** The harness's name: stands in files and on the command line. */
  id: string;
  /** Plain words. */
  label: string;
  /** What is asked, in one sentence. */
  help: string;
  /** `choice`: the likeliest option counts. `greedy`: the continuation must be the arg-max at each of its tokens. */
  scoring: 'choice' | 'greedy';
  /** Whether the harness also reports accuracy by log-likelihood per character (acc_norm). */
  hasNorm: boolean;
  /** By which fields of its documents a file is known; of several tasks that fit, the first one counts. */
  fields: FieldPattern;
  /**
   * Reads one document of the official shape.
   *
   * @param doc parsed JSON
   * @param fault how to name the place
   * @throws LabError `bad-suite` that names the field and what is allowed
   */
  read(doc: unknown, fault: JsonFault): TaskItem;
}
