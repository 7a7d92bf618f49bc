import { firstPiece } from './pieces.ts';

/** What is left to do for one result. */
export interface Todo {
  key: string;
  asked: number;
  of: number;
}

/**
 * Which result to work on next: first a sample of the uncompressed model, then of the level that is looked at, then of
 * every other one, so that the whole curve stands within seconds; then each to its end in the same order.
 *
 * @param todos the uncompressed model's, then the others by how far they are from the level that is looked at
 * @returns the one to ask the next piece of, or null where all are complete
 */
export function nextTodo<T extends Todo>(todos: readonly T[]): T | null {
  const open = todos.filter((todo) => todo.asked < todo.of);
  return open.find((todo) => todo.asked < Math.min(firstPiece, todo.of)) ?? open[0] ?? null;
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
