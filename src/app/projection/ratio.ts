import { type Interval, wilson, z95 } from '../../lab/metrics/interval.ts';

/** How the outcomes of two levels go together, over probes that both were asked. */
export interface Pairs {
  /** Right before and after. */
  both: number;
  /** Right before alone: forgotten. */
  before: number;
  /** Right after alone. */
  after: number;
}

/**
 * Accuracy after, as a share of accuracy before, with its 95 % interval for a ratio of paired shares (Bonett and Price
 * 2006: two Wilson intervals, narrowed by how much the two go together).
 *
 * @returns null where nothing was right before: there is nothing to be a share of
 */
export function paired({ both, before, after }: Pairs): ({ share: number } & Interval) | null {
  const first = both + before;
  const second = both + after;
  if (first === 0) return null;
  const n = both + before + after;
  const spread = Math.sqrt((before + after + 2) / ((first + 1) * (second + 1)));
  const own = (hits: number) => Math.sqrt((1 - (hits + 1) / (n + 2)) / (hits + 1));
  const z = z95 * (spread / (own(first) + own(second)));
  const base = wilson(first, n, z);
  const now = wilson(second, n, z);
  return { share: second / first, low: now.low / base.high, high: now.high / base.low };
}
