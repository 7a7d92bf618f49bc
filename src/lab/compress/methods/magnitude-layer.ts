import { z } from 'zod';
import { eachMatrix, type Method } from '../method.ts';
import { allocation, allocationWords, shares } from '../shared/allocation.ts';
import { percent } from '../shared/percent.ts';
import { removeSmallest, roundHalfEven } from '../shared/select.ts';
import { sparsity, sparsityAxis } from '../shared/sparsity.ts';

const params = z.strictObject({ sparsity, allocation });

/** A threshold per matrix: k = roundHalfEven(sparsity · rows · columns) in each (L1Unstructured per matrix). */
export const magnitudeLayer: Method<z.output<typeof params>> = {
  id: 'magnitude-layer',
  label: 'Remove the smallest weights, the same share of every layer',
  term: 'layer-wise magnitude pruning',
  kind: 'prune',
  group: 'weights',
  help:
    'Sets the weights closest to zero to zero, the same share in each matrix. No layer empties out, but layers that ' +
    'matter little are spared as much as those that matter a lot. Choose the global variant to follow the paper.',
  citation: {
    text: 'Han et al. 2015, Learning both Weights and Connections for Efficient Neural Networks',
    url: 'https://arxiv.org/abs/1506.02626',
  },
  needs: () => 'nothing',
  params,
  axis: sparsityAxis,
  describe: ({ sparsity, allocation }) => ({
    effect: `${percent(sparsity)} of ${allocation === 'uniform' ? 'every matrix' : 'the weights'} removed`,
    how: `magnitude${allocationWords(allocation)}`,
  }),
  apply(matrices, { sparsity, allocation }, context) {
    const all = shares(matrices, sparsity, allocation, context);
    return eachMatrix(
      matrices,
      (matrix, index) => removeSmallest([matrix], roundHalfEven(all[index] * matrix.values.length))[0],
    );
  },
  device(matrices, { sparsity, allocation }) {
    if (allocation !== 'uniform') return null;
    const sets = matrices.map(({ site, rows, columns }) => ({
      matrices: [site.name],
      count: roundHalfEven(sparsity * rows * columns),
    }));
    return { kind: 'remove-smallest', sets };
  },
};
