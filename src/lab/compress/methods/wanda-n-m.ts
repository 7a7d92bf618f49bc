import { z } from 'zod';
import { calibration } from '../calibration.ts';
import { type Context, eachMatrix, type Matrix, type Method, pruned } from '../method.ts';
import { normsOf } from '../shared/allocation.ts';
import { bitsOf, checkFinite } from '../shared/finite.ts';
import { checkPattern, copyLargest } from '../shared/largest.ts';
import { patternAxis, patternFits, patternRule, patternShape } from '../shared/pattern.ts';
import { wandaMetric } from './wanda.ts';

const params = z.strictObject({ ...patternShape, ...calibration }).refine(patternFits, patternRule);

/** Of every m consecutive inputs of an output row the n with the largest |w| · ‖x‖ stay (Sun et al. 2023, section 3). */
export const wandaNM: Method<z.output<typeof params>> = {
  id: 'wanda-n-m',
  label: 'Keep the n of every m weights that matter most to the result',
  term: 'N:M semi-structured Wanda pruning',
  kind: 'prune',
  group: 'pattern',
  help:
    'As keeping the n largest of every m weights, but each weight counts with how strong its input usually is, measured ' +
    'on texts of the suite. Costs one measurement; mostly keeps more than magnitude does in the same pattern.',
  citation: {
    text: 'Sun et al. 2023, A Simple and Effective Pruning Approach for Large Language Models',
    url: 'https://arxiv.org/abs/2306.11695',
  },
  needs: () => 'norms',
  params,
  axis: patternAxis,
  describe: ({ n, m }) => ({ effect: `${n} of every ${m} weights kept`, how: 'Wanda' }),
  apply: (matrices, { n, m }, context) => eachMatrix(matrices, (matrix) => keepStrongest(matrix, n, m, context)),
};

function keepStrongest(matrix: Matrix, n: number, m: number, context: Context): Matrix {
  checkPattern(matrix, m, 'wanda-n-m');
  const from = bitsOf(matrix.values);
  checkFinite(matrix);
  if (n === m) return matrix;
  const metric = wandaMetric(matrix, normsOf(matrix, context));
  const values = new Float32Array(matrix.values.length);
  copyLargest(from, bitsOf(metric), bitsOf(values), n, m);
  return pruned(matrix, values, { n, m });
}
