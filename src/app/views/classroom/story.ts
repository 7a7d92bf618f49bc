import { independentDifference } from '../../../lab/metrics/difference.ts';
import { type Interval, wilson } from '../../../lab/metrics/interval.ts';
import { pairedDifference } from '../../../lab/metrics/paired.ts';
import { firstChunk, laterChunk } from '../../chunks.ts';
import { frequencyBand } from '../../projection/groups.ts';
import { hit, type LevelResult, unasked } from '../../projection/level-result.ts';
import type { CurvePoint } from '../explore/explore-store.ts';

/** All that the screens are drawn from. */
export interface Lesson {
  /** Probe numbers in the order of asking; null before they are known. */
  order: Uint32Array | null;
  /** How often the training stated each fact, by probe number; -1 where that is not known. */
  frequency: Int32Array | null;
  baseline: LevelResult | null;
  /** Both begin with the uncompressed model. */
  prune: readonly CurvePoint[];
  bits: readonly CurvePoint[];
}

export const emptyLesson: Lesson = { order: null, frequency: null, baseline: null, prune: [], bits: [] };

/** A share with its 95 % Wilson interval. */
export interface SlideShare extends Interval {
  hits: number;
  n: number;
  share: number;
}

/** P@1 of a level. */
export function accuracyOf(result: LevelResult | null): SlideShare | null {
  if (!result) return null;
  const [{ hits, share, low, high }] = result.summary.precision;
  return { hits, n: result.summary.probes, share, low, high };
}

const shareOf = (hits: number, n: number): SlideShare => ({ hits, n, share: hits / n, ...wilson(hits, n) });

/**
 * How far compression goes without a loss that these samples could show: the strongest level up to which every level's
 * interval still reaches the uncompressed model's accuracy.
 *
 * @returns null where not even the mildest is known, or it shows a loss already
 */
export function unharmed({ baseline, prune }: Pick<Lesson, 'baseline' | 'prune'>): CurvePoint | null {
  const before = accuracyOf(baseline);
  if (!before) return null;
  let last: CurvePoint | null = null;
  for (const point of prune) {
    if (point.level === 0) continue;
    const now = accuracyOf(point.result);
    if (!now || now.high < before.share) break;
    last = point;
  }
  return last;
}

/** Facts that the training stated at least so often, and less often than the next group's: how many of those that were known are still known. */
export interface KeptGroup extends SlideShare {
  times: number;
}

/**
 * What is kept of the facts that were known, by how often the training stated them, the rarest first.
 *
 * @param level of the pruned curve
 */
export function keptByFrequency({ frequency, baseline, prune }: Lesson, level: number): KeptGroup[] {
  const after = prune.find((point) => point.level === level)?.result;
  if (!frequency || !baseline || !after) return [];
  const groups = new Map<number, { hits: number; n: number }>();
  baseline.outcomes.forEach((before, probe) => {
    const times = frequencyBand(frequency[probe]);
    const now = after.outcomes[probe];
    if (before !== hit || now === unasked || times === null) return;
    const group = groups.get(times) ?? { hits: 0, n: 0 };
    groups.set(times, { hits: group.hits + (now === hit ? 1 : 0), n: group.n + 1 });
  });
  return [...groups].map(([times, { hits, n }]) => ({ times, ...shareOf(hits, n) })).sort((a, b) => a.times - b.times);
}

/** At which level of the pruned curve the story looks for what goes first: half of the weights. */
export const halfway = 5;

/**
 * How many facts the whole model and the one without half of its weights are asked, so that their groups can be told
 * apart. In the order of asking, bert-mini keeps of the most frequent facts more than of the rarest by 27 percentage
 * points with 192 facts asked (95 % interval −2 to 43), by 26 with 704 (14 to 36), and by 19 with all 15,135 (17 to 22).
 */
export const rareSample = firstChunk + laterChunk;

