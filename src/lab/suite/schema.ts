import { z } from 'zod';
import { taskIds } from './tasks/index.ts';
import { taskItemSchema } from './tasks/task.ts';

/**
 * How a suite is asked.
 *
 * - `seen`: facts of the training, in a wording of the training
 * - `paraphrase`: facts of the training, in a wording that the training never used
 * - `held-out`: facts that the training never stated, in a wording of the training: the control
 * - `given`: as the suite has it; nothing is known of the training
 */
export const wordingIds = ['seen', 'paraphrase', 'held-out', 'given'] as const;
export type Wording = (typeof wordingIds)[number];

const text = z.string();
const count = z.int().nonnegative();

/** How many objects a subject has, and how many subjects an object: 1-1, N-1 or N-M, as LAMA has it. */
export const cardinalitySchema = z.enum(['1-1', 'N-1', 'N-M']);
export type Cardinality = z.infer<typeof cardinalitySchema>;

const factSchema = z.object({
  subject: text,
  objects: z.array(text).min(1),
  /** Where each object stands among all facts of the suite, counted over its relations together. */
  places: z.array(count),
  /** How many sentences of one pass of the training state it; 0: held out; null: not known. */
  frequency: count.nullable(),
  /** A sentence of its own with `[Y]` in it, for relations without templates. */
  prompt: text.optional(),
});
export type Fact = z.infer<typeof factSchema>;

/** One relation of a suite, e.g. "Capital". */
const relationSchema = z.object({
  id: text,
  /** Plain words. */
  label: text,
  /** Wikidata's property, e.g. P36, where the relation has one. */
  property: text.nullable(),
  cardinality: cardinalitySchema.nullable(),
  /**
   * `[X]` stands for the subject, `[Y]` for the blank. `train`: what a model has seen; `probe`: what it never saw.
   * Null where every fact brings its own sentence.
   */
  templates: z.object({ train: z.array(text).min(1), probe: z.array(text).min(1) }).nullable(),
  /** In the suite's order, neighbours of the same subject joined. A subject may come again further down. */
  facts: z.array(factSchema),
});
export type Relation = z.infer<typeof relationSchema>;

/** Documents of one task of the LM harness. */
const taskSetSchema = z.object({
  task: z.enum(taskIds),
  /** Its id among the suite's tasks: a task may come in several files. */
  id: text,
  label: text,
  items: z.array(taskItemSchema),
});
export type TaskSet = z.infer<typeof taskSetSchema>;

/** What an importer left out, and why. */
export const skippedSchema = z.object({ reason: text, count });
export type Skipped = z.infer<typeof skippedSchema>;

/** A set of facts or tasks to ask, and how to ask. */
export const suiteSchema = z.object({
  title: text,
  licence: text,
  /** SHA-256 of the facts and templates in a canonical form: the same for every file format. */
  sha256: text,
  /** The wordings that it can be asked in, the first one by default. */
  wordings: z.array(z.enum(wordingIds)).min(1),
  /** At most so many subjects of a relation are asked; null: all. */
  perRelation: count.nullable(),
  /** One of these two is empty. */
  relations: z.array(relationSchema),
  tasks: z.array(taskSetSchema),
  skipped: z.array(skippedSchema),
});
export type Suite = z.infer<typeof suiteSchema>;
