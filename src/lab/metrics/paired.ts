import { type Interval, wilson } from './interval.ts';

/** How two models' outcomes go together, over probes that both were asked. */
export interface FourCounts {
  /** Right in both. */
  both: number;
  /** Right in the first alone. */
  lost: number;
  /** Right in the second alone. */
  gained: number;
  /** Wrong in both. */
  neither: number;
}

/** How many probes these are. */
export const totalOf = ({ both, lost, gained, neither }: FourCounts) => both + lost + gained + neither;

/**
 * The second model's share minus the first one's, with the 95 % interval of a difference of paired shares: both Wilson
 * intervals put together by squares, less as much as the outcomes go together (Newcombe 1998, Statistics in Medicine
 * 17:2635–2650, method 10).
 *
 * @returns null where nothing was asked
 */
export function pairedDifference(counts: FourCounts): ({ difference: number } & Interval) | null {
  const { both, lost, gained, neither } = counts;
  const n = totalOf(counts);
  if (n === 0) return null;
  const [first, second] = [both + lost, both + gained];
  const [p1, p2] = [first / n, second / n];
  const [w1, w2] = [wilson(first, n), wilson(second, n)];
  const product = both * neither - lost * gained;
  const spread = Math.sqrt(first * (n - first) * second * (n - second));
  // Newcombe's continuity correction: a weak positive correlation counts as none.
  const phi = spread === 0 ? 0 : (product > 0 ? Math.max(0, product - n / 2) : product) / spread;
  const distance = (x: number, y: number) => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const difference = p2 - p1;
  return {
    difference,
    low: Math.max(-1, difference - distance(p2 - w2.low, w1.high - p1)),
    high: Math.min(1, difference + distance(w2.high - p2, p1 - w1.low)),
  };
}
