import { z } from 'zod';
import { bestOfRank } from '../../linalg/low-rank.ts';
import { type Matrix, type Method, withValues } from '../method.ts';
import { inChunks } from '../shared/chunks.ts';
import { checkFinite, fitting } from '../shared/finite.ts';
import { percent } from '../shared/percent.ts';
import { roundHalfEven } from '../shared/select.ts';
import { fileBits } from '../size.ts';

const params = z.strictObject({
  rank: z.number().min(0.01).max(1).default(0.5).meta({
    title: 'Directions kept',
    description: 'Share of a matrix’s singular directions that stay, the largest; at least one.',
    step: 0.01,
  }),
});

/**
 * The best approximation of rank r = max(1, roundHalfEven(rank · min(rows, columns))) (Eckart and Young 1936), in
 * double. Its values are dense: zeros do not survive. Where all
 * directions stay, the weights stay as they are.
 */
export const svd: Method<z.output<typeof params>> = {
  id: 'svd',
  label: 'Keep the strongest directions of each layer',
  term: 'truncated singular value decomposition (SVD)',
  kind: 'low-rank',
  group: 'rank',
  help:
    'Replaces each matrix by the product of two thin ones, as near to it as can be. It saves space only where less than ' +
    'half of the directions of a square matrix stay, and costs far more accuracy than pruning or rounding to that size.',
  citation: {
    text: 'Denton et al. 2014, Exploiting Linear Structure Within Convolutional Networks for Efficient Evaluation',
    url: 'https://arxiv.org/abs/1404.0736',
  },
  needs: () => 'nothing',
  params,
  axis: {
    label: 'Directions kept',
    unit: 'rank',
    levels: [90, 80, 70, 60, 50, 40, 30, 20, 10].map((share) => ({
      label: `${share} %`,
      value: share / 100,
      params: { rank: share / 100 },
    })),
  },
  losesZeros: true,
  describe: ({ rank }) => ({ effect: `${percent(rank)} of the directions kept`, how: 'SVD' }),
  apply: (matrices, { rank }) => inChunks(matrices, decompositionCost, (matrix) => truncate(matrix, rank)),
};

/** About how long a matrix takes to decompose, for {@link inChunks}. */
export function decompositionCost({ rows, columns }: Matrix): number {
  return Math.min(rows, columns) ** 2 * (Math.max(rows, columns) + 10 * Math.min(rows, columns));
}

function* truncate(matrix: Matrix, share: number): Generator<number, Matrix, void> {
  const { rows, columns, values } = matrix;
  checkFinite(matrix);
  const all = Math.min(rows, columns);
  const rank = Math.max(1, roundHalfEven(share * all));
  if (rank === all) return { ...matrix, storage: { ...matrix.storage, rank } };
  const near = Float32Array.from(yield* bestOfRank(values, rows, columns, rank));
  const bits = fileBits(matrix.site.dtype);
  return withValues(matrix, fitting(matrix, near), { bits, overheadBits: 0, rank });
}
