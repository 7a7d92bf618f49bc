import { z } from 'zod';
import { LabError } from '../errors.ts';
import { bitsOf, checkFinite } from './finite.ts';
import { type Axis, type Matrix, pruned } from './method.ts';
import { fillMetric } from './select.ts';

/** The parameters of a pattern. Spread them into a schema and refine it with {@link fitsGroup} and {@link groupRule}. */
export const pattern = {
  n: z.int().min(1).max(64).default(2).meta({
    title: 'Weights kept',
    description: 'How many weights of each group stay; at most the group size.',
  }),
  m: z.int().min(2).max(64).default(4).meta({
    title: 'Group size',
    description: 'How many consecutive inputs of an output row make a group.',
  }),
};

/** Whether a group can keep as many as it is told to. */
export const fitsGroup = ({ n, m }: { n: number; m: number }): boolean => n <= m;
export const groupRule = { path: ['n'], error: 'a whole number from 1 to m, the group size' };

/** 3, 2 and 1 of 4. */
export const patternAxis: Axis = {
  label: 'Weights removed',
  unit: 'share',
  levels: [3, 2, 1].map((n) => ({ label: `${n} of 4`, value: 1 - n / 4, params: { n, m: 4 } })),
};

/**
 * Keeps of every m consecutive inputs of an output row the n weights with the largest |w|, or the largest |w| · norm
 * of their input. Among equal ones the lowest index stays, as a stable descending sort has it; mind that this is the
 * other way round than where the smallest are removed.
 *
 * @param id the method's, for messages
 * @param norms one for each input [columns], not negative; products are rounded to float32
 * @returns the matrix itself where n equals m
 * @throws LabError `bad-recipe` where groups of m do not fill a row, `bad-model` for NaN and infinities
 */
export function keepLargest(matrix: Matrix, n: number, m: number, id: string, norms?: Float32Array): Matrix {
  const { columns } = matrix;
  if (columns % m !== 0)
    throw new LabError(
      'bad-recipe',
      `${id}: m is ${m}, but ${matrix.site.name} has ${columns} inputs a row, which groups of ${m} do not fill.`,
      'Choose a group size that divides the number of inputs.',
    );
  checkFinite(matrix);
  if (n === m) return matrix;
  const from = matrix.values;
  const values = new Float32Array(from.length);
  const [fromBits, toBits] = [bitsOf(from), bitsOf(values)];
  const metric = new Float32Array(columns);
  const keys = bitsOf(metric);
  for (let start = 0; start < from.length; start += columns) {
    fillMetric(metric, from, start, norms);
    copyRanked(keys, fromBits, toBits, start, n, m);
  }
  return pruned(matrix, values, { n, m });
}

/**
 * Copies what has one of the n largest keys of every m, and zero for the rest of the row.
 *
 * Each weight's rank is counted from the signs of differences, in m² steps a group but without a branch: for the
 * groups of 4 and 8 that hardware knows, much faster than a selection whose branches cannot be predicted.
 */
function copyRanked(keys: Int32Array, from: Int32Array, to: Int32Array, row: number, n: number, m: number): void {
  for (let start = 0; start < keys.length; start += m) {
    const end = start + m;
    for (let i = start; i < end; i++) {
      const key = keys[i];
      let rank = 0;
      for (let j = start; j < i; j++) rank += (key - keys[j] - 1) >>> 31;
      for (let j = i + 1; j < end; j++) rank += (key - keys[j]) >>> 31;
      to[row + i] = from[row + i] & ((rank - n) >> 31);
    }
  }
}
