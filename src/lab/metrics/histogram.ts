/** How often values fall in each of some bins of one width. */
export interface Histogram {
  /** The bins' borders, one more than there are bins; both histograms of a pair have the same. */
  edges: number[];
  /** Values of each bin before and after; a value on a border counts to the bin above it, the highest to the last. */
  before: number[];
  after: number[];
  /** Values that are exactly 0, which no bin counts: they would dwarf all others. */
  zerosBefore: number;
  zerosAfter: number;
}

/**
 * What became of weights: two histograms over one range, from the smallest to the largest of all values.
 *
 * @param before and `after`: finite values
 * @param bins how many bins there are; bins are symmetric around 0, so that an odd number has one around it
 */
export function histogramPair(before: Float32Array, after: Float32Array, bins: number): Histogram {
  let most = 0;
  for (const values of [before, after]) for (const value of values) most = Math.max(most, Math.abs(value));
  const width = (2 * most) / bins;
  const countOf = (values: Float32Array) => {
    const counts = new Array<number>(bins).fill(0);
    let zeros = 0;
    for (const value of values) {
      if (value === 0) zeros++;
      else counts[Math.min(bins - 1, Math.floor((value + most) / width))]++;
    }
    return { counts, zeros };
  };
  const [first, second] = [countOf(before), countOf(after)];
  return {
    edges: Array.from({ length: bins + 1 }, (_, at) => (at === bins ? most : at * width - most)),
    before: first.counts,
    after: second.counts,
    zerosBefore: first.zeros,
    zerosAfter: second.zeros,
  };
}
