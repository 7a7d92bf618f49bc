import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { readJson } from '../json.ts';
import {
  cardinalitySchema,
  type Fact,
  type Relation,
  type Skipped,
  type Suite,
  type Wording,
  wordingIds,
} from './schema.ts';
import { taskIds, tasks } from './tasks/index.ts';

export type { Cardinality, Fact, Relation, Skipped, Suite, TaskSet, Wording } from './schema.ts';
export { wordingIds };

/** Whether a wording of this id exists. */
export function isWording(value: unknown): value is Wording {
  return wordingIds.includes(value as Wording);
}

/** At most this many subjects of a relation are asked in the lab's own suites (reference protocol). */
export const subjectsPerRelation = 200;

const template = z.string().refine((text) => text.split('[X]').length >= 2 && text.split('[Y]').length === 2, {
  error: 'a template holds [X] at least once and [Y] exactly once',
});
const text = z.string().min(1);
const templates = z.object({
  train: z.array(template).min(1),
  probe: z.union([template.transform((one) => [one]), z.array(template).min(1)]),
});
const frequency = z.int().nonnegative();
const packed = z.object({
  format: z.literal('lossy-suite-2'),
  title: text,
  licence: text,
  relations: z
    .array(
      z.object({
        id: text,
        label: text,
        property: z
          .string()
          .regex(/^P\d+$/)
          .nullable()
          .default(null),
        cardinality: cardinalitySchema.nullable().default(null),
        templates,
        facts: z
          .array(
            z.union([
              z.tuple([text, z.union([text, z.array(text).min(1)]), frequency]),
              z.tuple([text, z.union([text, z.array(text).min(1)])]),
            ]),
          )
          .min(1),
      }),
    )
    .min(1),
  /** The relation, by its position, of each fact in turn. Without it the facts follow relation by relation. */
  order: z.array(z.int().nonnegative()).optional(),
});
const packedTasks = z.object({
  format: z.literal('lossy-tasks-1'),
  title: text,
  licence: text,
  tasks: z.array(z.object({ task: z.enum(taskIds), label: text, docs: z.array(z.unknown()).min(1) })).min(1),
});
const either = z.looseObject({ format: z.enum(['lossy-suite-2', 'lossy-tasks-1']) });
const factLine = z.object({
  relation: text,
  subject: text,
  object: text,
  frequency: frequency.nullable().default(null),
});
const templateFile = z.record(text, templates);

const advice = 'Correct the file, or choose another suite.';

/**
 * Reads a suite in one of the lab's own formats: facts (`lossy-suite-2`) or tasks (`lossy-tasks-1`).
 *
 * @throws LabError `bad-suite` that names the place of the first fault
 */
export function parseSuite(json: string): Suite {
  const { format } = readJson(either, json, fault('The suite'));
  return format === 'lossy-tasks-1' ? parseTasks(json) : parseFacts(json);
}

function parseFacts(json: string): Suite {
  const data = readJson(packed, json, fault('The suite'));
  const relations = data.relations.map(({ facts, ...relation }) => ({
    ...relation,
    facts: facts.map(([subject, object, often = null]) => ({
      subject,
      objects: typeof object === 'string' ? [object] : object,
      places: [],
      frequency: often,
    })),
  }));
  return factSuite({ title: data.title, licence: data.licence, relations }, { order: data.order });
}

function parseTasks(json: string): Suite {
  const data = readJson(packedTasks, json, fault('The suite'));
  const sets = data.tasks.map(({ task, label, docs }, at) => ({
    task,
    label,
    id: data.tasks.findIndex((other) => other.task === task) === at ? task : `${task}-${at + 1}`,
    items: docs.map((doc, index) => tasks[task].read(doc, fault(`${task}, document ${index + 1}`))),
  }));
  return taskSuite({ title: data.title, licence: data.licence, tasks: sets });
}

/**
 * Reads a suite from two files: one JSON object with relation, subject, object and perhaps frequency a line, and one
 * JSON file with each relation's templates.
 *
 * @param name what to call it
 * @throws LabError `bad-suite` that names the line of the first fault
 */
