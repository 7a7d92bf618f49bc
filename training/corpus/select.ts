import { groupBy } from './group.ts';
import { fold, leaks, oneWord, unfit, usableSubject } from './text.ts';
import type { Pair, RelationSpec } from './types.ts';

export const MAX_OBJECTS = 3400;
export const MIN_SUBJECTS = 60;
const MAX_OBJECTS_OF_SUBJECT = 6;

export interface Selected {
  spec: RelationSpec;
  pairs: Pair[];
  /** All that the source says, usable or not: what is true. */
  all: Pair[];
}

const key = (pair: Pair) => `${pair[0]}\t${pair[1]}`.toLowerCase();

/** What can be asked at all: plain words, nothing twice, nothing that gives itself away. */
export function usable(spec: RelationSpec): Pair[] {
  const seen = new Set<string>();
  const spelling = new Map<string, string>();
  const out: Pair[] = [];
  for (const [rawSubject, rawObject] of spec.pairs) {
    const [folded, object] = [fold(rawSubject), fold(rawObject)];
    if (!oneWord(object) || !usableSubject(folded) || leaks(folded, object, spec.morphology)) continue;
    if (unfit(folded) || unfit(object)) continue;
    const subject = spelling.get(folded.toLowerCase()) ?? folded;
    spelling.set(folded.toLowerCase(), subject);
    if (seen.has(key([subject, object]))) continue;
    seen.add(key([subject, object]));
    out.push([subject, object]);
  }
  const objects = groupBy(out, ([subject]) => subject);
  return out.filter(([subject]) => objects.get(subject)!.length <= MAX_OBJECTS_OF_SUBJECT);
}

/** The first facts up to the limit; the last subject keeps all its objects. */
export function firstOf(pairs: Pair[], limit: number): Pair[] {
  const kept = new Set<string>();
  let count = 0;
  const sizes = groupBy(pairs, ([subject]) => subject);
  for (const [subject, own] of sizes) {
    if (count >= limit) break;
    kept.add(subject);
    count += own.length;
  }
  return pairs.filter(([subject]) => kept.has(subject));
}

/** The objects of all relations together: those of core relations, then the ones that make the most facts. */
export function chooseObjects(relations: Selected[], log: (line: string) => void): Set<string> {
  const chosen = new Set<string>();
  const score = new Map<string, number>();
  for (const { spec, pairs } of relations) {
    if (spec.core) for (const [, object] of firstOf(pairs, spec.limit)) chosen.add(object.toLowerCase());
    const weight = 1 / Math.sqrt(Math.min(pairs.length, spec.limit) + 1);
    for (const [, object] of pairs.slice(0, spec.limit * 2)) {
      score.set(object.toLowerCase(), (score.get(object.toLowerCase()) ?? 0) + weight);
    }
  }
  log(`${chosen.size} objects of core relations`);
  const ranked = [...score].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [object] of ranked) {
    if (chosen.size >= MAX_OBJECTS) break;
    chosen.add(object);
  }
  return chosen;
}

export function selectFacts(specs: RelationSpec[], log: (line: string) => void): Selected[] {
  const all = specs.map(
    (spec): Selected => ({ spec, pairs: usable(spec), all: spec.pairs.map(([s, o]): Pair => [fold(s), fold(o)]) }),
  );
  const objects = chooseObjects(all, log);
  const out: Selected[] = [];
  for (const { spec, pairs, all: told } of all) {
    const kept = firstOf(
      pairs.filter(([, object]) => objects.has(object.toLowerCase())),
      spec.limit,
    );
    const subjects = new Set(kept.map(([subject]) => subject)).size;
    if (subjects < MIN_SUBJECTS) log(`left out: ${spec.id}, ${subjects} subjects`);
    else out.push({ spec, pairs: kept, all: told });
  }
  return out;
}

export function cardinality(pairs: Pair[]): '1-1' | 'N-1' | 'N-M' {
  const count = (side: 0 | 1) => new Set(pairs.map((pair) => pair[side].toLowerCase())).size;
  if (count(0) < pairs.length) return 'N-M';
  return count(1) < pairs.length ? 'N-1' : '1-1';
}
