import { z } from 'zod';
import { eachMatrix, type Matrix, type Method, quantized } from '../method.ts';
import { bitsOf, bitsOfFloat, notFinite, sumOfMagnitudes } from '../shared/finite.ts';
import { grainWords, granularity, groupSize, scaleBits } from '../shared/grid.ts';

const params = z.strictObject({ granularity });

type Params = z.output<typeof params>;

const levels = Float32Array.of(-1, 1);

/**
 * The sign of each weight times the mean magnitude of its run (XNOR-Net, equation 6); the sign of 0 is plus. Zero is none
 * of the two values, so what earlier steps removed does not stay removed.
 */
export const binary: Method<Params> = {
  id: 'binary',
  label: 'Two values: minus and plus',
  term: 'binary quantization (XNOR-Net)',
  kind: 'quantize',
  group: 'format',
  help:
    'Leaves each weight nothing but its sign, times one value per row: a bit each. Models that were not trained for it lose ' +
    'almost everything, and removed weights come back, as zero is none of the values; take ternary to keep them out.',
  citation: {
    text: 'Rastegari et al. 2016, XNOR-Net: ImageNet Classification Using Binary Convolutional Neural Networks',
    url: 'https://arxiv.org/abs/1603.05279',
  },
  needs: () => 'nothing',
  params,
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '1 bit', value: 1, params: {} }] },
  losesZeros: true,
  describe: ({ granularity }) => ({ effect: 'rounding to two values', how: grainWords(granularity) }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => quantize(matrix, params)),
};

function quantize(matrix: Matrix, { granularity }: Params): Matrix {
  const group = groupSize(matrix, granularity, 'binary');
  const source = bitsOf(matrix.values);
  const values = new Float32Array(source.length);
  const made = bitsOf(values);
  const scales = new Float32Array(source.length / group);
  for (let run = 0; run < scales.length; run++) {
    const start = run * group;
    const end = start + group;
    const mean = sumOfMagnitudes(matrix.values, start, end) / group;
    if (!Number.isFinite(mean)) throw notFinite(matrix);
    const level = bitsOfFloat(mean);
    scales[run] = mean;
    for (let i = start; i < end; i++) {
      // The sign bit, but not that of -0.
      const sign = source[i] & -(source[i] & 0x7fffffff) & ~0x7fffffff;
      made[i] = level | sign;
    }
  }
  return quantized(matrix, values, { kind: 'table', bits: 1, group, scales, levels }, scaleBits * scales.length);
}
