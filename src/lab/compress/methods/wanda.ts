import { z } from 'zod';
import { calibration } from '../calibration.ts';
import { type Context, eachMatrix, type Matrix, type Method, pruned } from '../method.ts';
import { activeAllocation, allocationWords, normsOf, shares } from '../shared/allocation.ts';
import { checkFinite } from '../shared/finite.ts';
import { percent } from '../shared/percent.ts';
import { removeFromRows } from '../shared/row-select.ts';
import { roundHalfEven } from '../shared/select.ts';
import { sparsity, sparsityAxis } from '../shared/sparsity.ts';

const params = z.strictObject({ sparsity, allocation: activeAllocation, ...calibration });

/** |w| times the L2 norm of its input feature, the same share of each output row. */
export const wanda: Method<z.output<typeof params>> = {
  id: 'wanda',
  label: 'Remove the weights that matter least to the result',
  term: 'Wanda pruning (weights and activations)',
  kind: 'prune',
  group: 'weights',
  help:
    'Weighs each weight with how strong its input usually is, measured on texts of the suite, and removes the ' +
    'lowest of each output row. It often keeps more than magnitude alone at high sparsity, and needs no training.',
  citation: {
    text: 'Sun et al. 2023, A Simple and Effective Pruning Approach for Large Language Models',
    url: 'https://arxiv.org/abs/2306.11695',
  },
  needs: () => 'norms',
  params,
  axis: sparsityAxis,
  describe: ({ sparsity, allocation }) => ({
    effect: `${percent(sparsity)} of the weights removed`,
    how: `Wanda${allocationWords(allocation)}`,
  }),
  apply(matrices, { sparsity, allocation }, context) {
    const all = shares(matrices, sparsity, allocation, context);
    return eachMatrix(matrices, (matrix, index) => dropLowest(matrix, all[index], context));
  },
};

function dropLowest(matrix: Matrix, share: number, context: Context): Matrix {
  const norms = normsOf(matrix, context);
  checkFinite(matrix);
  const drop = roundHalfEven(share * matrix.columns);
  if (drop === 0) return matrix;
  return pruned(matrix, removeFromRows(matrix, wandaMetric(matrix, norms), drop));
}

/** |w| · ‖x‖ of every weight, float32, [rows, columns] (Sun et al. 2023, equation 1). */
export function wandaMetric({ values, columns }: Matrix, norms: Float32Array): Float32Array {
  const metric = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns)
    for (let c = 0; c < columns; c++) metric[start + c] = Math.abs(values[start + c]) * norms[c];
  return metric;
}
