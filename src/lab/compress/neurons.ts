import type { z } from 'zod';
import { LabError } from '../errors.ts';
import { checkFinite } from './finite.ts';
import { type Context, type Matrix, type Method, together } from './method.ts';
import { Cuts, describeParts, groupBy, lots, lowest, needOf, partAxis, partParams, strengths } from './parts.ts';
import { roundHalfEven } from './select.ts';

const params = partParams('Neurons removed', 'Share of the inner units of each block’s feed-forward layers that go.');
type Params = z.output<typeof params>;

/** Inner units of the feed-forward layers: their rows of what goes in, their columns of what comes out. */
export const neurons: Method<Params> = {
  id: 'neurons',
  label: 'Remove neurons of the feed-forward layers',
  term: 'structured neuron pruning',
  kind: 'prune',
  group: 'structure',
  help:
    'Removes inner units of the feed-forward layers, the same share of each block: their weights from and to the rest ' +
    'become zero. The layers get narrower, so any runtime gets faster; facts seem to live here, and go with them.',
  citation: {
    text: 'Li et al. 2017, Pruning Filters for Efficient ConvNets',
    url: 'https://arxiv.org/abs/1608.08710',
  },
  needs: needOf,
  params,
  axis: partAxis('Neurons removed'),
  describe: (given) => describeParts('the neurons', given),
  apply: (matrices, given, context) => together(() => removeNeurons(matrices, given, context)),
};

const kinds = new Set(['gate', 'intermediate', 'output']);

function removeNeurons(matrices: readonly Matrix[], { sparsity, criterion, seed }: Params, context: Context): Matrix[] {
  matrices.forEach(checkFinite);
  const blocks = groupBy(matrices, ({ site: { stack, layer, kind } }) =>
    kinds.has(kind) ? `${stack} ${layer}` : null,
  );
  const cuts = new Cuts();
  let before = 0;
  for (const members of blocks) {
    const output = members.find(({ site }) => site.kind === 'output');
    const inner = members.filter(({ site }) => site.kind !== 'output');
    if (!output)
      throw new LabError(
        'bad-recipe',
        `neurons: the scope has ${inner[0].site.name}, but not what reads it.`,
        'Choose a scope with all of the feed-forward layers.',
      );
    const units = output.columns;
    let scores: ArrayLike<number>;
    // Lots run on from block to block, so that each block draws its own.
    if (criterion === 'random') scores = lots(before + units, seed).subarray(before);
    else {
      const outside = strengths(output, criterion === 'activation', context).byColumn;
      if (criterion === 'magnitude')
        for (const matrix of inner)
          strengths(matrix, false, context).byRow.forEach((strength, unit) => {
            outside[unit] += strength;
          });
      scores = outside;
    }
    for (const unit of lowest(scores, roundHalfEven(sparsity * units))) {
      cuts.columns(output, unit, unit + 1);
      for (const matrix of inner) cuts.rows(matrix, unit, unit + 1);
    }
    before += units;
  }
  if (blocks.length === 0)
    throw new LabError(
      'bad-recipe',
      'neurons: the scope has no feed-forward layer.',
      'Choose the scope mlp or overall.',
    );
  return cuts.apply(matrices);
}
