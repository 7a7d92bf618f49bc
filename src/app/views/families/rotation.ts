import { firstChunk } from '../../run/chunks.ts';
import type { Todo } from '../../run/policies.ts';

/** Whose turn it is, and with what. */
export interface Turn<T> {
  track: number;
  todo: T;
}

/**
 * Which model to ask next, and which of its results: first a sample of every level of every model, so that all curves
 * stand; then each result to its end, in the order given. The model that has had the least has the turn, so that none
 * waits for another one.
 *
 * @param tracks each model's results, the most wanted first; an empty list for a model that is not ready
 * @returns null where nothing is left to do
 */
export function nextTurn<T extends Todo>(tracks: readonly (readonly T[])[]): Turn<T> | null {
  const isSampled = ({ asked, of }: Todo) => asked >= Math.min(firstChunk, of);
  const isComplete = ({ asked, of }: Todo) => asked >= of;
  return (
    turnOf(tracks, isSampled, (todos) => todos.filter(isSampled).length) ??
    turnOf(tracks, isComplete, (todos) => todos.reduce((sum, { asked }) => sum + asked, 0))
  );
}

function turnOf<T extends Todo>(
  tracks: readonly (readonly T[])[],
  isDone: (todo: T) => boolean,
  had: (todos: readonly T[]) => number,
): Turn<T> | null {
  let best: (Turn<T> & { had: number }) | null = null;
  tracks.forEach((todos, track) => {
    const todo = todos.find((candidate) => !isDone(candidate));
    if (todo && (best === null || had(todos) < best.had)) best = { track, todo, had: had(todos) };
  });
  return best;
}

/**
 * Levels in the order in which a curve takes shape soonest: none, the one that is looked at, then always the one that
 * is farthest from all before it.
 */
export function spread<T extends { level: number }>(levels: readonly T[], current: number): T[] {
  const left = [...levels];
  const taken: T[] = [];
  const take = (index: number) => {
    if (index >= 0) taken.push(...left.splice(index, 1));
  };
  take(left.findIndex(({ level }) => level === 0));
  take(left.findIndex(({ level }) => level === current));
  while (left.length > 0) {
    const gaps = left.map(({ level }) =>
      Math.min(Number.POSITIVE_INFINITY, ...taken.map((other) => Math.abs(other.level - level))),
    );
    take(gaps.indexOf(Math.max(...gaps)));
  }
  return taken;
}
