/** What McNemar's test says of two models that were asked the same. */
export interface McNemar {
  /** Two-sided exact p. */
  exact: number;
  /** Two-sided mid-p: less strict, and in most cases closer to the level that it promises. */
  mid: number;
}

/**
 * McNemar's exact test. If both models knew equally much, each fact that only one of them knows would be either's by the
 * throw of a coin: of n = b + c such facts, min(b, c) or fewer would be on one side with P(X ≤ min(b, c)), X ~ B(n, ½).
 *
 * Exact: 2 · P(X ≤ m), at most 1. Mid-p: the same without half of P(X = m) on each side (McNemar 1947; Fagerland,
 * Lydersen and Laake 2013, BMC Medical Research Methodology 13:91).
 *
 * @param b known to the first alone
 * @param c known to the second alone
 */
export function mcnemar(b: number, c: number): McNemar {
  const n = b + c;
  const m = Math.min(b, c);
  // Counted in logarithms: 2⁻ⁿ is no longer a number from n = 1075 on.
  let log = -n * Math.LN2;
  for (let k = 1; k <= m; k++) log += Math.log((n - k + 1) / k);
  const at = Math.exp(log);
  let tail = 0;
  // From the largest term down: each is the one before it times k / (n − k + 1).
  for (let k = m, term = 1; k >= 0 && term > 1e-18 * tail; k--) {
    tail += term;
    term *= k / (n - k + 1);
  }
  const doubled = 2 * tail * at;
  return { exact: Math.min(1, doubled), mid: Math.min(1, Math.max(0, doubled - at)) };
}

/**
 * Holm's adjustment for several tests at once: whoever calls those below α significant is wrong about any of them with a
 * probability of at most α (Holm 1979).
 *
 * @returns the adjusted p values, in the same order
 */
export function holm(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((x, y) => values[x] - values[y]);
  const adjusted = new Array<number>(values.length);
  let least = 0;
  order.forEach((at, place) => {
    least = Math.max(least, Math.min(1, (values.length - place) * values[at]));
    adjusted[at] = least;
  });
  return adjusted;
}
