import { z } from 'zod';
import { calibration } from './calibration.ts';
import { bitsOf, firstNonFinite, notFinite } from './finite.ts';
import { activationsOf, type Context, eachMatrix, type Matrix, type Method, pruned } from './method.ts';
import { percent } from './percent.ts';
import { roundHalfEven } from './select.ts';
import { sparsity, sparsityAxis } from './sparsity.ts';

const params = z.strictObject({ sparsity, ...calibration });

/** |w| times the L2 norm of its input feature, the same share of each output row (reference.py). */
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
  describe: (params) => ({ effect: `${percent(params.sparsity)} of the weights removed`, how: 'Wanda' }),
  apply: (matrices, params, context) => eachMatrix(matrices, (matrix) => dropLowest(matrix, params.sparsity, context)),
};

function dropLowest(matrix: Matrix, share: number, context: Context): Matrix {
  const { columns, rows } = matrix;
  const norms = Float32Array.from(activationsOf(matrix, context).energy, Math.sqrt);
  if (bitsOf(matrix.values).some((bits) => (bits & 0x7fffffff) >= firstNonFinite)) throw notFinite(matrix);
  const drop = roundHalfEven(share * columns);
  if (drop === 0) return matrix;
  const values = matrix.values.slice();
  // Sorting numbers natively beats a comparator: the metric is not negative, so its float32 bits order as it does,
  // and the column in the low digits breaks ties as a stable ascending sort would.
  const keys = new Float64Array(columns);
  const metric = new Float32Array(columns);
  const bits = bitsOf(metric);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let c = 0; c < columns; c++) metric[c] = Math.abs(values[start + c]) * norms[c];
    for (let c = 0; c < columns; c++) keys[c] = bits[c] * 2 ** 21 + c;
    keys.sort();
    for (let k = 0; k < drop; k++) values[start + (keys[k] % 2 ** 21)] = 0;
  }
  return pruned(matrix, values);
}
