import { z } from 'zod';
import { LabError } from '../../errors.ts';
import type { Axis, Matrix, Shape } from '../method.ts';
import { bitsOf, bitsOfFloat, tooLarge } from './finite.ts';

/** Bits of a stored scale: float16, as the formats in use have it. Zero points take as many bits as a code. */
export const scaleBits = 16;

/** Adding and subtracting it rounds any |x| < 2^51 half to even: at 2^52 the neighbours of a double are 1 apart. */
export const rounder = 1.5 * 2 ** 52;

/** The parameters that say how many levels there are, and how they lie. */
export const bits = z.int().min(2).max(8).default(4).meta({
  title: 'Bits per weight',
  description: 'Width of a stored weight: b bits give 2^b levels (one fewer where symmetric).',
});
export const scheme = z
  .enum(['symmetric', 'asymmetric'])
  .default('symmetric')
  .meta({
    title: 'Grid',
    words: { symmetric: 'even around zero (symmetric)', asymmetric: 'from lowest to highest (asymmetric)' },
    description: 'Symmetric centres the levels on zero; asymmetric fits them to the range and stores a zero point.',
  });

/** An axis over these widths, which fall. */
export const bitsAxis = (widths: readonly number[]): Axis => ({
  label: 'Bits per weight',
  unit: 'bits',
  levels: widths.map((width) => ({ label: `${width} bits`, value: width, params: { bits: width } })),
});

/** Choices of a granularity in plain words; `group` stands for groups of any size. */
export const grainChoices = {
  tensor: 'each whole matrix (tensor)',
  channel: 'each output row (channel)',
  group: 'each group of inputs in a row',
};

/** The parameter that says how many weights share a scale; for `groupSize`. */
export const granularity = z
  .string()
  .regex(/^(tensor|channel|group-([2-9]|[1-9]\d{1,5}))$/)
  .default('channel')
  .meta({
    title: 'One scale for',
    words: grainChoices,
    description: 'Fewer weights per scale mean smaller errors and more scales to store.',
    choices: ['tensor', 'channel', 'group-32', 'group-64', 'group-128'],
    allowed: 'tensor, channel, or group-N with N of 2 or more (such as group-64)',
  });

/** A granularity in words, for descriptions. */
export function grainWords(granularity: string): string {
  if (granularity === 'tensor') return 'per matrix';
  if (granularity === 'channel') return 'per output row';
  return `per group of ${granularity.slice('group-'.length)} inputs`;
}

/**
 * How many consecutive weights share a scale: the matrix, a row, or a part of one.
 *
 * @param methodId stands in the message
 * @throws LabError `bad-recipe` for groups that do not fill a row
 */
export function groupSize({ site, rows, columns }: Shape, granularity: string, methodId: string): number {
  if (granularity === 'tensor') return rows * columns;
  if (granularity === 'channel') return columns;
  const size = Number(granularity.slice('group-'.length));
  if (columns % size === 0) return size;
  throw new LabError(
    'bad-recipe',
    `${methodId}: granularity is ${granularity}, but ${site.name} has ${columns} inputs a row, which groups of ${size} do not fill.`,
    'Choose a group size that divides the number of inputs, or one scale per output row.',
  );
}

/**
 * range / top, and 1 where that is 0: a group of zeros stays one. Computed as range · (1 / top), each rounded to
 * float32, because torch divides by a number so on a GPU, which made the reference. The last bit counts: weights that
 * were float16 once often lie exactly between two levels, and it decides for all of them at once.
 *
 * @throws LabError `bad-model` for a range that is not finite, or too large for float32
 */
export function scaleOf(matrix: Matrix, range: number, top: number): number {
  const scale = Math.fround(range * Math.fround(1 / top));
  if (!Number.isFinite(Math.fround(top * scale))) throw tooLarge(matrix);
  return scale || 1;
}

/** An even grid: symmetric around 0, or with a zero point. */
export type Scheme = 'symmetric' | 'asymmetric';

/** How far codes go: 2^(bits-1) - 1 to either side of zero, or 2^bits - 1 up from zero. */
export function topOf(bits: number, scheme: Scheme): number {
  return scheme === 'symmetric' ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
}

/**
 * The grid that minimum and maximum of a run give: symmetric max|w| / top; asymmetric (high - low) / top with 0 in
 * [low, high] and the zero point round(-low / scale). Zero is 0 where the grid is symmetric.
 *
 * @param values float32, or double that is rounded to float32 here
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite or too far apart
 */
