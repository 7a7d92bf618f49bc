import { z } from 'zod';
import { eachMatrix, type Matrix, type Method, quantized } from '../method.ts';
import { bitsOf, bitsOfFloat, notFinite, sumOfMagnitudes } from '../shared/finite.ts';
import { grainWords, granularity, groupSize, scaleBits } from '../shared/grid.ts';

const params = z.strictObject({
  rule: z
    .enum(['twn', 'absmean'])
    .default('twn')
    .meta({
      title: 'Rule',
      words: { twn: 'small ones become zero (TWN)', absmean: 'by the mean size (BitNet b1.58)' },
      description:
        'twn chooses the limit and the value for the least error; absmean rounds to the mean magnitude, as BitNet b1.58.',
    }),
  granularity,
});

type Params = z.output<typeof params>;

/** -1, 0 or 1 times one value a run: Ternary Weight Networks (section 2.2) or BitNet b1.58 (section 2). */
export const ternary: Method<Params> = {
  id: 'ternary',
  label: 'Three values: minus, zero, plus',
  term: 'ternary quantization (TWN, BitNet b1.58)',
  kind: 'quantize',
  group: 'format',
  help:
    'Leaves each weight nothing but a sign or zero, times one value per row. Models that were not trained for it lose ' +
    'almost everything; take it to see how far training has to help, and three bits or more for use.',
  citation: { text: 'Li et al. 2016, Ternary Weight Networks', url: 'https://arxiv.org/abs/1605.04711' },
  needs: () => 'nothing',
  params,
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '2 bits', value: 2, params: {} }] },
  describe: ({ rule, granularity }) => ({
    effect: 'rounding to three values',
    how: `${rule === 'twn' ? 'TWN' : 'absmean'}, ${grainWords(granularity)}`,
  }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => quantize(matrix, params)),
};

function quantize(matrix: Matrix, { rule, granularity }: Params): Matrix {
  const group = groupSize(matrix, granularity, 'ternary');
  const source = bitsOf(matrix.values);
  const values = new Float32Array(source.length);
  const made = bitsOf(values);
  const scales = new Float32Array(source.length / group);
  for (let run = 0; run < scales.length; run++) {
    const start = run * group;
    const end = start + group;
    const mean = sumOfMagnitudes(matrix.values, start, end) / group;
    if (!Number.isFinite(mean)) throw notFinite(matrix);
    // The largest magnitude that becomes 0. w / mean rounds to 0 up to a half, half to even, in float32 too.
    const limit = rule === 'twn' ? bitsOfFloat(0.7 * mean) : halfOf(mean);
    const scale = Math.fround(rule === 'twn' ? meanAbove(matrix.values, source, start, end, limit) : mean);
    const level = bitsOfFloat(scale);
    // Zero or not without a branch: the sign of a difference as a mask.
    for (let i = start; i < end; i++) {
      const isKept = (limit - (source[i] & 0x7fffffff)) >> 31;
      made[i] = ((source[i] & ~0x7fffffff) | level) & isKept;
    }
    scales[run] = scale || 1;
  }
  return quantized(matrix, values, { kind: 'uniform', bits: 2, group, scales, zeros: null }, scaleBits * scales.length);
}

/** Half of a mean that was rounded to float32, as a bit pattern; rounded down where that is no float32. */
function halfOf(mean: number): number {
  const half = Math.fround(mean) / 2;
  return bitsOfFloat(half) - (Math.fround(half) > half ? 1 : 0);
}

/** Mean magnitude of the weights whose bit patterns are above a limit, in double; 0 where there are none. */
function meanAbove(values: Float32Array, source: Int32Array, start: number, end: number, limit: number): number {
  let sum = 0;
  let count = 0;
  for (let i = start; i < end; i++) {
    const isKept = (limit - (source[i] & 0x7fffffff)) >>> 31;
    sum += Math.abs(values[i]) * isKept;
    count += isKept;
  }
  return count === 0 ? 0 : sum / count;
}
