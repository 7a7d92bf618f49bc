import { z } from 'zod';
import { LabError } from '../errors.ts';
import { type AskedModel, type Family, type Filled, families, type ModelInput } from '../family/index.ts';
import { hash32 } from '../hash32.ts';
import type { Model } from '../model/load.ts';
import {
  cardinalitySchema,
  type Fact,
  type Relation,
  type Skipped,
  type Suite,
  type TaskSet,
  type Wording,
} from '../suite/schema.ts';
import { type Option, taskIds, tasks } from '../suite/tasks/index.ts';
import { stratifiedOrder } from './order.ts';

/** Something that is asked, and what is right. */
export interface Probe {
  /** Position of its relation in {@link ProbeSet.relations}. */
  relation: number;
  /** What it is about: a fact's subject, or the beginning of a task's question. */
  subject: string;
  /** The text that the model is given. */
  prompt: string;
  /**
   * `fact`: each entry of `rows` is one way to be right, and the best of them counts. `choice`: each entry is an
   * option, and the one of number `right` should be the likeliest.
   */
  kind: 'fact' | 'choice';
  rows: readonly (readonly ModelInput[])[];
  right: number;
  /** What is right, for people; of a choice all its options. */
  gold: readonly string[];
  /** Characters of each option, for accuracy by log-likelihood per character; null where the task has no such figure. */
  lengths: readonly number[] | null;
  /** How many sentences of one pass of the training state it; null where that is not known. */
  frequency: number | null;
}

/** A relation of facts, or a task, as it is asked. */
export const askedRelationSchema = z.object({
  id: z.string(),
  label: z.string(),
  probes: z.int().positive(),
  property: z.string().nullable(),
  cardinality: cardinalitySchema.nullable(),
  /** Set for tasks. */
  task: z.enum(taskIds).nullable(),
});
export type AskedRelation = z.infer<typeof askedRelationSchema>;

/** The probes that a suite gives for one model, in the suite's order. */
export interface ProbeSet {
  template: Wording;
  relations: AskedRelation[];
  probes: Probe[];
  /** Probe numbers in the order in which they are asked (see `stratifiedOrder`). */
  order: Uint32Array;
  /** What was left out for this model or by the importer, and why. */
  skipped: Skipped[];
}

/** Which answers count: those that are one token of the model's vocabulary (LAMA's protocol), or all. */
export type Answers = 'single-token' | 'any';

/** What makes a model askable. */
export type ProbedModel = Pick<Model, 'family' | 'tokenizer' | 'maxLength' | 'decoderStart'>;

/**
 * Makes the probes of a suite for a model.
 *
 * Facts (protocol of the reference curves): of each relation the first 200 distinct subjects that have an answer which
 * is one token of the vocabulary; every such answer of a subject is accepted. `seen` asks with the relation's first
 * training template, `paraphrase` with its first probe template, `held-out` asks facts that were never trained with the
 * first training template; where a family cannot be asked with that template (a decoder needs the blank at the end), the
 * next one of the list is taken. Relations follow in the order of their first usable facts. Facts of a suite from
 * elsewhere (`given`) are asked one by one, all of them, as LAMA does.
 *
 * Tasks: every document, as the LM harness has it, {@link mixed}.
 *
 * @throws LabError `bad-suite` where nothing can be asked, or the suite has no such wording
 */
export function makeProbes(
  suite: Suite,
  template: Wording,
  model: ProbedModel,
  answers: Answers = 'single-token',
): ProbeSet {
  if (!suite.wordings.includes(template))
    throw new LabError(
      'bad-suite',
      `This suite cannot be asked as ${template}; it can as ${suite.wordings.join(', ')}.`,
      'Choose another wording.',
    );
  const maker = new Maker(suite, template, model, answers);
  const { relations, probes } = suite.tasks.length > 0 ? maker.ofTasks() : maker.ofFacts();
  const skipped = maker.skipped();
  if (probes.length === 0)
    throw new LabError(
      'bad-suite',
      `Nothing of this suite can be asked of this model: ${skipped.map(({ reason, count }) => `${reason} (${count})`).join('; ')}.`,
      'Choose a suite in the model’s language, or another model.',
    );
  return {
    template,
    relations,
    probes,
    order: stratifiedOrder(relations.map((relation) => relation.probes)),
    skipped,
  };
}

/**
 * A list in an order without a rhythm, the same on every machine. Files of tasks have one: right answers that alternate,
 * say. Samples take places that are evenly spread (order.ts): of such a list, one half of the answers alone.
 */