export function runScale(
  matrix: Matrix,
  values: Float32Array | Float64Array,
  start: number,
  end: number,
  bits: number,
  scheme: Scheme,
): { scale: number; zero: number } {
  const top = topOf(bits, scheme);
  let low = 0;
  let high = 0;
  // Math.min and Math.max hand NaN and infinities on, so one look at the end finds them.
  for (let i = start; i < end; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  low = Math.fround(low);
  high = Math.fround(high);
  if (scheme === 'symmetric') return { scale: scaleOf(matrix, Math.max(-low, high), top), zero: 0 };
  const scale = scaleOf(matrix, Math.fround(high - low), top);
  return { scale, zero: codeAt(-low, scale) };
}

/** value / scale as float32, rounded half to even: which step of a grid is nearest. */
export function codeAt(value: number, scale: number): number {
  return Math.fround(value / scale) + rounder - rounder;
}

/** Lowest and highest value of each run, with 0 between them; NaN or infinite where a weight is. */
export interface Ranges {
  lows: Float32Array;
  highs: Float32Array;
}

/** Minimum and maximum of each run of `group` values. */
export function rangesOf(source: Float32Array, group: number): Ranges {
  const patterns = bitsOf(source);
  const lows = new Float32Array(source.length / group);
  const highs = new Float32Array(lows.length);
  const lowBits = bitsOf(lows);
  const highBits = bitsOf(highs);
  for (let run = 0; run < lows.length; run++) {
    // With the magnitudes of negative numbers turned over, bit patterns order as their numbers do, NaN last.
    let min = 0;
    let max = 0;
    for (let i = run * group; i < (run + 1) * group; i++) {
      const order = patterns[i] ^ ((patterns[i] >> 31) & 0x7fffffff);
      min = Math.min(min, order);
      max = Math.max(max, order);
    }
    lowBits[run] = min ^ ((min >> 31) & 0x7fffffff);
    highBits[run] = max;
  }
  return { lows, highs };
}

/** Values on an even grid, with what they were made with, one a run. */
export interface Rounded {
  values: Float32Array;
  scales: Float32Array;
  /** Null where the grid is symmetric. */
  zeros: Float32Array | null;
}

/**
 * Rounds each run of `group` weights to the nearest level, half to even, of the grid of {@link runScale}. Every step
 * is rounded to float32 as torch does.
 *
 * @param source what is rounded, if not the matrix's own values; of the same length
 * @param clipped what the grid of each run spans, if not all of its weights; what lies beyond gets the last level
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite or too far apart
 */
export function roundRuns(
  matrix: Matrix,
  { bits, scheme, group }: { bits: number; scheme: Scheme; group: number },
  source: Float32Array = matrix.values,
  clipped?: Ranges,
): Rounded {
  const { lows, highs } = clipped ?? rangesOf(source, group);
  const isSymmetric = scheme === 'symmetric';
  const top = topOf(bits, scheme);
  const values = new Float32Array(source.length);
  const scales = new Float32Array(lows.length);
  const zeros = isSymmetric ? null : new Float32Array(lows.length);
  const patterns = bitsOf(source);
  const clippedPatterns = bitsOf(values);
  for (let run = 0; run < lows.length; run++) {
    const low = lows[run];
    const high = highs[run];
    const scale = scaleOf(matrix, isSymmetric ? Math.max(-low, high) : Math.fround(high - low), top);
    const zero = isSymmetric ? 0 : codeAt(-low, scale);
    const lowest = isSymmetric ? -top : -zero;
    const start = run * group;
    scales[run] = scale;
    if (zeros) zeros[run] = zero;
    // Within minimum and maximum hardly any run has a code beyond its last: a zero point that was rounded up, or a
    // scale so small that float32 holds few digits of it.
    const isBeyond = clipped || codeAt(high, scale) > top - zero || codeAt(low, scale) < lowest;
    if (isBeyond) clip(patterns, start, clippedPatterns, start, group, scale * lowest, scale * (top - zero));
    snap(isBeyond ? values : source, start, values, start, group, scale);
  }
  return { values, scales, zeros };
}

/**
 * w' = round(w / scale) · scale, half to even, for codes that need no limit. f32(w / scale) is computed as
 * f32(w · (1 / scale)) with the reciprocal in double, which is the same number: a quotient of two float32 lies at least
 * 2^-49 of itself from where rounding turns, and the product at most 2^-52 from the quotient.
 */
export function snap(
  source: Float32Array,
  from: number,
  values: Float32Array,
  to: number,
  count: number,
  scale: number,
): void {
  const inverse = 1 / scale;
  for (let i = 0; i < count; i++)
    values[to + i] = (Math.fround(source[from + i] * inverse) + rounder - rounder) * scale;
}

/**
 * Copies a run within its limits: the values of the last levels, which are rounded to themselves. Takes and writes bit
 * patterns, so that no branch is needed that would often be mispredicted.
 *
 * @param low 0 or less
 * @param high 0 or more
 */
export function clip(
  patterns: Int32Array,
  from: number,
  clipped: Int32Array,
  to: number,
  count: number,
  low: number,
  high: number,
): void {
  const positive = bitsOfFloat(high);
  const either = positive ^ (bitsOfFloat(low) & 0x7fffffff);
  for (let i = 0; i < count; i++) {
    const bits = patterns[from + i];
    const limit = positive ^ (either & (bits >> 31));
    clipped[to + i] = (bits & ~0x7fffffff) | Math.min(bits & 0x7fffffff, limit);
  }
}
