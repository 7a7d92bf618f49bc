import type { z } from 'zod';
import { type Context, eachMatrix, type Matrix, type Method } from '../method.ts';
import { checkFinite } from '../shared/finite.ts';
import { Cuts, describeParts, lots, lowest, needOf, partParams, strengths } from '../shared/parts.ts';
import { roundHalfEven } from '../shared/select.ts';
import { shareAxis } from '../shared/sparsity.ts';

const params = partParams('Outputs removed', 'Share of the output rows of each matrix that become zero.');
type Params = z.output<typeof params>;

/** Whole output rows, the same share of each matrix (torch's ln_structured with n = 1, dim = 0; paper section 4.4). */
export const rows: Method<Params> = {
  id: 'rows',
  label: 'Remove whole outputs of every layer',
  term: 'structured row pruning',
  kind: 'prune',
  group: 'structure',
  help:
    'Sets whole rows of each matrix to zero, so that what a layer gives gets narrower; biases stay. Rows need no index to ' +
    'be left out of a file, but cost far more knowledge than single weights. On the last layer it removes words.',
  citation: {
    text: 'Namburi et al. 2023, The Cost of Compression, section 4.4',
    url: 'https://arxiv.org/abs/2312.00960',
  },
  needs: needOf,
  params,
  axis: shareAxis('Outputs removed'),
  describe: (given) => describeParts('the output rows', given),
  apply: (matrices, given, context) => eachMatrix(matrices, (matrix) => removeRows(matrix, given, context)),
};

function removeRows(matrix: Matrix, { sparsity, criterion, seed }: Params, context: Context): Matrix {
  checkFinite(matrix);
  const scores =
    criterion === 'random'
      ? lots(matrix.rows, seed, matrix.site.name)
      : strengths(matrix, criterion === 'activation', context).byRow;
  const cuts = new Cuts();
  for (const row of lowest(scores, roundHalfEven(sparsity * matrix.rows))) cuts.rows(matrix, row, row + 1);
  return cuts.apply([matrix])[0];
}
