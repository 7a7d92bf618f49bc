import { startTransition, useEffect, useState } from 'react';
import { type LabState, useLab } from '../../app/views/explore/explore-store.ts';

/**
 * Like useLab, for the parts of the page that are much work to draw. They follow a moment later, in small tasks, so
 * that neither the slider nor a number in words waits for them: useLab itself draws at once, in one task.
 *
 * @param select the same function of the state at every call
 */
export function useDeferredLab<T>(select: (state: LabState) => T): T {
  const [value, setValue] = useState(() => select(useLab.getState()));
  // It is the same function at every call, though another object: followed once.
  useEffect(() => {
    const follow = (state: LabState) => startTransition(() => setValue(() => select(state)));
    follow(useLab.getState());
    return useLab.subscribe(follow);
  }, []);
  return value;
}
