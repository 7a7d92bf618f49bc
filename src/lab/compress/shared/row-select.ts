import type { Matrix } from '../method.ts';
import { bitsOf } from './finite.ts';
import { cutOf } from './select.ts';

/**
 * A matrix's values without the `count` of each row whose metric is smallest; among equal ones the leftmost go.
 *
 * @param metric [rows, columns], from 0 up, no NaN
 * @param count 1 up to the number of columns
 */
export function removeFromRows({ values, columns }: Matrix, metric: Float32Array, count: number): Float32Array {
  const kept = new Float32Array(values.length);
  const from = bitsOf(values);
  const to = bitsOf(kept);
  const keys = bitsOf(metric);
  const scratch = new Int32Array(columns);
  for (let start = 0; start < values.length; start += columns) {
    const row = keys.subarray(start, start + columns);
    const { key, ties } = cutOf(row, count, scratch);
    // The sign of a difference as a mask: floats from 0 up have patterns below 2^31.
    for (let c = 0; c < columns; c++) to[start + c] = from[start + c] & ~((row[c] - key) >> 31);
    let left = ties;
    for (let c = 0; left > 0; c++) {
      if (row[c] !== key) continue;
      to[start + c] = 0;
      left--;
    }
  }
  return kept;
}
