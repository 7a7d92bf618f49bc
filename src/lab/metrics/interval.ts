/** A share with the interval that its sample size leaves it. */
export interface Interval {
  low: number;
  high: number;
}

/** The standard normal quantile of a two-sided 95 % interval. */
export const z95 = 1.959963984540054;

/**
 * Wilson score interval of a binomial share, which stays within 0 … 1 and holds its level near both ends
 * (Wilson 1927; Brown, Cai and DasGupta 2001).
 *
 * @param hits 0 … n
 * @param n how many were asked; for 0 nothing is known: 0 … 1
 */
export function wilson(hits: number, n: number, z = z95): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const share = hits / n;
  const z2 = z * z;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  // At the ends the formula gives exactly 0 and 1; rounding must not push the bounds past the share.
  return { low: hits === 0 ? 0 : Math.max(0, centre - half), high: hits === n ? 1 : Math.min(1, centre + half) };
}

/**
 * Interval of the mean of several independent shares, from the interval of each (MOVER, method of variance estimates
 * recovery; Donner and Zou 2010): what a macro average has.
 */
export function meanInterval(shares: readonly { share: number; interval: Interval }[]): Interval {
  if (shares.length === 0) return { low: 0, high: 1 };
  const count = shares.length;
  const mean = shares.reduce((sum, { share }) => sum + share, 0) / count;
  const root = (distance: (entry: (typeof shares)[number]) => number) =>
    Math.sqrt(shares.reduce((sum, entry) => sum + distance(entry) ** 2, 0)) / count;
  return {
    low: Math.max(0, mean - root(({ share, interval }) => share - interval.low)),
    high: Math.min(1, mean + root(({ share, interval }) => interval.high - share)),
  };
}
