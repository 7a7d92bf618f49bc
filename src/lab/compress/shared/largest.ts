import { LabError } from '../../errors.ts';
import type { Shape } from '../method.ts';

/** @throws LabError `bad-recipe` where groups of m do not fill a matrix's rows */
export function checkPattern({ site, columns }: Shape, m: number, method: string): void {
  if (columns % m === 0) return;
  throw new LabError(
    'bad-recipe',
    `${method}: m is ${m}, but ${site.name} has ${columns} inputs a row, which groups of ${m} do not fill.`,
    'Choose a group size that divides the number of inputs.',
  );
}

/**
 * Copies of every m values the n whose magnitudes are largest, and leaves the rest as it is. Among equal ones the
 * lowest index stays, as in a stable descending sort; mind that this is the other way round than in
 * removeSmallest, where the lowest index goes.
 *
 * Each weight's rank is counted from the signs of differences, in m² steps a group but without a branch: for the
 * groups of 4 and 8 that hardware knows, much faster than a selection whose branches cannot be predicted.
 *
 * @param from bits of the values
 * @param ranked bits of what they are ranked by, as many; signs do not count
 * @param to where the values go
 * @returns the largest magnitude of `ranked`, as bits
 */
export function copyLargest(from: Int32Array, ranked: Int32Array, to: Int32Array, n: number, m: number): number {
  let largest = 0;
  for (let start = 0; start < from.length; start += m) {
    const end = start + m;
    for (let i = start; i < end; i++) {
      const magnitude = ranked[i] & 0x7fffffff;
      largest = Math.max(largest, magnitude);
      let rank = 0;
      for (let j = start; j < i; j++) rank += (magnitude - (ranked[j] & 0x7fffffff) - 1) >>> 31;
      for (let j = i + 1; j < end; j++) rank += (magnitude - (ranked[j] & 0x7fffffff)) >>> 31;
      to[i] = from[i] & ((rank - n) >> 31);
    }
  }
  return largest;
}
