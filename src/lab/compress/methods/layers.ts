import type { z } from 'zod';
import { type Context, type Matrix, type Method, together } from '../method.ts';
import { checkFinite } from '../shared/finite.ts';
import { Cuts, describeParts, groupBy, lots, lowest, needOf, partParams, strengths } from '../shared/parts.ts';
import { roundHalfEven } from '../shared/select.ts';
import { shareAxis } from '../shared/sparsity.ts';

const params = partParams('Blocks removed', 'Share of the model’s blocks whose matrices become zero.');
type Params = z.output<typeof params>;

/** Whole blocks: every matrix of the block that is in the scope. Ranked over the whole scope by their mean strength. */
export const layers: Method<Params> = {
  id: 'layers',
  label: 'Remove whole blocks',
  term: 'layer dropping (depth pruning)',
  kind: 'prune',
  group: 'structure',
  help:
    'Sets every matrix of some blocks to zero, so that text passes by them; biases and norms stay, as only weights are ' +
    'changed. Makes a model faster everywhere, and is the coarsest of all cuts.',
  citation: {
    text: 'Fan et al. 2020, Reducing Transformer Depth on Demand with Structured Dropout',
    url: 'https://arxiv.org/abs/1909.11556',
  },
  needs: needOf,
  params,
  axis: shareAxis('Blocks removed'),
  describe: (given) => describeParts('the blocks', given),
  apply: (matrices, given, context) => together(() => removeBlocks(matrices, given, context)),
};

function removeBlocks(matrices: readonly Matrix[], { sparsity, criterion, seed }: Params, context: Context): Matrix[] {
  matrices.forEach(checkFinite);
  const blocks = groupBy(matrices, ({ site: { stack, layer } }) => (layer === null ? null : `${stack} ${layer}`));
  const scores =
    criterion === 'random'
      ? lots(blocks.length, seed)
      : blocks.map((members) => meanStrength(members, criterion === 'activation', context));
  const cuts = new Cuts();
  for (const block of lowest(scores, roundHalfEven(sparsity * blocks.length)))
    for (const matrix of blocks[block]) cuts.rows(matrix, 0, matrix.rows);
  return cuts.apply(matrices);
}

function meanStrength(members: readonly Matrix[], byActivation: boolean, context: Context): number {
  let sum = 0;
  let count = 0;
  for (const matrix of members) {
    for (const strength of strengths(matrix, byActivation, context).byRow) sum += strength;
    count += matrix.values.length;
  }
  return sum / count;
}
