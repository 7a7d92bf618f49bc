import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { bestOfRank } from '../../linalg/low-rank.ts';
import type { Context, Matrix, Method } from '../method.ts';
import { inChunks } from '../shared/chunks.ts';
import { checkFinite, fitting } from '../shared/finite.ts';
import { decompositionCost } from './svd.ts';

const params = z.strictObject({
  rank: z.int().min(1).max(256).default(8).meta({
    title: 'Directions',
    description: 'How many singular directions of the error are stored beside each matrix; at most as many as it has.',
  }),
});

/**
 * Adds the best approximation of rank r of what the steps before changed, original - current, in double. What was stored
 * stays stored, and two thin factors with it. The sum is dense: zeros do not survive. A matrix that still is as the
 * model came stays so.
 */
export const lowRankCorrection: Method<z.output<typeof params>> = {
  id: 'low-rank-correction',
  label: 'Add back the strongest directions of what was lost',
  term: 'low-rank compensation (LoRC), SVD of the quantization error',
  kind: 'low-rank',
  group: 'rank',
  help:
    'Stores the main directions of the error that the steps before made, in two thin matrices beside each layer, and adds ' +
    'them back. A step for after another one: alone it changes nothing. More bits often buy more for the same space.',
  citation: {
    text: 'Yao et al. 2023, ZeroQuant-V2: Exploring Post-training Quantization in LLMs from Comprehensive Study to Low Rank Compensation',
    url: 'https://arxiv.org/abs/2303.08302',
  },
  needs: () => 'nothing',
  params,
  axis: {
    label: 'Directions added back',
    unit: 'rank',
    levels: [64, 32, 16, 8, 4, 2, 1].map((rank) => ({ label: `${rank}`, value: rank, params: { rank } })),
  },
  losesZeros: true,
  corrects: true,
  describe: ({ rank }) => ({
    effect: `${rank} ${rank === 1 ? 'direction' : 'directions'} of the error added back`,
    how: 'LoRC',
  }),
  apply: (matrices, { rank }, context) =>
    inChunks(matrices, decompositionCost, (matrix) => correct(matrix, rank, context)),
};

function* correct(matrix: Matrix, most: number, context: Context): Generator<number, Matrix, void> {
  const { site, rows, columns, values, storage } = matrix;
  checkFinite(matrix);
  const original = context.original.get(site.name);
  if (!original) throw new LabError('internal', `The uncompressed weights of ${site.name} are missing.`);
  const error = Float64Array.from(values, (value, i) => original[i] - value);
  if (error.every((x) => x === 0)) return matrix;
  const all = Math.min(rows, columns);
  const near = yield* bestOfRank(error, rows, columns, Math.min(most, all));
  const corrected = fitting(
    matrix,
    Float32Array.from(values, (value, i) => value + near[i]),
  );
  // A second correction is stored with the first, as wider factors beside the same base.
  const { rank, base } = storage.correction ?? { rank: 0, base: values };
  const correction = { rank: Math.min(rank + most, all), base };
  return { ...matrix, values: corrected, storage: { ...storage, correction } };
}
