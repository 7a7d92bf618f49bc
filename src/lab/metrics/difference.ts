import { type Interval, wilson } from './interval.ts';

/** Hits of so many that were asked. */
export interface Count {
  hits: number;
  n: number;
}

/**
 * The second share minus the first one, of different facts each, with the 95 % interval of a difference of independent
 * shares: both Wilson intervals put together by squares (Newcombe 1998, Statistics in Medicine 17:873–890, method 10). Two
 * intervals that overlap do not yet say that there is no difference; this one does.
 *
 * @returns null where one of them has nothing that was asked
 */
export function independentDifference(first: Count, second: Count): ({ difference: number } & Interval) | null {
  if (first.n === 0 || second.n === 0) return null;
  const [p1, p2] = [first.hits / first.n, second.hits / second.n];
  const [w1, w2] = [wilson(first.hits, first.n), wilson(second.hits, second.n)];
  const difference = p2 - p1;
  return {
    difference,
    low: difference - Math.hypot(p2 - w2.low, w1.high - p1),
    high: difference + Math.hypot(w2.high - p2, p1 - w1.low),
  };
}
