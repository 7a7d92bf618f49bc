import { LabError } from '../errors.ts';
import type { Model } from '../model/load.ts';
import type { Relation, Suite } from './suite.ts';

/** Which wording asks for the facts: one that the model was trained on, or one that it never saw. */
export type Template = 'seen' | 'paraphrase';
export const templateIds: readonly Template[] = ['seen', 'paraphrase'];

/** Whether a wording of this id exists. */
export function isTemplate(value: unknown): value is Template {
  return templateIds.includes(value as Template);
}

/** A prompt with a blank, and the words that may fill it. */
export interface Probe {
  /** Position of its relation in {@link ProbeSet.relations}. */
  relation: number;
  subject: string;
  prompt: string;
  /** Token numbers, and where among them the blank lies. */
  ids: readonly number[];
  mask: number;
  /** Accepted words, by their numbers in the vocabulary; at least one. */
  gold: readonly number[];
}

/** The probes that a suite gives for one model, in the suite's order. */
export interface ProbeSet {
  template: Template;
  relations: { id: string; label: string; probes: number }[];
  probes: Probe[];
  /** Probe numbers in the order in which they are asked (see {@link stratifiedOrder}). */
  order: Uint32Array;
}

/** At most this many subjects of a relation are asked for (reference protocol). */
export const subjectsPerRelation = 200;

/**
 * Makes the probes of a suite for a model (protocol of the reference curves): of each relation the first 200 distinct
 * subjects that have an object which is one word of the vocabulary; every such object of a subject is accepted.
 * Relations follow in the order of their first usable facts.
 * `seen` asks with the relation's first training template, `paraphrase` with its probe template.
 *
 * @throws LabError `bad-suite` where no fact fits the model, `bad-tokenizer` where a prompt loses its blank
 */
export function makeProbes(suite: Suite, template: Template, model: Pick<Model, 'tokenizer' | 'maxLength'>): ProbeSet {
  const asked = suite.relations
    .map((relation) => ({ relation, ...usable(relation, model) }))
    .filter(({ golds }) => golds.size > 0)
    .sort((a, b) => a.place - b.place);
  const relations = asked.map(({ relation: { id, label }, golds }) => ({ id, label, probes: golds.size }));
  const probes = asked.flatMap(({ relation, golds }, number) => probesOf(relation, number, golds, template, model));
  if (probes.length === 0)
    throw new LabError(
      'bad-suite',
      'No fact of this suite has an answer that is one word of this model’s vocabulary.',
      'Choose a suite in the model’s language.',
    );
  return { template, relations, probes, order: stratifiedOrder(relations.map((relation) => relation.probes)) };
}

/** The subjects to ask for with their accepted words, and the place of the first usable fact among all facts. */
function usable(
  { facts }: Relation,
  { tokenizer }: Pick<Model, 'tokenizer'>,
): { golds: Map<string, Set<number>>; place: number } {
  const golds = new Map<string, Set<number>>();
  let place = Number.POSITIVE_INFINITY;
  for (const { subject, objects, places } of facts)
    objects.forEach((object, index) => {
      const word = tokenizer.wordId(object);
      if (word === undefined) return;
      place = Math.min(place, places[index]);
      // A subject's place is where its first usable object stands.
      const words = golds.get(subject) ?? new Set();
      golds.set(subject, words.add(word));
    });
  return { golds: new Map([...golds].slice(0, subjectsPerRelation)), place };
}

function probesOf(
  relation: Relation,
  number: number,
  golds: ReadonlyMap<string, ReadonlySet<number>>,
  template: Template,
  { tokenizer, maxLength }: Pick<Model, 'tokenizer' | 'maxLength'>,
): Probe[] {
  const pattern = template === 'seen' ? relation.templates.train[0] : relation.templates.probe;
  return [...golds].map(([subject, words]) => {
    const prompt = pattern.replaceAll('[X]', subject).replace('[Y]', tokenizer.mask.text);
    return { relation: number, subject, prompt, ...encodePrompt(prompt, tokenizer, maxLength), gold: [...words] };
  });
}

/**
 * Token numbers of a prompt with exactly one blank.
 *
 * @throws LabError `bad-tokenizer` where there is not exactly one, or the prompt is longer than the model can read
 */
export function encodePrompt(
  prompt: string,
  tokenizer: Model['tokenizer'],
  maxLength: number,
): { ids: number[]; mask: number } {
  const ids = tokenizer.encode(prompt);
  const mask = ids.indexOf(tokenizer.mask.id);
  const advice = 'Check that the tokenizer files belong to the model, or shorten the text.';
  if (mask < 0 || ids.indexOf(tokenizer.mask.id, mask + 1) >= 0)
    throw new LabError('bad-tokenizer', `The prompt "${prompt}" has not exactly one ${tokenizer.mask.text}.`, advice);
  if (ids.length > maxLength)
    throw new LabError(
      'bad-tokenizer',
      `The prompt "${prompt}" has ${ids.length} tokens; the model reads ${maxLength}.`,
      advice,
    );
  return { ids, mask };
}

/**
 * An order in which every beginning is a fair sample: each relation has about its share in it, and
 * within a relation the probes come spread over its list (van der Corput sequence), because neighbours in a list are
 * often alike. Deterministic: the same sample on every machine.
 *
 * @param sizes number of probes of each relation; probe numbers count through the relations in turn
 */
export function stratifiedOrder(sizes: readonly number[]): Uint32Array {
  const places: { probe: number; at: number }[] = [];
  let first = 0;
  for (const size of sizes) {
    const spread = Array.from({ length: size }, (_, index) => index).sort(
      (a, b) => radicalInverse(a) - radicalInverse(b),
    );
    // The i-th of n probes comes after the share (i + 1/2) / n of everything.
    const start = first;
    spread.forEach((index, i) => {
      places.push({ probe: start + index, at: (i + 0.5) / size });
    });
    first += size;
  }
  places.sort((a, b) => a.at - b.at || a.probe - b.probe);
  return Uint32Array.from(places, ({ probe }) => probe);
}

/** The binary digits of an integer mirrored at the point: 1 → 0.5, 2 → 0.25, 3 → 0.75, 4 → 0.125 … */
function radicalInverse(index: number): number {
  let result = 0;
  for (let rest = index, digit = 0.5; rest > 0; rest >>>= 1, digit /= 2) if (rest & 1) result += digit;
  return result;
}
