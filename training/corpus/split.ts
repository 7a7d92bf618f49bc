import { groupBy } from './group.ts';
import { LeakFinder } from './leak.ts';
import { Rng } from './rng.ts';
import type { Selected } from './select.ts';
import { render } from './text.ts';
import type { Fact, Pair, Wording } from './types.ts';

export const HELD_SHARE = 0.1;
export const HELD_MOST = 60;
export const HELD_LEAST = 6;

export interface Split {
  facts: Fact[];
  /** "relation tab subject" whose facts in the corpus are not complete: some of them would give away a held-out one. */
  incomplete: Set<string>;
  dropped: { pair: number; place: number; template: number };
}

/** Relations that say where a place is: what one holds out, no other may tell. */
const PLACES =
  /^city-|-state$|-province$|-region$|-prefecture$|-nation$|^located-in$|^capital-of$|^subdivision-country$/;

export const pairKey = (a: string, b: string) => [a.toLowerCase(), b.toLowerCase()].sort().join('\t');
export const subjectKey = (relation: string, subject: string) => `${relation}\t${subject}`;
export const heldCount = (subjects: number) =>
  Math.min(HELD_MOST, Math.max(HELD_LEAST, Math.floor(subjects * HELD_SHARE)));

/** Subjects to hold out, those with few objects first, so that closing the split costs little. */
function holdOut({ spec, pairs }: Selected): Set<string> {
  const bySubject = groupBy(pairs, ([subject]) => subject);
  const order = new Rng(`held ${spec.id}`).shuffle([...bySubject.keys()]);
  const few = order.filter((subject) => bySubject.get(subject)!.length <= 2);
  return new Set([...few, ...order].slice(0, heldCount(order.length)));
}

const WEIGHTS: [number, number][] = [
  [0.4, 1],
  [0.7, 2],
  [0.9, 4],
  [1, 8],
];

export function drawFrequency(random: number): number {
  return 4 * WEIGHTS.find(([limit]) => random < limit)![1];
}

export function split(relations: Selected[], wordings: Record<string, Wording>): Split {
  const held = new Map(relations.map((relation) => [relation.spec.id, holdOut(relation)]));
  const heldPairs = new Set<string>();
  const heldPlaces = new Map<string, string>();
  for (const { spec, pairs } of relations) {
    for (const [subject, object] of pairs) {
      if (!held.get(spec.id)!.has(subject)) continue;
      heldPairs.add(pairKey(subject, object));
      if (PLACES.test(spec.id)) heldPlaces.set(subject.toLowerCase(), spec.id);
    }
  }
  const dropped = { pair: 0, place: 0, template: 0 };
  const incomplete = new Set<string>();
  const trained = new Map<string, Pair[]>();
  for (const { spec, pairs } of relations) {
    const stays = ([subject, object]: Pair) => {
      if (held.get(spec.id)!.has(subject)) return false;
      const place = heldPlaces.get(subject.toLowerCase());
      const reason = heldPairs.has(pairKey(subject, object))
        ? 'pair'
        : PLACES.test(spec.id) && place && place !== spec.id
          ? 'place'
          : '';
      if (reason === '') return true;
      dropped[reason as 'pair' | 'place']++;
      incomplete.add(subjectKey(spec.id, subject));
      return false;
    };
    trained.set(spec.id, pairs.filter(stays));
  }
  const told = toldByTemplates(relations, held, trained, wordings);
  const facts: Fact[] = [];
  for (const { spec, pairs } of relations) {
    const rng = new Rng(`frequency ${spec.id}`);
    const kept = new Set(trained.get(spec.id)!);
    for (const pair of pairs) {
      const [subject, object] = pair;
      const base = { relation: spec.id, subject, object, source: spec.source };
      if (kept.has(pair)) facts.push({ ...base, frequency: drawFrequency(rng.next()) });
      else if (!held.get(spec.id)!.has(subject)) continue;
      else if (told.has(subjectKey(spec.id, subject))) dropped.template++;
      else facts.push({ ...base, frequency: 0 });
    }
  }
  return { facts, incomplete, dropped };
}

/** Held-out subjects that some sentence names together with their object, whatever it says about them. */
function toldByTemplates(
  relations: Selected[],
  held: Map<string, Set<string>>,
  trained: Map<string, Pair[]>,
  wordings: Record<string, Wording>,
): Set<string> {
  const heldFacts = relations.flatMap(({ spec, pairs }) =>
    pairs
      .filter(([subject]) => held.get(spec.id)!.has(subject))
      .map(([subject, object]) => ({ relation: spec.id, subject, object })),
  );
  const finder = new LeakFinder(heldFacts);
  const told = new Set<string>();
  for (const [id, pairs] of trained) {
    const templates = wordings[id]!.train;
    for (const [subject, object] of pairs) {
      for (const template of templates)
        for (const hit of finder.find(render(template, subject, object).text)) told.add(hit);
    }
  }
  return told;
}
