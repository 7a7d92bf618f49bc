import { z } from 'zod';
import { type Method, together } from '../method.ts';
import { percent } from '../shared/percent.ts';
import { removeSmallest, roundHalfEven } from '../shared/select.ts';
import { sparsity, sparsityAxis } from '../shared/sparsity.ts';

const params = z.strictObject({ sparsity });

/** One threshold for the whole scope: k = roundHalfEven(sparsity · N) over all N weights (paper section 4.1). */
export const magnitudeGlobal: Method<z.output<typeof params>> = {
  id: 'magnitude-global',
  label: 'Remove the smallest weights, one limit for all layers',
  term: 'global magnitude pruning',
  kind: 'prune',
  group: 'weights',
  help:
    'Sets the weights closest to zero to zero, wherever they are: layers with small weights lose more than others. ' +
    'The simplest strong baseline, and what the paper uses. Choose the per-layer variant if one layer empties out.',
  citation: {
    text: 'Namburi et al. 2023, The Cost of Compression, section 4.1',
    url: 'https://arxiv.org/abs/2312.00960',
  },
  needs: () => 'nothing',
  params,
  axis: sparsityAxis,
  describe: (params) => ({ effect: `${percent(params.sparsity)} of the weights removed`, how: 'magnitude' }),
  apply(matrices, params) {
    const total = matrices.reduce((sum, { values }) => sum + values.length, 0);
    return together(() => removeSmallest(matrices, roundHalfEven(params.sparsity * total)));
  },
  device(matrices, params) {
    const total = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    const count = roundHalfEven(params.sparsity * total);
    return { kind: 'remove-smallest', sets: [{ matrices: matrices.map(({ site }) => site.name), count }] };
  },
};
