import { type Interval, wilson } from './interval.ts';

/**
 * Mean of values that lie between 0 and 1, such as reciprocal ranks, with its 95 % interval.
 *
 * Such values vary at most as much as hits and misses with the same mean: σ² ≤ μ (1 − μ) (Bhatia and Davis 2000). So
 * Wilson's interval for a share is never too narrow for them, and unlike one from their own variance it stays sensible
 * where all of a small sample are equal.
 *
 * @param sum of the values, 0 … n
 * @param n how many there are, at least 1
 */
export const boundedMean = (sum: number, n: number): { share: number } & Interval => {
  const mean = Math.min(1, sum / n);
  const { low, high } = wilson(sum, n);
  return { share: mean, low: Math.min(low, mean), high: Math.max(high, mean) };
};
