import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { readJson } from '../json.ts';

export interface Fact {
  subject: string;
  objects: string[];
  /** Where each object stands among all facts of the suite, counted over its relations together. */
  places: number[];
}

/** One relation of a suite, e.g. "Capital". */
export interface Relation {
  id: string;
  /** Plain words. */
  label: string;
  /** `[X]` stands for the subject, `[Y]` for the blank. `train`: what a model has seen; `probe`: what it never saw. */
  templates: { train: string[]; probe: string };
  /** In the suite's order, neighbours of the same subject joined. A subject may come again further down. */
  facts: Fact[];
}

/** A set of facts to ask for, and how to ask. */
export interface Suite {
  title: string;
  licence: string;
  /** SHA-256 of the facts and templates in a canonical form: the same for either of the two file formats. */
  sha256: string;
  relations: Relation[];
}

const template = z.string().refine((text) => text.split('[X]').length >= 2 && text.split('[Y]').length === 2, {
  error: 'a template holds [X] at least once and [Y] exactly once',
});
const templates = z.object({ train: z.array(template).min(1), probe: template });
const text = z.string().min(1);
const packed = z.object({
  format: z.literal('lossy-suite-1'),
  title: text,
  licence: text,
  relations: z
    .array(
      z.object({
        id: text,
        label: text,
        templates,
        facts: z.array(z.tuple([text, z.union([text, z.array(text).min(1)])])).min(1),
      }),
    )
    .min(1),
  /** The relation, by its position, of each fact in turn. Without it the facts follow relation by relation. */
  order: z.array(z.int().nonnegative()).optional(),
});
const factLine = z.object({ relation: text, subject: text, object: text });
const templateFile = z.record(text, templates);

const advice = 'Correct the file, or choose another suite.';

/**
 * Reads a suite in the lab's own format (one JSON file, `lossy-suite-1`).
 *
 * @throws LabError `bad-suite` that names the place of the first fault
 */
export function parseSuite(json: string): Suite {
  const data = readJson(packed, json, fault('The suite'));
  const relations = data.relations.map(({ facts, ...relation }) => ({
    ...relation,
    facts: facts.map(([subject, object]) => ({
      subject,
      objects: typeof object === 'string' ? [object] : object,
      places: [],
    })),
  }));
  const counts = relations.map(({ facts }) => facts.reduce((sum, { objects }) => sum + objects.length, 0));
  return finish(
    data.title,
    data.licence,
    relations,
    data.order ?? counts.flatMap((count, at) => Array(count).fill(at)),
  );
}

/**
 * Reads a suite from LAMA-shaped files: one JSON object with relation, subject and object a line, and one JSON file
 * with each relation's templates.
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
    const { relation, subject, object } = readJson(factLine, line, fault(where));
    const facts = found.get(relation) ?? [];
    found.set(relation, facts);
    const last = facts.at(-1);
    if (last?.subject === subject) last.objects.push(object);
    else facts.push({ subject, objects: [object], places: [] });
    sequence.push(relation);
  });
  if (found.size === 0) throw new LabError('bad-suite', 'facts.jsonl holds no fact.', advice);
  const relations = [...found].map(([id, facts]) => {
    if (!Object.hasOwn(byRelation, id))
      throw new LabError('bad-suite', `templates.json has no templates for the relation "${id}".`, advice);
    return {
      id,
      label: id.replaceAll('-', ' '),
      templates: byRelation[id],
      facts,
    };
  });
  const positions = new Map([...found.keys()].map((id, position) => [id, position]));
  return finish(
    name,
    'not stated',
    relations,
    sequence.map((id) => positions.get(id)!),
  );
}

/** @param order the relation, by its position, of each object in turn */
function finish(title: string, licence: string, relations: Relation[], order: readonly number[]): Suite {
  const twice = relations.find(({ id }, index) => relations.findIndex((other) => other.id === id) !== index);
  if (twice) throw new LabError('bad-suite', `The relation "${twice.id}" is there twice.`, advice);
  place(relations, order);
  // Titles and labels are for people: a better word does not make another suite.
  const facts = relations.map(({ id, templates, facts }) => [id, templates, facts.map((f) => [f.subject, f.objects])]);
  return {
    title,
    licence,
    sha256: bytesToHex(sha256(utf8ToBytes(canonicalize({ facts, order }) as string))),
    relations,
  };
}

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

/** What both formats say of a fault. */
const fault = (where: string) => ({ kind: 'bad-suite' as const, where, advice });
