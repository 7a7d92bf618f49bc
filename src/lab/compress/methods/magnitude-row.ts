import { z } from 'zod';
import { eachMatrix, type Matrix, type Method, pruned } from '../method.ts';
import { bitsOf, firstNonFinite, notFinite } from '../shared/finite.ts';
import { percent } from '../shared/percent.ts';
import { removeFromRows } from '../shared/row-select.ts';
import { roundHalfEven } from '../shared/select.ts';
import { sparsity, sparsityAxis } from '../shared/sparsity.ts';

const params = z.strictObject({ sparsity });

/** A threshold per output row: k = roundHalfEven(sparsity · columns) of each. */
export const magnitudeRow: Method<z.output<typeof params>> = {
  id: 'magnitude-row',
  label: 'Remove the smallest weights, the same share of every output',
  term: 'row-wise magnitude pruning',
  kind: 'prune',
  group: 'weights',
  help:
    'Sets the weights closest to zero to zero, the same share of each output row. It compares weights as Wanda does, but ' +
    'without a look at activations: choose it to see what that look is worth.',
  citation: {
    text: 'Sun et al. 2023, A Simple and Effective Pruning Approach for Large Language Models, section 3',
    url: 'https://arxiv.org/abs/2306.11695',
  },
  needs: () => 'nothing',
  params,
  axis: sparsityAxis,
  describe: (params) => ({ effect: `${percent(params.sparsity)} of every row removed`, how: 'magnitude' }),
  apply: (matrices, params) =>
    eachMatrix(matrices, (matrix) => dropSmallest(matrix, roundHalfEven(params.sparsity * matrix.columns))),
};

function dropSmallest(matrix: Matrix, drop: number): Matrix {
  const magnitudes = new Float32Array(matrix.values.length);
  const from = bitsOf(matrix.values);
  const to = bitsOf(magnitudes);
  let largest = 0;
  for (let i = 0; i < from.length; i++) {
    to[i] = from[i] & 0x7fffffff;
    largest = Math.max(largest, to[i]);
  }
  if (largest >= firstNonFinite) throw notFinite(matrix);
  return drop === 0 ? matrix : pruned(matrix, removeFromRows(matrix, magnitudes, drop));
}
