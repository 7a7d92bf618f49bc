import { evenly, isComplete, isSampled, type Policy, type RunTask } from './policy.ts';

/**
 * Gives models turns: first a sample of every level of every model, so that all curves stand; then each result to its
 * end. The model that has had least goes next, so that none waits for another.
 *
 * @param current the level that is looked at: it comes right after the uncompressed model
 */
export const rotate =
  (current: () => number): Policy =>
  (tasks, isFree) => {
    const models = groupByModel(tasks).map((levels) => evenly(spread(levels, current())));
    return (
      turnOf(
        models,
        (task) => isFree(task) && !isSampled(task),
        (levels) => levels.filter(isSampled).length,
      ) ??
      turnOf(
        models,
        (task) => isFree(task) && !isComplete(task),
        (levels) => levels.reduce((sum, { asked }) => sum + asked, 0),
      )
    );
  };

function groupByModel(tasks: readonly RunTask[]): RunTask[][] {
  const groups = new Map<string, RunTask[]>();
  for (const task of tasks) groups.set(task.model, [...(groups.get(task.model) ?? []), task]);
  return [...groups.values()];
}

function turnOf(
  models: readonly (readonly RunTask[])[],
  isOpen: (task: RunTask) => boolean,
  had: (levels: readonly RunTask[]) => number,
): RunTask | null {
  let best: { task: RunTask; had: number } | null = null;
  for (const levels of models) {
    const task = levels.find(isOpen);
    if (task && (best === null || had(levels) < best.had)) best = { task, had: had(levels) };
  }
  return best?.task ?? null;
}

/**
 * Levels in the order in which a curve takes shape soonest: the uncompressed model (the first of them), the level that
 * is looked at, then always the one that is farthest from all before it.
 *
 * @param current the place of the level that is looked at
 */
export function spread<T>(levels: readonly T[], current: number): T[] {
  const left = levels.map((level, place) => ({ level, place }));
  const taken: typeof left = [];
  const take = (index: number) => {
    if (index >= 0) taken.push(...left.splice(index, 1));
  };
  take(0);
  take(left.findIndex(({ place }) => place === current));
  while (left.length > 0) {
    const gaps = left.map(({ place }) => Math.min(Infinity, ...taken.map((other) => Math.abs(other.place - place))));
    take(gaps.indexOf(Math.max(...gaps)));
  }
  return taken.map(({ level }) => level);
}
