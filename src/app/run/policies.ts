import { type Interval, wilson } from '../../lab/metrics/interval.ts';
import { firstChunk } from './chunks.ts';

/** What is left to do for one result. */
export interface Todo {
  key: string;
  asked: number;
  of: number;
}

/** What is left to do for one result, and what is known of it. */
export interface ScoredTodo extends Todo {
  hits: number;
}

/** A level, and where it lies on the horizontal axis. */
type Placed<T> = T & { x: number };

/** All results of a curve. */
export interface CurveTodos<T> {
  /** The uncompressed model. */
  baseline: T;
  /** The least compressed first; the uncompressed model may be among them. */
  levels: readonly Placed<T>[];
  /** The level that is looked at. */
  current: number;
}

/** A level is certain when its 95 % interval reaches at most so many percentage points to each side. */
const goal = 1;

/**
 * Which result of a curve to ask the next piece of.
 *
 * A first sample of each comes before anything else: of the uncompressed model, of the level that is looked at, of the
 * ends of the curve, so that every other level lies between two that are known; of the neighbours on both sides of what
 * is looked at; and then always where estimating says least ({@link removedBySample}): on the curve's knee, not on its
 * flat stretches.
 *
 * Then the intervals narrow: of the uncompressed model and the level that is looked at together, until both are certain
 * to a percentage point; then of the level with the widest one. A level that is certain yields to one that is not. Widths
 * are compared in whole points: finer, every piece would go to another level, and each change compresses anew.
 *
 * When all are certain, each is brought to its end in the same order: what is looked at, then by distance from it.
 *
 * @param isFree whether a result may be chosen; one that may not, since another tab works on it, still counts as known
 * @returns null where nothing is left that is free
 */
export function nextTodo<T extends ScoredTodo>(
  { baseline, levels, current }: CurveTodos<T>,
  isFree: (todo: T) => boolean = () => true,
): T | null {
  const isOpen = <S extends T>(todo: S | undefined): todo is S =>
    todo !== undefined && todo.asked < todo.of && isFree(todo);
  const looked = levels[current];
  const nearest = byDistance(
    levels.map((todo, level) => ({ todo, level })),
    current,
  ).map(({ todo }) => todo);

  const wanted = [baseline, looked, levels.at(-1), levels[0], levels[current - 1], levels[current + 1]];
  const sample = wanted.filter(isOpen).find((todo) => !isSampled(todo));
  if (sample) return sample;
  const unsampled = nearest.filter((todo) => isOpen(todo) && !isSampled(todo));
  if (unsampled.length > 0) return highest(unsampled, (todo) => removedBySample(levels, levels.indexOf(todo)));

  const compared = evenly(looked ? [baseline, looked] : [baseline]).filter(isOpen);
  const open = nearest.filter(isOpen);
  const uncertain = open.filter((todo) => points(todo) > goal);
  return compared.find((todo) => points(todo) > goal) ?? highest(uncertain, points) ?? compared[0] ?? open[0] ?? null;
}

/** Whether the first sample is there. */
const isSampled = ({ asked, of }: Todo) => asked >= Math.min(firstChunk, of);

/** How far a result's interval reaches to each side, in whole percentage points, rounded up. */
function points({ hits, asked }: ScoredTodo): number {
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
export function removedBySample(levels: readonly Placed<ScoredTodo>[], at: number): number {
  const known = (todo: ScoredTodo | undefined): Interval =>
    todo ? wilson(todo.hits, todo.asked) : { low: 0, high: 1 };
  const milder = levels.slice(0, at).findLast(isSampled);
  const stronger = levels.slice(at + 1).find(isSampled);
  const [before, after] = [known(milder), known(stronger)];
  const height = Math.max(before.high, after.high) - Math.min(before.low, after.low);
  const from = (milder ?? levels[0]).x;
  const width = (stronger ?? levels[levels.length - 1]).x - from;
  const t = width === 0 ? 0 : (levels[at].x - from) / width;
  return Math.abs(width) * height * 2 * t * (1 - t);
}

/**
 * The uncompressed model and the level that is looked at, the one that has had less first: what is compared grows
 * together, and its interval narrows as fast as it can.
 *
 * @param todos these two, then the others
 */
export function evenly<T extends Todo>([first, second, ...others]: readonly T[]): T[] {
  if (!first || !second) return [first, second].filter((todo) => todo !== undefined);
  return second.asked < first.asked ? [second, first, ...others] : [first, second, ...others];
}

/** Levels by how near they are to the one that is looked at; of two at the same distance the milder one first. */
export function byDistance<T extends { level: number }>(levels: readonly T[], current: number): T[] {
  return [...levels].sort((a, b) => Math.abs(a.level - current) - Math.abs(b.level - current) || a.level - b.level);
}

/** Speed over the last few seconds, and how long the rest takes at it. */
export class Pace {
  readonly #marks: { time: number; done: number }[] = [];
  readonly #window: number;

  /** @param window how far back to look, in milliseconds */
  constructor(window = 8000) {
    this.#window = window;
  }

  /** Tells how many probes were computed by now, at `time` in milliseconds. */
  mark(time: number, done: number): void {
    this.#marks.push({ time, done });
    while (this.#marks.length > 2 && time - this.#marks[0].time > this.#window) this.#marks.shift();
  }

  /** Probes a second, or null before there is anything to tell. */
  get rate(): number | null {
    const [first] = this.#marks;
    const last = this.#marks.at(-1);
    if (!first || !last || last.time - first.time < 200 || last.done === first.done) return null;
    return ((last.done - first.done) / (last.time - first.time)) * 1000;
  }
}