/** What is missing for {@link rareSample}. */
export interface Missing {
  /** Facts, of the model that was asked least. */
  facts: number;
  /** How long it takes to ask both, as fast as they were asked before; null where that is not known. */
  seconds: number | null;
}

/** What is still to be asked of the two models that the groups are compared with. */
export function missingForGroups({ order, baseline, prune }: Lesson): Missing {
  const wanted = Math.min(rareSample, order?.length ?? rareSample);
  const missing = [baseline, prune.find(({ level }) => level === halfway)?.result ?? null].map((result) => {
    const asked = result?.summary.probes ?? 0;
    const facts = Math.max(0, wanted - asked);
    const pace = result && result.seconds !== null && asked > 0 ? result.seconds / asked : null;
    return { facts, seconds: facts === 0 ? 0 : pace && pace * facts };
  });
  return {
    facts: Math.max(...missing.map(({ facts }) => facts)),
    seconds: missing.reduce<number | null>(
      (sum, { seconds }) => (sum === null || seconds === null ? null : sum + seconds),
      0,
    ),
  };
}

/** The share of the most frequent facts less that of the rarest; null where there are no two groups. */
export function groupDifference(groups: readonly KeptGroup[]): (Interval & { difference: number }) | null {
  return groups.length < 2 ? null : independentDifference(groups[0], groups[groups.length - 1]);
}

/** Two models, and of how many facts both, one or none of them is right. */
export interface Twins {
  pruned: CurvePoint;
  rounded: CurvePoint;
  /** Facts that both were asked. */
  n: number;
  both: number;
  prunedAlone: number;
  roundedAlone: number;
  neither: number;
  /** Share of the rounded one less that of the pruned one, over the same facts. */
  difference: Interval & { difference: number };
}

/** A model that lost less than this has hardly anything to compare. */
const leastLoss = 0.02;

/** Of the models that lost something, the pruned and the rounded one whose accuracies are closest. */
export function twinsOf({ baseline, prune, bits }: Lesson): Twins | null {
  const before = accuracyOf(baseline);
  if (!before) return null;
  const lossy = (points: readonly CurvePoint[]) =>
    points.flatMap((point) => {
      const now = accuracyOf(point.result);
      return point.level > 0 && now && now.hits > 0 && before.share - now.share >= leastLoss
        ? [{ point, share: now.share, result: point.result! }]
        : [];
    });
  const rounded = lossy(bits);
  const pairs = lossy(prune).flatMap((pruned) => rounded.map((other) => ({ pruned, rounded: other })));
  const apart = (pair: (typeof pairs)[number]) => Math.abs(pair.pruned.share - pair.rounded.share);
  if (pairs.length === 0) return null;
  const closest = pairs.reduce((best, pair) => (apart(pair) < apart(best) ? pair : best));
  const counts = { n: 0, both: 0, prunedAlone: 0, roundedAlone: 0, neither: 0 };
  closest.pruned.result.outcomes.forEach((one, probe) => {
    const other = closest.rounded.result.outcomes[probe];
    if (one === unasked || other === unasked) return;
    counts.n++;
    if (one === hit) counts[other === hit ? 'both' : 'prunedAlone']++;
    else counts[other === hit ? 'roundedAlone' : 'neither']++;
  });
  const { both, prunedAlone, roundedAlone, neither } = counts;
  const difference = pairedDifference({ both, lost: prunedAlone, gained: roundedAlone, neither });
  return difference && { pruned: closest.pruned.point, rounded: closest.rounded.point, ...counts, difference };
}

/** What became of the first so many facts in the order of asking, as far as they were asked: whether each is known. */
export function firstOutcomes({ order, baseline }: Lesson, most: number): boolean[] {
  if (!order || !baseline) return [];
  return Array.from(order.subarray(0, most), (probe) => baseline.outcomes[probe])
    .filter((outcome) => outcome !== unasked)
    .map((outcome) => outcome === hit);
}
