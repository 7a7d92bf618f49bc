import { z } from 'zod';
import { eachMatrix, type Method } from '../method.ts';
import { type BlockParams, blockParams, blockWords, roundBlocks } from '../shared/blocks.ts';
import { signedTable } from '../shared/table.ts';

/** bitsandbytes' magnitudes and the limits between them, above which the next begins (kernels.cu, dQuantizeFP4). */
const table = signedTable(
  [0, 0.005208333333, 0.16666667, 0.25, 0.33333333, 0.5, 0.66666667, 1],
  [0.00260417, 0.0859375, 0.20833333, 0.29166667, 0.4166667, 0.583333, 0.8333333],
);

/** 4-bit floats, blockwise, as bitsandbytes stores them. */
export const fp4: Method<BlockParams> = {
  id: 'fp4',
  label: 'Four-bit floating point',
  term: 'FP4 (bitsandbytes)',
  kind: 'quantize',
  group: 'format',
  help:
    'Rounds to the 15 values that a sign, an exponent and one more bit can say, with one scale for each small block. ' +
    'It loses a little more than NF4, which takes the same space; choose it to compare with what bitsandbytes does.',
  citation: {
    text: 'Dettmers and Zettlemoyer 2022, The case for 4-bit precision: k-bit Inference Scaling Laws',
    url: 'https://arxiv.org/abs/2212.09720',
  },
  needs: () => 'nothing',
  params: z.strictObject(blockParams),
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '4 bits', value: 4, params: {} }] },
  describe: (params) => ({ effect: 'rounding to FP4', how: blockWords(params) }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => roundBlocks(matrix, table, params)),
};
