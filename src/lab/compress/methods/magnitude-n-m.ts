import { z } from 'zod';
import { eachMatrix, type Matrix, type Method, pruned } from '../method.ts';
import { bitsOf, firstNonFinite, notFinite } from '../shared/finite.ts';
import { checkPattern, copyLargest } from '../shared/largest.ts';
import { patternAxis, patternFits, patternRule, patternShape } from '../shared/pattern.ts';

const params = z.strictObject(patternShape).refine(patternFits, patternRule);

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
  axis: patternAxis,
  describe: ({ n, m }) => ({ effect: `${n} of every ${m} weights kept`, how: 'magnitude' }),
  apply: (matrices, { n, m }) => eachMatrix(matrices, (matrix) => keepLargest(matrix, n, m)),
  device(matrices, { n, m }) {
    for (const matrix of matrices) checkPattern(matrix, m, 'magnitude-n-m');
    return { kind: 'keep-largest', matrices: matrices.map(({ site }) => site.name), n, m };
  },
};

function keepLargest(matrix: Matrix, n: number, m: number): Matrix {
  checkPattern(matrix, m, 'magnitude-n-m');
  const values = new Float32Array(matrix.values.length);
  const bits = bitsOf(matrix.values);
  if (copyLargest(bits, bits, bitsOf(values), n, m) >= firstNonFinite) throw notFinite(matrix);
  return n === m ? matrix : pruned(matrix, values, { n, m });
}
