import { z } from 'zod';
import { type CodeGrid, eachMatrix, type Matrix, type Method, quantized } from '../method.ts';
import { leastErrorRanges, percentileRanges } from '../shared/clipping.ts';
import { bits, bitsAxis, grainWords, granularity, groupSize, roundRuns, scaleBits, scheme } from '../shared/grid.ts';
import { percent } from '../shared/percent.ts';

const params = z.strictObject({
  bits,
  scheme,
  granularity,
  clipping: z
    .enum(['minmax', 'mse', 'percentile'])
    .default('minmax')
    .meta({
      title: 'Range',
      words: {
        minmax: 'keep the whole range (min-max)',
        mse: 'least squared error (MSE)',
        percentile: 'cut off the outermost (percentile)',
      },
      description:
        'What the levels span: all weights, the range with the least squared error, or all but the outermost weights.',
    }),
  percentile: z
    .number()
    .min(90)
    .max(100)
    .default(99.9)
    .meta({
      title: 'Percentile',
      description: 'How many percent of the weights lie within the range; used where it is chosen by percentile.',
      step: 0.1,
      when: { clipping: 'percentile' },
    }),
});

type Params = z.output<typeof params>;

/**
 * Round to nearest, half to even, on an even grid; the values stay float32 and lie on the grid.
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
  axis: bitsAxis([8, 7, 6, 5, 4, 3, 2]),
  describe: ({ bits, scheme, granularity, clipping, percentile }) => ({
    effect: `${bits}-bit rounding`,
    how: [
      grainWords(granularity),
      ...(scheme === 'asymmetric' ? ['asymmetric'] : []),
      ...(clipping === 'mse' ? ['range of least error'] : []),
      ...(clipping === 'percentile' ? [`range of ${percent(percentile / 100)}`] : []),
    ].join(', '),
  }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => quantize(matrix, params)),
  device(matrices, { bits, scheme, granularity, clipping }) {
    if (clipping !== 'minmax') return null;
    const runs = matrices.map((matrix) => ({ matrix: matrix.site.name, group: groupSize(matrix, granularity, 'rtn') }));
    return { kind: 'round', runs, bits, scheme };
  },
};

function quantize(matrix: Matrix, { bits, scheme, granularity, clipping, percentile }: Params): Matrix {
  const group = groupSize(matrix, granularity, 'rtn');
  const form = { bits, scheme, group };
  const ranges =
    clipping === 'mse'
      ? leastErrorRanges(matrix, form)
      : clipping === 'percentile'
        ? percentileRanges(matrix, scheme, group, percentile)
        : undefined;
  const { values, scales, zeros } = roundRuns(matrix, form, matrix.values, ranges);
  const grid: CodeGrid = { kind: 'uniform', bits, group, scales, zeros };
  return quantized(matrix, values, grid, scales.length * (zeros ? scaleBits + bits : scaleBits));
}
