import { isComplete, isSampled, type Policy } from './policy.ts';

/** Works through a list: a first sample of each result in turn, so that all stand; then each to its end. */
export const inOrder: Policy = (tasks, isFree) => {
  const free = tasks.filter((task) => !isComplete(task) && isFree(task));
  return free.find((task) => !isSampled(task)) ?? free[0] ?? null;
};
