import { startTransition, useEffect, useState } from 'react';
import { type ExploreState, useExplore } from '../../app/views/explore/explore-store.ts';

/**
 * Like useLab, for the parts of the page that are much work to draw. They follow a moment later, in small tasks, so
 * that neither the slider nor a number in words waits for them: useLab itself draws at once, in one task.
 *
 * @param select the same function of the state at every call
 */
export function useDeferredExplore<T>(select: (state: ExploreState) => T): T {
  const [value, setValue] = useState(() => select(useExplore.getState()));
  // It is the same function at every call, though another object: followed once.
  useEffect(() => {
    const follow = (state: ExploreState) => startTransition(() => setValue(() => select(state)));
    follow(useExplore.getState());
    return useExplore.subscribe(follow);
  }, []);
  return value;
}
