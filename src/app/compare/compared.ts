import { divergenceBound, type MeanBound } from '../../lab/metrics/divergence.ts';
import { countOutcomes, type Flips, flipsOf, type Outcome } from '../../lab/metrics/flips.ts';
import { type Interval, wilson } from '../../lab/metrics/interval.ts';
import { holm, type McNemar, mcnemar } from '../../lab/metrics/mcnemar.ts';
import { pairedDifference } from '../../lab/metrics/paired.ts';
import { keptWords } from '../../lab/probe/predictions.ts';
import type { Layout } from '../layout.ts';
import type { LevelResult } from '../level.ts';

export type Share = { share: number; hits: number } & Interval;

/** One relation, as both recipes answer it. */
export interface RelationFlips {
  id: string;
  label: string;
  n: number;
  a: number;
  b: number;
  lost: number;
  gained: number;
  otherWrong: number;
  /** McNemar's exact p of the relation by itself, and adjusted for all relations (Holm). */
  p: number;
  adjusted: number;
}

/** A fact that is not the same in both: its place in the order of asking, its number, and each one's first word. */
export interface FlippedFact {
  place: number;
  probe: number;
  relation: string;
  outcome: Exclude<Outcome, 'both' | 'same-wrong'>;
  a: number;
  b: number;
}

/** Two recipes' answers to the same facts. */
export interface Compared {
  /** Facts that both were asked, of how many there are. */
  n: number;
  of: number;
  counts: Flips['counts'];
  a: Share;
  b: Share;
  /** B's share minus A's. */
  difference: { difference: number } & Interval;
  test: McNemar;
  /** From A to B, in nats; null where answers are no distribution over words. */
  divergence: MeanBound | null;
  relations: RelationFlips[];
  facts: FlippedFact[];
}

/**
 * Compares two results over the facts that both were asked.
 *
 * @param most no more than the first so many of the order; 0 for all
 * @returns null where they have none in common, or answers are not kept
 */
export function compareResults(
  a: LevelResult | null,
  b: LevelResult | null,
  { relations, order }: Layout,
  most: number,
): Compared | null {
  if (!a?.answers || !b?.answers) return null;
  const asked = Math.min(a.answers.ranks.length, b.answers.ranks.length);
  const n = most === 0 ? asked : Math.min(asked, most);
  const flips = flipsOf(a.answers, b.answers);
  const places = flips.places.slice(0, n);
  const counts = countOutcomes(places);
  const difference = pairedDifference(counts);
  if (!difference) return null;
  const relationOf = relations.flatMap(({ probes }, index) => new Array<number>(probes).fill(index));
  const byRelation = relations.map((): Outcome[] => []);
  const facts: FlippedFact[] = [];
  places.forEach((outcome, place) => {
    const probe = order[place];
    const index = relationOf[probe];
    byRelation[index].push(outcome);
    if (outcome === 'both' || outcome === 'same-wrong') return;
    const [first, second] = [a, b].map(({ answers }) => answers!.topIds[place * keptWords]);
    facts.push({ place, probe, relation: relations[index].id, outcome, a: first, b: second });
  });
  const isTask = relations.some(({ task }) => task !== null);
  return {
    n,
    of: order.length,
    counts,
    a: shareOf(counts.both + counts.lost, n),
    b: shareOf(counts.both + counts.gained, n),
    difference,
    test: mcnemar(counts.lost, counts.gained),
    // Of tasks the scores of their options are kept, which are no distribution.
    divergence: isTask ? null : divergenceBound(a.answers, b.answers, n),
    relations: relationsOf(relations, byRelation),
    facts,
  };
}

const shareOf = (hits: number, n: number): Share => ({ hits, share: hits / n, ...wilson(hits, n) });

function relationsOf(relations: Layout['relations'], places: readonly Outcome[][]): RelationFlips[] {
  const found = relations.flatMap(({ id, label }, index) => {
    const n = places[index].length;
    if (n === 0) return [];
    const { both, lost, gained, otherWrong } = countOutcomes(places[index]);
    const p = mcnemar(lost, gained).exact;
    return [{ id, label, n, a: both + lost, b: both + gained, lost, gained, otherWrong, p }];
  });
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((relation, index) => ({ ...relation, adjusted: adjusted[index] }));
}

/** What can be said of two accuracies. */
export type Verdict = 'no-flips' | 'same-but-flips' | 'a-better' | 'b-better';

/** Below this p the difference is no coin's. */
export const alpha = 0.05;

export function verdictOf({ counts, test }: Pick<Compared, 'counts' | 'test'>): Verdict {
  const { lost, gained } = counts;
  if (lost + gained === 0) return 'no-flips';
  if (test.exact >= alpha) return 'same-but-flips';
  return lost > gained ? 'a-better' : 'b-better';
}

/** A level of B's slider that comes closest to A. */
export interface Match {
  kind: 'size' | 'accuracy';
  level: number;
  label: string;
  /** Levels that were looked at. */
  levels: number;
  /** Bytes, or shares over the same n facts. */
  a: number;
  b: number;
  n: number;
}

/** The level whose value is closest; of equally close ones the milder. Null where none is known. */
export function closest<T extends { value: number }>(levels: readonly T[], wanted: number): T | null {
  return levels.reduce<T | null>(
    (best, level) => (best === null || Math.abs(level.value - wanted) < Math.abs(best.value - wanted) ? level : best),
    null,
  );
}
