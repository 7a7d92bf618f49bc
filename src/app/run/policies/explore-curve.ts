import { type Interval, wilson } from '../../../lab/metrics/interval.ts';
import { evenly, isSampled, type Policy, type RunTask } from './policy.ts';

/** What the policy looks at of a task. */
type Scored = Pick<RunTask, 'key' | 'asked' | 'of' | 'hits'>;

/** A level, and where it lies on the horizontal axis. */
type Placed<T> = T & { x: number };

/** All results of a curve. */
export interface CurveTasks<T> {
  /** The uncompressed model. */
  baseline: T;
  /** The least compressed first; the uncompressed model may be among them. */
  levels: readonly Placed<T>[];
  /** The level that is looked at. */
  current: number;
}

/**
 * The policy of a curve ({@link nextOnCurve}).
 *
 * @param curve the keys of its results, where they lie, and the level that is looked at now
 */
export const exploreCurve =
  (curve: () => { baseline: string; levels: readonly { key: string; x: number }[]; current: number }): Policy =>
  (tasks, isFree) => {
    const { baseline, levels, current } = curve();
    const byKey = new Map(tasks.map((task) => [task.key, task]));
    const first = byKey.get(baseline);
    if (!first) return null;
    const placed = levels.flatMap(({ key, x }) => {
      const task = byKey.get(key);
      return task ? [{ ...task, x }] : [];
    });
    return nextOnCurve({ baseline: first, levels: placed, current }, isFree);
  };

/** A level is certain when its 95 % interval reaches at most so many percentage points to each side. */
const goal = 1;

/**
 * Which result of a curve gets the next chunk of questions.
 *
 * A first sample of each comes before anything else: of the uncompressed model, of the level that is looked at, of the
 * ends of the curve, so that every other level lies between two that are known; of the neighbours of the level that is
 * looked at; and then wherever estimates say least ({@link removedBySample}): on the curve's knee, not on its flat
 * stretches.
 *
 * Then the intervals narrow: of the uncompressed model and the level that is looked at, until both are certain to a
 * percentage point; then of the level with the widest one. Widths are compared in whole points: finer, every chunk would
 * go to another level, and each change compresses anew. When all are certain, each is brought to its end: what is looked
 * at first, then by distance from it.
 *
 * Levels are compared with the uncompressed model question by question, so it is always asked at least as far as any
 * level that is about to be asked more.
 *
 * @param isFree whether a result may be chosen; one that another tab works on still counts as known
 * @returns null where nothing that is free is left
 */
export function nextOnCurve<T extends Scored>(
  curve: CurveTasks<T>,
  isFree: (task: T) => boolean = () => true,
): T | null {
  const { baseline } = curve;
  const chosen = choose(curve, isFree);
  const isAhead = chosen !== null && chosen.key !== baseline.key && chosen.asked >= baseline.asked;
  return isAhead && baseline.asked < baseline.of && isFree(baseline) ? baseline : chosen;
}

function choose<T extends Scored>(
  { baseline, levels, current }: CurveTasks<T>,
  isFree: (task: T) => boolean,
): T | null {
  const isOpen = <S extends T>(task: S | undefined): task is S =>
    task !== undefined && task.asked < task.of && isFree(task);
  const looked = levels[current];
  const nearest = byDistance(
    levels.map((task, level) => ({ task, level })),
    current,
  ).map(({ task }) => task);

  const wanted = [baseline, looked, levels.at(-1), levels[0], levels[current - 1], levels[current + 1]];
  const sample = wanted.filter(isOpen).find((task) => !isSampled(task));
  if (sample) return sample;
  const unsampled = nearest.filter((task) => isOpen(task) && !isSampled(task));
  if (unsampled.length > 0) return highest(unsampled, (task) => removedBySample(levels, levels.indexOf(task)));

  const compared = evenly(looked ? [baseline, looked] : [baseline]).filter(isOpen);
  const open = nearest.filter(isOpen);
  const uncertain = open.filter((task) => points(task) > goal);
  return compared.find((task) => points(task) > goal) ?? highest(uncertain, points) ?? compared[0] ?? open[0] ?? null;
}

/** How far a result's interval reaches to each side, in whole percentage points, rounded up. */
function points({ hits, asked }: Scored): number {
  const { low, high } = wilson(hits, asked);
  return Math.ceil(50 * (high - low));
}

/** The first of those with the highest score. */
function highest<T>(list: readonly T[], score: (entry: T) => number): T | null {
  let best: { entry: T; score: number } | null = null;
  for (const entry of list) {
    const own = score(entry);
    if (best === null || own > best.score) best = { entry, score: own };
  }
  return best?.entry ?? null;
}

/**
 * How much of what is not known of the curve a sample of a level takes away (its acquisition score).
 *
 * Between two sampled levels the curve lies somewhere in a box: as wide as they are apart, as high as both of their
 * intervals together. A point at the share t of the way that lies near the line leaves of the box a part of t² before it
 * and of (1 - t)² behind it: 2 t (1 - t) of its area is gone. So the box that is high (the knee) and wide comes first,
 * and its middle.
 *
 * @param levels the least compressed first
 * @param at the level's number, one that is not sampled
 * @returns in units of the horizontal axis
 */
export function removedBySample(levels: readonly Placed<Scored>[], at: number): number {
  const known = (task: Scored | undefined): Interval => (task ? wilson(task.hits, task.asked) : { low: 0, high: 1 });
  const milder = levels.slice(0, at).findLast(isSampled);
  const stronger = levels.slice(at + 1).find(isSampled);
  const [before, after] = [known(milder), known(stronger)];
  const height = Math.max(before.high, after.high) - Math.min(before.low, after.low);
  const from = (milder ?? levels[0]).x;
  const width = (stronger ?? levels[levels.length - 1]).x - from;
  const t = width === 0 ? 0 : (levels[at].x - from) / width;
  return Math.abs(width) * height * 2 * t * (1 - t);
}

/** Levels by how near they are to the one that is looked at; of two at the same distance the milder one first. */
export function byDistance<T extends { level: number }>(levels: readonly T[], current: number): T[] {
  return [...levels].sort((a, b) => Math.abs(a.level - current) - Math.abs(b.level - current) || a.level - b.level);
}