function mixed<T>(items: readonly T[]): T[] {
  return items
    .map((item, index) => ({ item, at: hash32(index + 1) >>> 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

interface Usable {
  subject: string;
  prompt: string | undefined;
  /** Token numbers → how people write the answer. */
  golds: Map<readonly number[], string>;
  frequency: number | null;
}

class Maker {
  readonly #suite: Suite;
  readonly #template: Wording;
  readonly #family: Family;
  readonly #asked: ProbedModel;
  readonly #answers: Answers;
  readonly #counts = new Map<string, number>();

  constructor(suite: Suite, template: Wording, model: ProbedModel, answers: Answers) {
    this.#suite = suite;
    this.#template = template;
    this.#family = families[model.family];
    this.#asked = model;
    this.#answers = answers;
  }

  skipped(): Skipped[] {
    return [...this.#suite.skipped, ...[...this.#counts].map(([reason, count]) => ({ reason, count }))];
  }

  #skip(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  ofFacts(): Pick<ProbeSet, 'relations' | 'probes'> {
    const usable = this.#suite.relations
      .map((relation) => ({ relation, ...this.#usable(relation) }))
      .filter(({ facts }) => facts.length > 0)
      .sort((a, b) => a.place - b.place);
    const relations: AskedRelation[] = [];
    const probes: Probe[] = [];
    for (const { relation, facts } of usable) {
      const made = this.#probesOf(relation, relations.length, facts);
      if (made.length === 0) continue;
      const { id, label, property, cardinality } = relation;
      relations.push({ id, label, property, cardinality, task: null, probes: made.length });
      probes.push(...made);
    }
    return { relations, probes };
  }

  /** The facts to ask for with their accepted answers, and the place of the first usable one among all facts. */
  #usable({ facts }: Relation): { facts: Usable[]; place: number } {
    const isGiven = this.#template === 'given';
    const bySubject = new Map<string, Usable>();
    // A subject may come again further down: how often it was stated adds up.
    const stated = new Map<string, number | null>();
    let place = Number.POSITIVE_INFINITY;
    facts.forEach((fact, number) => {
      if ((fact.frequency === 0) !== (this.#template === 'held-out') && !isGiven) return;
      const { subject, frequency } = fact;
      const before = stated.get(subject);
      stated.set(subject, before === null || frequency === null ? null : (before ?? 0) + frequency);
      fact.objects.forEach((object, index) => {
        const answer = this.#answer(object);
        if (!answer) return;
        place = Math.min(place, fact.places[index]);
        const key = isGiven ? `${number}:${index}` : subject;
        const found = bySubject.get(key) ?? emptyUsable(fact);
        if (![...found.golds.keys()].some((ids) => ids.join() === answer.join())) found.golds.set(answer, object);
        bySubject.set(key, found);
      });
    });
    if (!isGiven) for (const [subject, found] of bySubject) found.frequency = stated.get(subject) ?? null;
    return { facts: [...bySubject.values()].slice(0, this.#suite.perRelation ?? undefined), place };
  }

  #answer(object: string): number[] | null {
    const answer = this.#asked.tokenizer.answer(object);
    if (answer.length === 1 || (answer.length > 1 && this.#answers === 'any')) return answer;
    this.#skip(
      answer.length === 0
        ? 'the answer is not in the model’s vocabulary'
        : 'the answer is not a single token of the model’s vocabulary',
    );
    return null;
  }

  #probesOf(relation: Relation, number: number, facts: readonly Usable[]): Probe[] {
    const { templates } = relation;
    const choices = templates === null ? [null] : this.#template === 'paraphrase' ? templates.probe : templates.train;
    const fill = (pattern: string | null, { subject, prompt, golds }: Usable) =>
      this.#family.fill(
        pattern === null ? (prompt ?? '[Y]') : this.#render(pattern, subject),
        [...golds.keys()],
        this.#asked,
      );
    const works = (candidate: string | null) => facts.some((fact) => !('refused' in fill(candidate, fact)));
    const pattern = choices.find(works) ?? choices[0];
    return facts.flatMap((fact): Probe[] => {
      const filled = fill(pattern, fact);
      if ('refused' in filled) {
        this.#skip(filled.refused);
        return [];
      }
      return [factProbe(number, fact, filled, this.#asked)];
    });
  }

  #render(pattern: string, subject: string): string {
    const sentence = pattern.replaceAll('[X]', () => subject);
    // The lab's own templates are sentences; what comes from elsewhere is asked as it is.
    return this.#template === 'given' ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1);
  }

  ofTasks(): Pick<ProbeSet, 'relations' | 'probes'> {
    const relations: AskedRelation[] = [];
    const probes: Probe[] = [];
    for (const set of this.#suite.tasks) {
      const made = mixed(set.items).flatMap((item) => this.#taskProbe(set, relations.length, item));
      if (made.length === 0) continue;
      const { id, label, task } = set;
      relations.push({ id, label, property: null, cardinality: null, task, probes: made.length });
      probes.push(...made);
    }
    return { relations, probes };
  }

  #taskProbe({ task }: TaskSet, relation: number, { options, answer }: TaskSet['items'][number]): Probe[] {
    const rows: ModelInput[][] = [];
    for (const { context, continuation } of options) {
      const made = this.#family.follow(context, continuation, this.#asked);
      if ('refused' in made) {
        this.#skip(made.refused);
        return [];
      }
      rows.push(made);
    }
    const { scoring, hasNorm } = tasks[task];
    const { context } = options[answer];
    return [
      {
        relation,
        subject: context.length > 60 ? `${context.slice(0, 59)}…` : context,
        prompt: context,
        kind: scoring === 'choice' ? 'choice' : 'fact',
        rows,
        right: answer,
        gold: namesOf(options),
        lengths: hasNorm ? options.map((option) => option.length) : null,
        frequency: null,
      },
    ];
  }
}

/** Options for people: what follows the context, or all of it where every option goes on alike (partial scoring). */
function namesOf(options: readonly Option[]): string[] {
  const areAlike = options.length > 1 && options.every(({ continuation }) => continuation === options[0].continuation);
  return options.map(({ context, continuation }) => (areAlike ? context + continuation : continuation.trim()));
}

function emptyUsable({ subject, prompt, frequency }: Fact): Usable {
  return { subject, prompt, golds: new Map(), frequency };
}

function factProbe(relation: number, fact: Usable, { prompt, answers }: Filled, { tokenizer }: AskedModel): Probe {
  const { subject, golds, frequency } = fact;
  return {
    relation,
    subject,
    prompt,
    kind: 'fact',
    rows: answers,
    right: 0,
    // As the model writes it where that is one word, so that its answers can be compared with it.
    gold: [...golds].map(([ids, object]) => (ids.length === 1 ? tokenizer.word(ids[0]) : object)),
    lengths: null,
    frequency,
  };
}
