import { z } from 'zod';
import { eachMatrix, type Matrix, type Method, pruned } from '../method.ts';
import { allocation, allocationWords, shares } from '../shared/allocation.ts';
import { bitsOf, checkFinite } from '../shared/finite.ts';
import { randomKeys } from '../shared/keys.ts';
import { percent } from '../shared/percent.ts';
import { seed } from '../shared/seed.ts';
import { cutOf, roundHalfEven } from '../shared/select.ts';
import { sparsity, sparsityAxis } from '../shared/sparsity.ts';

const signBit = 1 << 31;

const params = z.strictObject({ sparsity, allocation, seed });

/** The same share of each matrix, drawn (torch.nn.utils.prune.random_unstructured; paper section 4.4). */
export const random: Method<z.output<typeof params>> = {
  id: 'random',
  label: 'Remove weights at random',
  term: 'random unstructured pruning',
  kind: 'prune',
  group: 'weights',
  help:
    'Sets weights to zero by lot, the same share of each matrix. Nobody would do it: it is the control that shows what ' +
    'choosing is worth. Other seeds draw other weights.',
  citation: {
    text: 'Namburi et al. 2023, The Cost of Compression, section 4.4',
    url: 'https://arxiv.org/abs/2312.00960',
  },
  needs: () => 'nothing',
  params,
  axis: sparsityAxis,
  describe: ({ sparsity, allocation, seed }) => ({
    effect: `${percent(sparsity)} of the weights removed`,
    how: `at random, seed ${seed}${allocationWords(allocation)}`,
  }),
  apply(matrices, { sparsity, allocation, seed }, context) {
    const all = shares(matrices, sparsity, allocation, context);
    return eachMatrix(matrices, (matrix, index) => drop(matrix, all[index], seed));
  },
};

function drop(matrix: Matrix, share: number, seed: number): Matrix {
  const from = bitsOf(matrix.values);
  checkFinite(matrix);
  const count = roundHalfEven(share * from.length);
  if (count === 0) return matrix;
  const keys = randomKeys(from.length, seed, matrix.site.name);
  const { key, ties } = cutOf(keys, count, new Int32Array(keys.length));
  const values = new Float32Array(from.length);
  const to = bitsOf(values);
  // With the highest bit turned over, signed numbers order as those without a sign do.
  const limit = key ^ signBit;
  let left = ties;
  for (let i = 0; i < keys.length; i++) {
    const place = keys[i] ^ signBit;
    if (place > limit || (place === limit && left-- <= 0)) to[i] = from[i];
  }
  return pruned(matrix, values);
}
