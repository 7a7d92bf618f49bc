import type { z } from 'zod';
import { LabError } from '../../errors.ts';
import type { Site } from '../../model/site.ts';
import { type Context, type Matrix, type Method, together } from '../method.ts';
import { checkFinite } from '../shared/finite.ts';
import { Cuts, describeParts, groupBy, lots, lowest, needOf, partParams, said, strengths } from '../shared/parts.ts';
import { roundHalfEven } from '../shared/select.ts';
import { shareAxis } from '../shared/sparsity.ts';

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
  fits: (sites) => said(whyNot(sites)),
  params,
  axis: shareAxis('Neurons removed'),
  describe: (given) => describeParts('the neurons', given),
  apply: (matrices, given, context) => together(() => removeNeurons(matrices, given, context)),
};

const kinds = new Set(['gate', 'intermediate', 'output']);

const blockOf = ({ stack, layer, kind }: Site) => (kinds.has(kind) ? `${stack} ${layer}` : null);

/** Why these layers have no neurons that could be removed, or null. */
function whyNot(sites: readonly Site[]): string | null {
  const inside = sites.filter((site) => blockOf(site) !== null);
  if (inside.length === 0) return 'The scope has no feed-forward layer.';
  const alone = inside.find(
    (site) => !inside.some((other) => other.kind === 'output' && blockOf(other) === blockOf(site)),
  );
  return alone ? `The scope has ${alone.name}, but not what reads it.` : null;
}

function removeNeurons(matrices: readonly Matrix[], { sparsity, criterion, seed }: Params, context: Context): Matrix[] {
  matrices.forEach(checkFinite);
  const why = whyNot(matrices.map(({ site }) => site));
  if (why) throw new LabError('bad-recipe', `neurons: ${why}`, 'Choose the scope mlp or overall.');
  const blocks = groupBy(matrices, ({ site }) => blockOf(site));
  const cuts = new Cuts();
  let before = 0;
  for (const members of blocks) {
    const output = members.find(({ site }) => site.kind === 'output')!;
    const inner = members.filter(({ site }) => site.kind !== 'output');
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
  return cuts.apply(matrices);
}
