import { z } from 'zod';
import { calibration } from '../calibration.ts';
import type { Matrix, Method } from '../method.ts';
import { activeAllocation, allocationWords, shares } from '../shared/allocation.ts';
import { type BlockPlan, compensate, damping, rewritten, type Sheet } from '../shared/compensate.ts';
import { percent } from '../shared/percent.ts';
import { clear, measure } from '../shared/saliency.ts';
import { roundHalfEven } from '../shared/select.ts';
import { sparsity, sparsityAxis } from '../shared/sparsity.ts';

const params = z.strictObject({
  sparsity,
  allocation: activeAllocation,
  blocksize: z.int().min(8).max(1024).default(128).meta({
    title: 'Inputs at a time',
    description:
      'The share is removed from each block of so many inputs; the next block is chosen after it was made good.',
  }),
  damping,
  ...calibration,
});

type Params = z.output<typeof params>;

/**
 * SparseGPT (reference code of the authors, in double). In each block of inputs, the k = roundHalfEven(share · weights
 * of the block) with the smallest w² / U[i, i]² go, and later inputs make good for them. Among equals the lowest
 * row-major index within the block goes first. The reference removes all up to the k-th smallest in a list that counts
 * from 0, which is one more. Weights that are 0 already count as the smallest, and stay 0 even where they are more.
 */
export const sparsegpt: Method<Params> = {
  id: 'sparsegpt',
  label: 'Remove weights and let the others make good for them',
  term: 'SparseGPT pruning',
  kind: 'prune',
  group: 'weights',
  help:
    'Removes the weights that the result misses least, measured on texts of the suite, and changes those that are left ' +
    'so that each layer still gives nearly what it gave. The strongest of these methods at high sparsity, and the ' +
    'slowest. Choose Wanda if it takes too long, or if the weights that stay should stay as they are.',
  citation: {
    text: 'Frantar and Alistarh 2023, SparseGPT: Massive Language Models Can Be Accurately Pruned in One-Shot',
    url: 'https://arxiv.org/abs/2301.00774',
  },
  needs: () => 'gram',
  params,
  axis: sparsityAxis,
  describe: ({ sparsity, allocation }) => ({
    effect: `${percent(sparsity)} of the weights removed`,
    how: `SparseGPT${allocationWords(allocation)}`,
  }),
  apply(matrices, { sparsity, allocation, blocksize, damping }, context) {
    const gone = shares(matrices, sparsity, allocation, context);
    return compensate(matrices, context, damping, false, (matrix, index) =>
      gone[index] === 0 ? null : (sheet) => dropLowest(matrix, sheet, gone[index], blocksize),
    );
  },
};

function dropLowest(matrix: Matrix, sheet: Sheet, share: number, block: number): BlockPlan {
  const { rows, columns, weights } = sheet;
  // 1 for a weight that goes, [columns, rows].
  const goes = new Uint8Array(weights.length);
  const metric = new Float64Array(Math.min(block, columns) * rows);
  return {
    block,
    unit: block,
    begin(start, end) {
      const size = (end - start) * rows;
      const from = start * rows;
      measure(sheet, start, end, metric);
      const count = roundHalfEven(share * size);
      if (count === 0) return;
      const limit = metric.slice(0, size).sort()[count - 1];
      let ties = count;
      for (let i = 0; i < size; i++) {
        if (metric[i] >= limit) continue;
        goes[from + i] = 1;
        ties--;
      }
      for (let row = 0; row < rows; row++)
        for (let i = row; i < size && ties > 0; i += rows) {
          if (metric[i] !== limit) continue;
          goes[from + i] = 1;
          ties--;
        }
    },
    settle: (column) => clear(sheet, goes, column),
    made: (values) => rewritten(matrix, values),
  };
}
