import { firstChunk } from '../../chunks.ts';

/** How far a result is: `asked` of the `of` questions that are wanted, `hits` of them answered correctly. */
export interface RunTask {
  /** The result's key. */
  key: string;
  model: string;
  asked: number;
  of: number;
  hits: number;
}

/**
 * Which result gets the next chunk of questions: a pure function, so that a plan can be played through in a test.
 *
 * @param tasks every result of the run, complete ones too, in the order in which the view named them
 * @param isFree whether a result may be chosen now. Others (another tab works on it, its model is still being opened)
 *   still count as known
 * @returns null where nothing that is free is left to do
 */
export type Policy = (tasks: readonly RunTask[], isFree: (task: RunTask) => boolean) => RunTask | null;

export const isComplete = ({ asked, of }: Pick<RunTask, 'asked' | 'of'>) => asked >= of;

/** Whether the first sample is there. */
export const isSampled = ({ asked, of }: Pick<RunTask, 'asked' | 'of'>) => asked >= Math.min(firstChunk, of);

/** The first two results, the one that has had less first: what is compared is asked in step. */
export function evenly<T extends Pick<RunTask, 'asked'>>([first, second, ...others]: readonly T[]): T[] {
  if (!first || !second) return [first, second].filter((task) => task !== undefined);
  return second.asked < first.asked ? [second, first, ...others] : [first, second, ...others];
}
