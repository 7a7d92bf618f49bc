import { z } from 'zod';
import { readValue } from '../../json.ts';
import { type FieldPattern, fits } from '../fields.ts';
import { type Fact, factSuite, type Relation, type Suite } from '../suite.ts';
import { badSuite, type FileLine, jsonLines, linesOf } from './files.ts';
import type { Importer, MakeImporter, TextFile } from './importer.ts';

/** The parts of LAMA that hold facts. */
type Corpus = 'trex' | 'google-re' | 'conceptnet' | 'squad';

/** By which fields a file is known: facts of a corpus, or T-REx's templates. The first kind that fits counts. */
const kinds: readonly (FieldPattern & { kind: Corpus | 'relations' })[] = [
  { kind: 'relations', has: ['relation', 'template'] },
  { kind: 'trex', has: ['predicate_id'] },
  { kind: 'google-re', has: ['pred', 'judgments'] },
  { kind: 'conceptnet', has: ['masked_sentences', 'pred'] },
  { kind: 'squad', has: ['masked_sentences'] },
];
const kindOf = (fields: readonly string[]) => kinds.find((pattern) => fits(pattern, fields))?.kind;

/** LAMA leaves out sentences of more words, where they are the prompt. */
const mostWords = 100;

/** Google-RE's templates are not in its files but in LAMA's code. */
const googleRe = {
  '/people/person/date_of_birth': { label: 'date of birth', property: 'P569', template: '[X] (born [Y]).' },
  '/people/person/place_of_birth': { label: 'place of birth', property: 'P19', template: '[X] was born in [Y] .' },
  '/people/deceased_person/place_of_death': { label: 'place of death', property: 'P20', template: '[X] died in [Y] .' },
} as const;
type GooglePredicate = keyof typeof googleRe;

const text = z.string().min(1);
/** LAMA leaves out records without subject or object; null and an empty text say the same. */
const label = z.string().nullish();
const named = { sub_label: label, obj_label: label };
const schemas = {
  relations: z.object({
    relation: text,
    template: text.refine((template) => template.includes('[X]') && template.split('[Y]').length === 2, {
      error: 'must hold [X] at least once and [Y] exactly once',
    }),
    label: text.optional(),
    type: z.enum(['1-1', 'N-1', 'N-M']).nullish(),
  }),
  trex: z.object({ ...named, predicate_id: text }),
  'google-re': z.object({
    ...named,
    pred: z.enum(Object.keys(googleRe) as GooglePredicate[]),
    judgments: z.array(z.object({ judgment: z.string() })).default([]),
  }),
  sentences: z.object({ ...named, masked_sentences: z.array(z.string()), sub: label }),
};
type Listed = z.output<typeof schemas.relations>;

/** A record as the filters see it. */
interface Candidate {
  /** Under which name its facts are collected. */
  group: string;
  subject: string | null | undefined;
  /** What can stand for the subject in a file that names no subject at all. */
  standIn?: string | null;
  object: string | null | undefined;
  /** The record's own sentence, with `[Y]` for the blank, where that is the prompt. */
  prompt?: string;
  judgments?: readonly { judgment: string }[];
}

const readers: Record<Corpus, (line: FileLine) => Candidate> = {
  trex: ({ value, fault }) => {
    const { predicate_id, sub_label, obj_label } = readValue(schemas.trex, value, fault);
    return { group: predicate_id, subject: sub_label, object: obj_label };
  },
  'google-re': ({ value, fault }) => {
    const { pred, sub_label, obj_label, judgments } = readValue(schemas['google-re'], value, fault);
    return { group: pred, subject: sub_label, object: obj_label, judgments };
  },
  conceptnet: (line) => sentence('conceptnet', line),
  squad: (line) => sentence('squad', line),
};

function sentence(group: string, { value, fault }: FileLine): Candidate {
  const { masked_sentences, sub_label, obj_label, sub } = readValue(schemas.sentences, value, fault);
  const prompt = masked_sentences.join(' ').replaceAll('[MASK]', '[Y]');
  return { group, subject: sub_label, standIn: sub, object: obj_label, prompt };
}

/** The facts of one relation, and the file that they stand in. */
interface Group {
  corpus: Corpus;
  path: string;
  facts: Fact[];
}

/**
 * Takes LAMA's files one by one and makes relations of them, each fact by itself as LAMA asks it.
 *
 * Records are left out by LAMA's own filters, in its order: (a) without subject or object; (b) with more than 100 words
 * where the record's own sentence is the prompt; (c) with an object outside the common vocabulary, if that was given;
 * (e) refused by most raters of Google-RE; (f) with a template, the same subject and object again. Filter (d), one token
 * of the model's vocabulary, is the model's affair. Of several blanks LAMA asks for the first one; here a sentence needs
 * exactly one.
 */
class Lama implements Importer {
  readonly id = 'lama';
  readonly label = 'facts of LAMA';
  readonly known = 'LAMA (T-REx, Google-RE, ConceptNet, SQuAD)';
  readonly #title: string;
  readonly #common: ReadonlySet<string> | null;
  readonly #groups = new Map<string, Group>();
  readonly #listed = new Map<string, Listed>();
  readonly #skipped = new Map<string, number>();

  constructor(title: string, commonVocabulary?: string) {
    this.#title = title;
    this.#common =
      commonVocabulary === undefined ? null : new Set(Array.from(linesOf(commonVocabulary), ({ line }) => line));
  }

  recognises({ fields }: TextFile): boolean {
    return kindOf(fields) !== undefined;
  }

