/**
 * Ranks from 1, equal values sharing the mean of theirs.
 *
 * @param values finite, or infinite: infinities are largest or smallest, and equal to each other
 */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] < values[b] ? -1 : +(values[a] > values[b])));
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let at = from; at < to; at++) ranks[order[at]] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, ties at their mean rank (Spearman 1904; Kendall and
 * Gibbons, Rank Correlation Methods, 1990, section 3.8). 1 where both rise together, -1 where one falls as the other rises.
 *
 * @param pairs without NaN
 * @returns null where it says nothing: fewer than three pairs, or all values of a side equal
 */
export function spearman(pairs: readonly (readonly [number, number])[]): number | null {
  const n = pairs.length;
  if (n < 3) return null;
  const [x, y] = [0, 1].map((side) => ranksOf(pairs.map((pair) => pair[side])));
  const mean = (n + 1) / 2;
  const sum = (term: (at: number) => number) => x.reduce((total, _, at) => total + term(at), 0);
  const spread = sum((at) => (x[at] - mean) ** 2) * sum((at) => (y[at] - mean) ** 2);
  if (spread === 0) return null;
  // Rounding must not push it past its ends.
  return Math.max(-1, Math.min(1, sum((at) => (x[at] - mean) * (y[at] - mean)) / Math.sqrt(spread)));
}
