import { z } from 'zod';
import { calibration } from '../calibration.ts';
import type { Matrix, Method } from '../method.ts';
import { type BlockPlan, compensate, damping, rewritten, type Sheet } from '../shared/compensate.ts';
import { checkPattern } from '../shared/largest.ts';
import { patternAxis, patternFits, patternRule, patternShape } from '../shared/pattern.ts';
import { clear, measure } from '../shared/saliency.ts';

const params = z
  .strictObject({
    ...patternShape,
    blocksize: z
      .int()
      .min(8)
      .max(1024)
      .default(128)
      .meta({
        title: 'Inputs at a time',
        description:
          'Inputs after which errors are passed on to all that follow, rounded up to whole groups: it changes the time, ' +
          'and the result by its rounding only.',
      }),
    damping,
    ...calibration,
  })
  .refine(patternFits, patternRule);

/**
 * SparseGPT in a pattern (reference code of the authors, in double): when the first of m consecutive inputs is reached,
 * the m - n weights of each row with the smallest w² / U[i, i]² go. Among equals the lowest index stays. Weights that
 * are 0 already go first, and stay 0 even where they are more.
 */
export const sparsegptNM: Method<z.output<typeof params>> = {
  id: 'sparsegpt-n-m',
  label: 'Keep n of every m weights and let them make good for the others',
  term: 'SparseGPT pruning, N:M',
  kind: 'prune',
  group: 'pattern',
  help:
    'Keeps n of every m neighbouring weights, those that the result would miss most, and changes what is left so that ' +
    'each layer still gives nearly what it gave. It costs the least accuracy of the patterns and takes the longest.',
  citation: {
    text: 'Frantar and Alistarh 2023, SparseGPT: Massive Language Models Can Be Accurately Pruned in One-Shot',
    url: 'https://arxiv.org/abs/2301.00774',
  },
  needs: () => 'gram',
  params,
  axis: patternAxis,
  describe: ({ n, m }) => ({ effect: `${n} of every ${m} weights kept`, how: 'SparseGPT' }),
  apply(matrices, { n, m, blocksize, damping }, context) {
    const block = Math.ceil(blocksize / m) * m;
    return compensate(matrices, context, damping, false, (matrix) => {
      checkPattern(matrix, m, 'sparsegpt-n-m');
      return n === m ? null : (sheet) => keepHighest(matrix, sheet, n, m, block);
    });
  },
};

function keepHighest(matrix: Matrix, sheet: Sheet, n: number, m: number, block: number): BlockPlan {
  const { rows, weights } = sheet;
  // 1 for a weight that goes, [columns, rows].
  const goes = new Uint8Array(weights.length);
  const missed = new Float64Array(m * rows);
  return {
    block,
    unit: m,
    begin(start, end) {
      measure(sheet, start, end, missed);
      const from = start * rows;
      for (let i = 0; i < missed.length; i++) {
        // How many of the group come before it; among equals those that stand before it.
        let better = 0;
        for (let other = i % rows; other < i; other += rows) better += missed[other] >= missed[i] ? 1 : 0;
        for (let other = i + rows; other < missed.length; other += rows) better += missed[other] > missed[i] ? 1 : 0;
        goes[from + i] = better >= n ? 1 : 0;
      }
    },
    settle: (column) => clear(sheet, goes, column),
    made: (values) => rewritten(matrix, values, { n, m }),
  };
}
