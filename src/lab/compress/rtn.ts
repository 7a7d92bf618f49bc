import { z } from 'zod';
import { grainWords, granularity, groupSize, roundRuns, scaleBits } from './grid.ts';
import { eachMatrix, type Grid, type Matrix, type Method, quantized } from './method.ts';

const params = z.strictObject({
  bits: z.int().min(2).max(8).default(4).meta({
    title: 'Bits per weight',
    description: 'Width of a stored weight: b bits give 2^b levels (one fewer where symmetric).',
  }),
  scheme: z.enum(['symmetric', 'asymmetric']).default('symmetric').meta({
    title: 'Grid',
    description: 'Symmetric centres the levels on zero; asymmetric fits them to the range and stores a zero point.',
  }),
  granularity,
});

type Params = z.output<typeof params>;

/**
 * Round to nearest, half to even, on an even grid; the values stay float32 and lie on the grid (reference.py).
 * Every step is rounded to float32 as torch does, so that codes agree even where w / scale is close to a half.
 */
export const rtn: Method<Params> = {
  id: 'rtn',
  label: 'Round weights to few bits',
  term: 'round-to-nearest quantization (RTN)',
  kind: 'quantize',
  group: 'grid',
  help:
    'Rounds each weight to the nearest of a few evenly spaced levels. Eight bits are nearly free, below four it hurts. ' +
    'If it hurts too much, use one scale per row or per group before you use more bits.',
  citation: {
    text: 'Nagel et al. 2021, A White Paper on Neural Network Quantization',
    url: 'https://arxiv.org/abs/2106.08295',
  },
  needs: () => 'nothing',
  params,
  axis: {
    label: 'Bits per weight',
    unit: 'bits',
    levels: [8, 7, 6, 5, 4, 3, 2].map((bits) => ({ label: `${bits} bits`, value: bits, params: { bits } })),
  },
  describe: ({ bits, scheme, granularity }) => ({
    effect: `${bits}-bit rounding`,
    how: `${grainWords(granularity)}${scheme === 'asymmetric' ? ', asymmetric' : ''}`,
  }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => quantize(matrix, params)),
};

function quantize(matrix: Matrix, { bits, scheme, granularity }: Params): Matrix {
  const group = groupSize(matrix, granularity, 'rtn');
  const { values, scales, zeros } = roundRuns(matrix, { bits, scheme, group });
  const grid: Grid = { kind: 'uniform', bits, group, scales, zeros };
  return quantized(matrix, values, grid, scales.length * (zeros ? scaleBits + bits : scaleBits));
}
