import { z } from 'zod';
import { LabError } from '../errors.ts';
import { bitsOf, firstNonFinite, notFinite } from './finite.ts';
import { eachMatrix, type Matrix, type Method, pruned } from './method.ts';

const params = z
  .strictObject({
    n: z.int().min(1).max(64).default(2).meta({
      title: 'Weights kept',
      description: 'How many weights of each group stay; at most the group size.',
    }),
    m: z.int().min(2).max(64).default(4).meta({
      title: 'Group size',
      description: 'How many consecutive inputs of an output row make a group.',
    }),
  })
  .refine(({ n, m }) => n <= m, { path: ['n'], error: 'a whole number from 1 to m, the group size' });

/** Of every m consecutive inputs of an output row the n largest magnitudes stay (paper, 2:4 semi-structured). */
export const magnitudeNM: Method<z.output<typeof params>> = {
  id: 'magnitude-n-m',
  label: 'Keep the n largest of every m weights',
  term: 'N:M semi-structured magnitude pruning',
  kind: 'prune',
  group: 'pattern',
  help:
    'Keeps the n largest of every m neighbouring weights. The regular pattern can be stored in little space, and some ' +
    'processors compute 2 of 4 faster; it costs more accuracy than removing the same share freely.',
  citation: {
    text: 'Zhou et al. 2021, Learning N:M Fine-grained Structured Sparse Neural Networks From Scratch',
    url: 'https://arxiv.org/abs/2102.04010',
  },
  needs: () => 'nothing',
  params,
  axis: {
    label: 'Weights removed',
    unit: 'share',
    levels: [3, 2, 1].map((n) => ({ label: `${n} of 4`, value: 1 - n / 4, params: { n, m: 4 } })),
  },
  describe: ({ n, m }) => ({ effect: `${n} of every ${m} weights kept`, how: 'magnitude' }),
  apply: (matrices, { n, m }) => eachMatrix(matrices, (matrix) => keepLargest(matrix, n, m)),
};

function keepLargest(matrix: Matrix, n: number, m: number): Matrix {
  if (matrix.columns % m !== 0)
    throw new LabError(
      'bad-recipe',
      `magnitude-n-m: m is ${m}, but ${matrix.site.name} has ${matrix.columns} inputs a row, which groups of ${m} do not fill.`,
      'Choose a group size that divides the number of inputs.',
    );
  const values = new Float32Array(matrix.values.length);
  const largest = copyRanked(bitsOf(matrix.values), bitsOf(values), n, m);
  if (largest >= firstNonFinite) throw notFinite(matrix);
  return n === m ? matrix : pruned(matrix, values, { n, m });
}

/**
 * Copies the n largest magnitudes of every m and leaves the rest as it is. Among equal magnitudes the lowest index
 * stays, as a stable descending sort has it (reference.py); mind that this is the other way round than in
 * {@link removeSmallest}, where the lowest index goes.
 *
 * Each weight's rank is counted from the signs of differences, in m² steps a group but without a branch: for the
 * groups of 4 and 8 that hardware knows, much faster than a selection whose branches cannot be predicted.
 *
 * @returns the largest magnitude of all, as bits
 */
function copyRanked(from: Int32Array, to: Int32Array, n: number, m: number): number {
  let largest = 0;
  for (let start = 0; start < from.length; start += m) {
    const end = start + m;
    for (let i = start; i < end; i++) {
      const magnitude = from[i] & 0x7fffffff;
      largest = Math.max(largest, magnitude);
      let rank = 0;
      for (let j = start; j < i; j++) rank += (magnitude - (from[j] & 0x7fffffff) - 1) >>> 31;
      for (let j = i + 1; j < end; j++) rank += (magnitude - (from[j] & 0x7fffffff)) >>> 31;
      to[i] = from[i] & ((rank - n) >> 31);
    }
  }
  return largest;
}
