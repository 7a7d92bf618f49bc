import { z } from 'zod';
import { eachMatrix, type Method } from '../method.ts';
import { type BlockParams, blockParams, blockWords, roundBlocks } from '../shared/blocks.ts';
import { makeTable } from '../shared/table.ts';

/** Quantiles of a normal distribution with an exact zero, as bitsandbytes has them (QLoRA, appendix E). */
const levels = Float32Array.of(
  -1.0,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0.0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1.0,
);

/** A number above the middle between two levels gets the upper one. */
const table = makeTable(
  levels,
  levels.subarray(1).map((upper, i) => (levels[i] + upper) / 2),
);

/** 4-bit NormalFloat, blockwise, as bitsandbytes stores it. */
export const nf4: Method<BlockParams> = {
  id: 'nf4',
  label: 'Four bits, levels where weights are dense',
  term: 'NF4 (4-bit NormalFloat)',
  kind: 'quantize',
  group: 'format',
  help:
    'Rounds to 16 levels that lie closer together near zero, where most weights are, with one scale for each small ' +
    'block. It keeps more than even levels at the same size; take it for four bits unless a processor wants even ones.',
  citation: {
    text: 'Dettmers et al. 2023, QLoRA: Efficient Finetuning of Quantized LLMs',
    url: 'https://arxiv.org/abs/2305.14314',
  },
  needs: () => 'nothing',
  params: z.strictObject(blockParams),
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '4 bits', value: 4, params: {} }] },
  describe: (params) => ({ effect: 'rounding to NF4', how: blockWords(params) }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => roundBlocks(matrix, table, params)),
};