  add({ path, text, fields }: TextFile): void {
    const kind = kindOf(fields)!;
    const lines = jsonLines(path, text);
    if (kind === 'relations') {
      for (const { value, fault } of lines) {
        const relation = readValue(schemas.relations, value, fault);
        if (this.#listed.has(relation.relation)) throw badSuite(`${fault.where}: ${relation.relation} is there twice.`);
        this.#listed.set(relation.relation, relation);
      }
      return;
    }
    const candidates = Array.from(lines, readers[kind]);
    // ConceptNet has records with `sub` in place of `sub_label`, which LAMA leaves out. A file of such records alone is
    // another edition, of which nothing would be left.
    const areNamed = candidates.some(({ subject }) => subject);
    const seen = new Set<string>();
    for (const candidate of candidates) {
      const group = this.#group(candidate.group, kind, path);
      const subject = (areNamed ? candidate.subject : candidate.standIn)?.trim();
      const { object, prompt } = candidate;
      const reason = this.#reasonToSkip({ ...candidate, subject }, seen);
      if (reason === null) group.facts.push(factOf(subject!, object!, prompt));
      else this.#skip(reason, 1);
    }
  }

  /** T-REx in the order of relations.jsonl, then the others in the order of their files. */
  finish(): Suite {
    const trex = [...this.#groups].filter(([, { corpus }]) => corpus === 'trex');
    if (trex.length > 0 && this.#listed.size === 0)
      throw badSuite(
        `${trex[0][1].path} holds facts of T-REx. Their templates are in relations.jsonl, which is missing.`,
        'Choose relations.jsonl together with the files of T-REx, or all of LAMA.',
      );
    const relations: Relation[] = [];
    for (const [id, listed] of this.#listed) {
      const group = this.#groups.get(id);
      if (group?.corpus === 'trex') relations.push(trexRelation(listed, group.facts));
    }
    for (const [name, { corpus, facts }] of this.#groups) {
      if (corpus === 'trex') {
        if (!this.#listed.has(name)) this.#skip(`relations.jsonl has no template for ${name}`, facts.length);
      } else if (corpus === 'google-re') relations.push(googleRelation(name as GooglePredicate, facts));
      else relations.push(sentenceRelation(corpus, facts));
    }
    const skipped = [...this.#skipped].map(([reason, count]) => ({ reason, count }));
    const asked = relations.filter(({ facts }) => facts.length > 0);
    if (asked.length === 0) {
      const why = skipped.map(({ reason, count }) => `${reason} (${count})`).join('; ');
      throw badSuite(`LAMA’s files leave no fact to ask: ${why || 'relations.jsonl holds templates alone'}.`);
    }
    return factSuite(
      { title: this.#title, licence: 'CC BY-NC 4.0 (LAMA)', relations: asked, skipped },
      { given: true },
    );
  }

  #group(name: string, corpus: Corpus, path: string): Group {
    const group = this.#groups.get(name) ?? { corpus, path, facts: [] };
    if (group.path !== path) throw badSuite(`${group.path} and ${path} hold facts of the same relation, ${name}.`);
    this.#groups.set(name, group);
    return group;
  }

  #reasonToSkip({ group, subject, object, prompt, judgments = [] }: Candidate, seen: Set<string>): string | null {
    const { length } = judgments;
    if (!object) return 'no object';
    if (!subject) return 'no subject';
    if (prompt !== undefined && prompt.trim().split(/\s+/).length > mostWords)
      return `the sentence has more than ${mostWords} words`;
    if (this.#common && !object.split(' ').every((part) => this.#common?.has(part)))
      return 'the object is not in the common vocabulary';
    const yes = judgments.filter(({ judgment }) => judgment === 'yes').length;
    // LAMA counts every other word, `skip` too, as a no.
    if (length - yes > yes) return 'Google-RE: more raters said no than yes';
    if (prompt !== undefined) {
      const blanks = prompt.split('[Y]').length - 1;
      return blanks === 1 ? null : `the sentence has ${blanks} blanks`;
    }
    const key = JSON.stringify([group, subject, object]);
    if (seen.has(key)) return 'the same subject and object again';
    seen.add(key);
    return null;
  }

  #skip(reason: string, count: number): void {
    if (count > 0) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }
}

function factOf(subject: string, object: string, prompt: string | undefined): Fact {
  return { subject, objects: [object], places: [], frequency: null, ...(prompt !== undefined && { prompt }) };
}

function trexRelation({ relation: id, template, label, type }: Listed, facts: Fact[]): Relation {
  const templates = both(template.trim());
  return {
    id,
    label: label ?? id,
    property: /^P\d+$/.test(id) ? id : null,
    cardinality: type ?? null,
    templates,
    facts,
  };
}

function googleRelation(predicate: GooglePredicate, facts: Fact[]): Relation {
  const { label, property, template } = googleRe[predicate];
  const id = label.replaceAll(' ', '_');
  // T-REx has a place of birth and of death as well.
  return { id, label: `${label} (Google-RE)`, property, cardinality: null, templates: both(template), facts };
}

/** ConceptNet and SQuAD count as one relation each, whatever their facts are about: LAMA's score takes them so. */
function sentenceRelation(id: 'conceptnet' | 'squad', facts: Fact[]): Relation {
  const label = id === 'squad' ? 'SQuAD' : 'ConceptNet';
  return { id, label, property: null, cardinality: null, templates: null, facts };
}

/** LAMA as its authors publish it, whole or in part. */
export const lama: MakeImporter = ({ name, commonVocabulary }) => new Lama(name, commonVocabulary);

const both = (template: string) => ({ train: [template], probe: [template] });
