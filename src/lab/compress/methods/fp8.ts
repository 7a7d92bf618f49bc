import { z } from 'zod';
import { eachMatrix, type Matrix, type Method } from '../method.ts';
import { grainChoices, grainWords, groupSize } from '../shared/grid.ts';
import { largestOf, nearestTable, roundToTable, type Table } from '../shared/table.ts';

const params = z.strictObject({
  format: z
    .enum(['e4m3', 'e5m2'])
    .default('e4m3')
    .meta({
      title: 'Format',
      words: { e4m3: 'finer steps (E4M3)', e5m2: 'wider range (E5M2)' },
      description: 'E4M3 is finer, E5M2 reaches further: of 8 bits, 4 or 5 are the exponent and 3 or 2 the digits.',
    }),
  granularity: z.enum(['tensor', 'channel']).default('channel').meta({
    title: 'One scale for',
    words: grainChoices,
    description: 'The whole matrix, or each output row.',
  }),
});

type Params = z.output<typeof params>;

/** Magnitudes of a float8: codes from 0 to `last`, with `digits` bits behind the point and an exponent less `bias`. */
function magnitudesOf(last: number, digits: number, bias: number): number[] {
  return Array.from({ length: last + 1 }, (_, code) => {
    const exponent = code >> digits;
    const rest = (code & (2 ** digits - 1)) / 2 ** digits;
    return exponent === 0 ? rest * 2 ** (1 - bias) : (1 + rest) * 2 ** (exponent - bias);
  });
}

/** Codes beyond these stand for infinity and NaN; a number beyond the last gets the last. */
const tables: Record<Params['format'], Table> = {
  e4m3: nearestTable(magnitudesOf(0x7e, 3, 7)),
  e5m2: nearestTable(magnitudesOf(0x7b, 2, 15)),
};

/** Bits of a stored scale: float32, as the runtimes have it. */
const scaleBits = 32;

/** 8-bit floats as torch casts to them (float8_e4m3fn, float8_e5m2), each run scaled to the format's largest value. */
export const fp8: Method<Params> = {
  id: 'fp8',
  label: 'Eight-bit floating point',
  term: 'FP8 (E4M3, E5M2)',
  kind: 'quantize',
  group: 'format',
  help:
    'Rounds each weight to an 8-bit float, whose steps grow with the weight. It is nearly free, like eight even bits, and ' +
    'is what recent processors compute in; take fewer bits to save more.',
  citation: {
    text: 'Micikevicius et al. 2022, FP8 Formats for Deep Learning',
    url: 'https://arxiv.org/abs/2209.05433',
  },
  needs: () => 'nothing',
  params,
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '8 bits', value: 8, params: {} }] },
  describe: ({ format, granularity }) => ({
    effect: `rounding to FP8 ${format.toUpperCase()}`,
    how: grainWords(granularity),
  }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => quantize(matrix, params)),
};

function quantize(matrix: Matrix, { format, granularity }: Params): Matrix {
  const table = tables[format];
  const top = table.levels[table.levels.length - 1];
  const group = groupSize(matrix, granularity, 'fp8');
  const scales = largestOf(matrix, group).map((largest) => Math.fround(largest / top) || 1);
  return roundToTable(matrix, table, {
    bits: 8,
    group,
    scales,
    overheadBits: scaleBits * scales.length,
  });
}
