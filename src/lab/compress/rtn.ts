import { z } from 'zod';
import { LabError } from '../errors.ts';
import { notFinite } from './finite.ts';
import { eachMatrix, type Grid, type Matrix, type Method, quantized } from './method.ts';

/** Bits of a stored scale: float16, as the formats in use have it. Zero points take as many bits as a code. */
const scaleBits = 16;

/** Adding and subtracting it rounds any |x| < 2^51 half to even: at 2^52 the neighbours of a double are 1 apart. */
const rounder = 1.5 * 2 ** 52;

const params = z.strictObject({
  bits: z.int().min(2).max(8).default(4).meta({
    title: 'Bits per weight',
    description: 'Width of a stored weight: b bits give 2^b levels (one fewer where symmetric).',
  }),
  scheme: z.enum(['symmetric', 'asymmetric']).default('symmetric').meta({
    title: 'Grid',
    description: 'Symmetric centres the levels on zero; asymmetric fits them to the range and stores a zero point.',
  }),
  granularity: z
    .string()
    .regex(/^(tensor|channel|group-([2-9]|[1-9]\d{1,5}))$/)
    .default('channel')
    .meta({
      title: 'One scale for',
      description: 'Fewer weights per scale mean smaller errors and more scales to store.',
      choices: ['tensor', 'channel', 'group-32', 'group-64', 'group-128'],
      allowed: 'tensor, channel, or group-N with N of 2 or more (such as group-64)',
    }),
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

function grainWords(granularity: string): string {
  if (granularity === 'tensor') return 'per matrix';
  if (granularity === 'channel') return 'per output row';
  return `per group of ${granularity.slice('group-'.length)} inputs`;
}

function quantize(matrix: Matrix, { bits, scheme, granularity }: Params): Matrix {
  const group = groupSize(matrix, granularity);
  const values = new Float32Array(matrix.values.length);
  const runs = values.length / group;
  const scales = new Float32Array(runs);
  const zeros = scheme === 'symmetric' ? null : new Float32Array(runs);
  for (let run = 0; run < runs; run++) {
    const start = run * group;
    if (zeros) roundAsymmetric(matrix, values, start, start + group, bits, run, scales, zeros);
    else roundSymmetric(matrix, values, start, start + group, bits, run, scales);
  }
  const grid: Grid = { kind: 'uniform', bits, group, scales, zeros };
  return quantized(matrix, values, grid, runs * (zeros ? scaleBits + bits : scaleBits));
}

/** How many consecutive weights share a scale. */
function groupSize(matrix: Matrix, granularity: string): number {
  if (granularity === 'tensor') return matrix.values.length;
  if (granularity === 'channel') return matrix.columns;
  const size = Number(granularity.slice('group-'.length));
  if (matrix.columns % size === 0) return size;
  throw new LabError(
    'bad-recipe',
    `rtn: granularity is ${granularity}, but ${matrix.site.name} has ${matrix.columns} inputs a row, which groups of ${size} do not fill.`,
    'Choose a group size that divides the number of inputs, or one scale per output row.',
  );
}

/** scale = max|w| / top with top = 2^(bits-1) - 1; w' = clamp(round(w / scale), ±top) · scale. */
function roundSymmetric(
  matrix: Matrix,
  values: Float32Array,
  start: number,
  end: number,
  bits: number,
  run: number,
  scales: Float32Array,
): void {
  const from = matrix.values;
  const top = 2 ** (bits - 1) - 1;
  let max = 0;
  // Math.max hands NaN and infinities on, so one look at the end finds them.
  for (let i = start; i < end; i++) max = Math.max(max, Math.abs(from[i]));
  const scale = scaleOf(matrix, max, top);
  scales[run] = scale;
  for (let i = start; i < end; i++) {
    const code = Math.fround(from[i] / scale) + rounder - rounder;
    values[i] = Math.min(Math.max(code, -top), top) * scale;
  }
}

/** scale = (high - low) / top with top = 2^bits - 1 and 0 in [low, high]; the zero point is round(-low / scale). */
function roundAsymmetric(
  matrix: Matrix,
  values: Float32Array,
  start: number,
  end: number,
  bits: number,
  run: number,
  scales: Float32Array,
  zeros: Float32Array,
): void {
  const from = matrix.values;
  const top = 2 ** bits - 1;
  let low = 0;
  let high = 0;
  for (let i = start; i < end; i++) {
    low = Math.min(low, from[i]);
    high = Math.max(high, from[i]);
  }
  const scale = scaleOf(matrix, Math.fround(high - low), top);
  const zero = Math.fround(-low / scale) + rounder - rounder;
  scales[run] = scale;
  zeros[run] = zero;
  for (let i = start; i < end; i++) {
    const code = Math.fround(from[i] / scale) + rounder - rounder + zero;
    values[i] = (Math.min(Math.max(code, 0), top) - zero) * scale;
  }
}

/**
 * range / top, and 1 where that is 0: a group of zeros stays one. Computed as range · (1 / top), each rounded to
 * float32, because torch divides by a number so on a GPU, which made the reference. The last bit counts: weights that
 * were float16 once often lie exactly between two levels, and it decides for all of them at once.
 */
function scaleOf(matrix: Matrix, range: number, top: number): number {
  if (!Number.isFinite(range) && !matrix.values.every(Number.isFinite)) throw notFinite(matrix);
  const scale = Math.fround(range * Math.fround(1 / top)) || 1;
  if (Number.isFinite(Math.fround(top * scale))) return scale;
  throw new LabError(
    'bad-model',
    `The weights of ${matrix.site.name} are too large to be rounded: their range does not fit float32.`,
    'Choose a scope without this layer, or another model.',
  );
}
