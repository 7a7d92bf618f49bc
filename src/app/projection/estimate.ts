import type { Interval } from '../../lab/metrics/interval.ts';
import { type LevelResult, type RelationShare, unasked } from './level-result.ts';

/** A share at one level of a curve. */
export interface KnownShare extends Interval {
  /** Place in the order of the curve, the least compressed first, and on its horizontal axis. */
  level: number;
  x: number;
  share: number;
}

/** What a share at a level probably is, before the level was asked. */
export interface Estimate extends Interval {
  share: number;
  /** Whether levels on both sides are known, or the share is that of the next milder or the next stronger one. */
  kind: 'between' | 'at most' | 'at least';
}

/**
 * How far a share may lie beyond those of its neighbours. Of the 141 curves in src/lab/test/reference none leaves the span of
 * any two of its levels between them by more than 0.007.
 */
const slack = 0.01;

/**
 * Estimates a share from those that are known at other levels of the curve.
 *
 * Between two known levels: monotone cubic interpolation (Fritsch and Carlson 1980), which stays between both. The
 * interval holds both of theirs, and up to {@link slack} more where the known levels are farthest: a share falls from
 * one level to the next, but where in between it does so is not known. Beyond the last known level: its share, and the
 * interval reaches to 0 on the stronger side, to 1 on the milder one.
 *
 * @param known in the order of the curve
 * @returns null where nothing is known; at a known level what is known there
 */
export function estimateShare(
  known: readonly KnownShare[],
  { level, x }: Pick<KnownShare, 'level' | 'x'>,
): Estimate | null {
  const at = known.findIndex((entry) => entry.level >= level);
  const stronger = known[at] ?? null;
  if (stronger?.level === level)
    return { share: stronger.share, low: stronger.low, high: stronger.high, kind: 'between' };
  const milder = (at < 0 ? known.at(-1) : known[at - 1]) ?? null;
  if (milder && stronger) {
    const t = (x - milder.x) / (stronger.x - milder.x);
    const margin = slack * 2 * Math.min(t, 1 - t);
    return {
      share: interpolate(known, at, t),
      low: Math.max(0, Math.min(milder.low, stronger.low) - margin),
      high: Math.min(1, Math.max(milder.high, stronger.high) + margin),
      kind: 'between',
    };
  }
  if (milder) return { share: milder.share, low: 0, high: Math.min(1, milder.high + slack), kind: 'at most' };
  if (stronger) return { share: stronger.share, low: Math.max(0, stronger.low - slack), high: 1, kind: 'at least' };
  return null;
}

/** Cubic Hermite interpolation at the share `t` of the way to the known level number `at` from the one before it. */
function interpolate(known: readonly KnownShare[], at: number, t: number): number {
  const [from, to] = [known[at - 1], known[at]];
  const width = to.x - from.x;
  const share =
    (1 + 2 * t) * (1 - t) ** 2 * from.share +
    t * (1 - t) ** 2 * width * slopeAt(known, at - 1) +
    t ** 2 * (3 - 2 * t) * to.share +
    t ** 2 * (t - 1) * width * slopeAt(known, at);
  // It stays between both; rounding must not push it beyond.
  return Math.min(Math.max(from.share, to.share), Math.max(Math.min(from.share, to.share), share));
}

/**
 * A slope that overshoots on neither side: the weighted harmonic mean of both sides' (Fritsch and Butland 1984), 0 where
 * they differ in sign, and the only side's at an end.
 */
function slopeAt(known: readonly KnownShare[], at: number): number {
  const gap = (end: number) => known[end].x - known[end - 1].x;
  const secant = (end: number) => (known[end].share - known[end - 1].share) / gap(end);
  if (at === 0) return secant(1);
  if (at === known.length - 1) return secant(at);
  const [before, after] = [secant(at), secant(at + 1)];
  if (before * after <= 0) return 0;
  const [first, second] = [2 * gap(at + 1) + gap(at), gap(at + 1) + 2 * gap(at)];
  return (first + second) / (first / before + second / after);
}

/** A point of a curve, as estimates need it. */
export interface EstimatePoint {
  level: number;
  x: number;
  label: string;
  result: Pick<LevelResult, 'summary' | 'relationShares' | 'outcomes'> | null;
}

type ShareOf = (result: NonNullable<EstimatePoint['result']>) => (Interval & { share: number }) | undefined;

/** Estimates one share of a level's results, such as a relation's, from the points that have it. */
export function estimateAt(points: readonly EstimatePoint[], level: number, shareOf: ShareOf): Estimate | null {
  const known = points.flatMap(({ level: at, x, result }): KnownShare[] => {
    const own = result && shareOf(result);
    return own ? [{ level: at, x, share: own.share, low: own.low, high: own.high }] : [];
  });
  const place = points[level];
  return place ? estimateShare(known, place) : null;
}

/** What is said of a level before it was asked. */
export interface LevelEstimate {
  kind: Estimate['kind'];
  /** The nearest levels that were asked, by their labels: the milder one first. */
  from: string[];
  /** P@1, P@5 and P@10, and the mean of the relations' P@1. */
  precision: (Estimate & { k: number })[];
  macro: Estimate;
  relationShares: Map<string, Estimate>;
  /** Probes of which both neighbours say the same; the others are not asked. */
  outcomes: Uint8Array;
}

/**
 * Estimates a level's results from its neighbours on the curve.
 *
 * @returns null where no level of the curve was asked
 */
export function estimateLevel(points: readonly EstimatePoint[], level: number): LevelEstimate | null {
  const milder = points.findLast((point) => point.level < level && point.result !== null);
  const stronger = points.find((point) => point.level > level && point.result !== null);
  const nearest = milder?.result ?? stronger?.result;
  const macro = estimateAt(points, level, ({ summary }) => summary.macro);
  if (!nearest || !macro) return null;
  const relations = new Set(
    [milder, stronger].flatMap((point) => [
      ...(point?.result?.relationShares ?? new Map<string, RelationShare>()).keys(),
    ]),
  );
  return {
    kind: macro.kind,
    from: [milder, stronger].flatMap((point) => (point ? [point.label] : [])),
    precision: nearest.summary.precision.map(({ k }, index) => ({
      k,
      ...estimateAt(points, level, ({ summary }) => summary.precision[index])!,
    })),
    macro,
    relationShares: new Map(
      [...relations].map((id) => [id, estimateAt(points, level, ({ relationShares }) => relationShares.get(id))!]),
    ),
    outcomes: agreed(milder?.result?.outcomes, stronger?.result?.outcomes),
  };
}

/** Outcomes that are the same on both sides; {@link unasked} where they differ, or a side is not there. */
function agreed(milder: Uint8Array | undefined, stronger: Uint8Array | undefined): Uint8Array {
  if (!milder || !stronger) return new Uint8Array((milder ?? stronger)?.length ?? 0).fill(unasked);
  return milder.map((outcome, probe) => (outcome === stronger[probe] ? outcome : unasked));
}
