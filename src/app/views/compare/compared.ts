import { divergenceBound, type MeanBound } from '../../../lab/metrics/divergence.ts';
import { countOutcomes, type FlipOutcome, type Flips, flipsOf } from '../../../lab/metrics/flips.ts';
import { type Interval, wilson } from '../../../lab/metrics/interval.ts';
import { holm, type McNemar, mcnemar } from '../../../lab/metrics/mcnemar.ts';
import { pairedDifference } from '../../../lab/metrics/paired.ts';
import { keptWords } from '../../../lab/probe/predictions.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import type { Side } from './compare-choice.ts';

export type AccuracyShare = { share: number; hits: number } & Interval;

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
  outcome: Exclude<FlipOutcome, 'both' | 'same-wrong'>;
  a: number;
  b: number;
}

/** Two recipes' answers to the same facts. */
export interface Compared {
  /** Facts that both were asked, of how many there are. */
  n: number;
  of: number;
  counts: Flips['counts'];
  a: AccuracyShare;
  b: AccuracyShare;
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
  { relations, order }: ProbeLayout,
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
  const byRelation = relations.map((): FlipOutcome[] => []);
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

const shareOf = (hits: number, n: number): AccuracyShare => ({ hits, share: hits / n, ...wilson(hits, n) });

function relationsOf(relations: ProbeLayout['relations'], places: readonly FlipOutcome[][]): RelationFlips[] {
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

/** A level of a recipe's slider that comes closest to the first recipe. */
export interface Match {
  kind: 'size' | 'accuracy';
  /** The recipe that was moved. */
  side: Side;
  level: number;
  label: string;
  /** Levels that were looked at. */
  levels: number;
  /** Bytes, or shares over the same n facts. */
  wanted: number;
  value: number;
  n: number;
}

/** The level whose value is closest; of equally close ones the milder. Null where none is known. */
export function closest<T extends { value: number }>(levels: readonly T[], wanted: number): T | null {
  return levels.reduce<T | null>(
    (best, level) => (best === null || Math.abs(level.value - wanted) < Math.abs(best.value - wanted) ? level : best),
    null,
  );
}

type Results = readonly (LevelResult | null)[];

/** How many facts, from the first of the order on, all recipes with answers were asked; no more than `most`, 0 for all. */
function commonOf(results: Results, most: number): number {
  const asked = results.flatMap((result) => (result?.answers ? [result.answers.ranks.length] : []));
  const common = asked.length === 0 ? 0 : Math.min(...asked);
  return most === 0 ? common : Math.min(common, most);
}

/**
 * The first recipe against another one, over the facts that all recipes with answers were asked: the same as in
 * {@link overviewOf}.
 */
export function detailOf(results: Results, against: number, layout: ProbeLayout, most: number): Compared | null {
  const n = commonOf(results, most);
  return n === 0 ? null : compareResults(results[0], results[against] ?? null, layout, n);
}

/** One recipe beside the others. */
export interface ComparedRow {
  share: AccuracyShare;
  /** Against the first recipe; null for that one. */
  against: { lost: number; gained: number; p: number; adjusted: number } | null;
}

/** All recipes' answers to the same facts. */
export interface Overview {
  n: number;
  /** In the order of the recipes; null where there are no answers yet. */
  rows: (ComparedRow | null)[];
  /** Facts that exactly k of the recipes know, k from 0 to all; null before all have answers. */
  knownBy: number[] | null;
  /** For each pair, facts that both know: on the diagonal what one knows. Null as above. */
  together: number[][] | null;
}

/**
 * Looks at all recipes over the facts that all of them were asked. Each is tested against the first one; the p values are
 * adjusted for being several (Holm 1979).
 */
export function overviewOf(results: Results, layout: ProbeLayout, most: number): Overview | null {
  const n = commonOf(results, most);
  if (n === 0) return null;
  const pairs = results.map((_, at) => (at === 0 ? null : compareResults(results[0], results[at], layout, n)));
  const tested = pairs.flatMap((pair, at) => (pair ? [{ at, p: pair.test.exact }] : []));
  const adjusted = holm(tested.map(({ p }) => p));
  const rights = results.map((result) =>
    result?.answers ? Array.from(result.answers.ranks.subarray(0, n), (rank) => rank === 1) : null,
  );
  const rows = rights.map((right, at): ComparedRow | null => {
    if (!right) return null;
    const share = shareOf(right.filter(Boolean).length, n);
    const test = tested.findIndex((entry) => entry.at === at);
    if (test < 0) return { share, against: null };
    const { lost, gained } = pairs[at]!.counts;
    return { share, against: { lost, gained, p: tested[test].p, adjusted: adjusted[test] } };
  });
  const all = rights.filter((right) => right !== null);
  if (all.length < rights.length) return { n, rows, knownBy: null, together: null };
  const knownBy = new Array<number>(all.length + 1).fill(0);
  for (let place = 0; place < n; place++) knownBy[all.filter((right) => right[place]).length]++;
  const together = all.map((one) => all.map((other) => one.filter((isRight, place) => isRight && other[place]).length));
  return { n, rows, knownBy, together };
}