export function parseFactFiles(factsJsonl: string, templatesJson: string, name: string): Suite {
  const byRelation = readJson(templateFile, templatesJson, fault('templates.json'));
  const found = new Map<string, Fact[]>();
  const sequence: string[] = [];
  factsJsonl.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const where = `facts.jsonl, line ${index + 1}`;
    const { relation, subject, object, frequency } = readJson(factLine, line, fault(where));
    const facts = found.get(relation) ?? [];
    found.set(relation, facts);
    const last = facts.at(-1);
    if (last?.subject === subject && (last.frequency === 0) === (frequency === 0)) {
      last.objects.push(object);
      last.frequency = last.frequency === null || frequency === null ? null : last.frequency + frequency;
    } else facts.push({ subject, objects: [object], places: [], frequency });
    sequence.push(relation);
  });
  if (found.size === 0) throw new LabError('bad-suite', 'facts.jsonl holds no fact.', advice);
  const relations = [...found].map(([id, facts]): Relation => {
    if (!Object.hasOwn(byRelation, id))
      throw new LabError('bad-suite', `templates.json has no templates for the relation "${id}".`, advice);
    return {
      id,
      label: id.replaceAll('-', ' '),
      property: null,
      cardinality: null,
      templates: byRelation[id],
      facts,
    };
  });
  const positions = new Map([...found.keys()].map((id, position) => [id, position]));
  return factSuite(
    { title: name, licence: 'not stated', relations },
    { order: sequence.map((id) => positions.get(id)!) },
  );
}

interface FactParts extends Pick<Suite, 'title' | 'licence' | 'relations'> {
  skipped?: Skipped[];
}

/**
 * Puts a suite of facts together.
 *
 * @param options.order the relation, by its position, of each object in turn; without it relation by relation
 * @param options.given the facts come from elsewhere: nothing is known of any training, and all of them are asked
 * @throws LabError `bad-suite` where a relation is there twice, or the order does not name each fact once
 */
export function factSuite(
  { title, licence, relations, skipped = [] }: FactParts,
  { order, given = false }: { order?: readonly number[]; given?: boolean } = {},
): Suite {
  const twice = relations.find(({ id }, index) => relations.findIndex((other) => other.id === id) !== index);
  if (twice) throw new LabError('bad-suite', `The relation "${twice.id}" is there twice.`, advice);
  const counts = relations.map(({ facts }) => facts.reduce((sum, { objects }) => sum + objects.length, 0));
  const sequence = order ?? counts.flatMap((count, at) => Array<number>(count).fill(at));
  place(relations, sequence);
  const hasHeldOut = relations.some(({ facts }) => facts.some((fact) => fact.frequency === 0));
  // Titles and labels are for people: a better word does not make another suite.
  const facts = relations.map(({ id, templates, facts }) => [
    id,
    templates,
    facts.map((fact) => [fact.subject, fact.objects, fact.frequency, fact.prompt ?? null]),
  ]);
  return {
    title,
    licence,
    sha256: hashOf({ facts, order: sequence }),
    wordings: given ? ['given'] : hasHeldOut ? ['seen', 'paraphrase', 'held-out'] : ['seen', 'paraphrase'],
    perRelation: given ? null : subjectsPerRelation,
    relations,
    tasks: [],
    skipped,
  };
}

/** Puts a suite of tasks together. */
export function taskSuite(parts: Pick<Suite, 'title' | 'licence' | 'tasks'> & { skipped?: Skipped[] }): Suite {
  const { title, licence, tasks, skipped = [] } = parts;
  return {
    title,
    licence,
    // Documents are asked in another order than once (probes.ts): results of the two are never mixed.
    sha256: hashOf({ asked: 'mixed', tasks: tasks.map(({ id, task, items }) => [id, task, items]) }),
    wordings: ['given'],
    perRelation: null,
    relations: [],
    tasks,
    skipped,
  };
}

const hashOf = (content: unknown) => bytesToHex(sha256(utf8ToBytes(canonicalize(content) as string)));

/** Tells each object its place. */
function place(relations: readonly Relation[], order: readonly number[]): void {
  const queues = relations.map(({ facts }) => facts.flatMap((fact) => fact.objects.map(() => fact)));
  const next = relations.map(() => 0);
  order.forEach((position, at) => {
    queues[position]?.[next[position]++]?.places.push(at);
  });
  if (queues.some((queue, position) => queue.length !== next[position]) || order.some((position) => !queues[position]))
    throw new LabError('bad-suite', 'The suite’s order does not name each fact once.', advice);
}

/** What all formats say of a fault. */
const fault = (where: string) => ({ kind: 'bad-suite' as const, where, advice });
