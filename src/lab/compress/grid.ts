import { z } from 'zod';
import { LabError } from '../errors.ts';
import { notFinite } from './finite.ts';
import type { Matrix } from './method.ts';

/** Bits of a stored scale: float16, as the formats in use have it. Zero points take as many bits as a code. */
export const scaleBits = 16;

/** Adding and subtracting it rounds any |x| < 2^51 half to even: at 2^52 the neighbours of a double are 1 apart. */
export const rounder = 1.5 * 2 ** 52;

/** The parameter that says how many weights share a scale; for {@link groupSize}. */
export const granularity = z
  .string()
  .regex(/^(tensor|channel|group-([2-9]|[1-9]\d{1,5}))$/)
  .default('channel')
  .meta({
    title: 'One scale for',
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
export function groupSize(matrix: Matrix, granularity: string, methodId: string): number {
  if (granularity === 'tensor') return matrix.values.length;
  if (granularity === 'channel') return matrix.columns;
  const size = Number(granularity.slice('group-'.length));
  if (matrix.columns % size === 0) return size;
  throw new LabError(
    'bad-recipe',
    `${methodId}: granularity is ${granularity}, but ${matrix.site.name} has ${matrix.columns} inputs a row, which groups of ${size} do not fill.`,
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
  if (!Number.isFinite(Math.fround(top * scale))) throw unfit(matrix);
  return scale || 1;
}

/** The error for a range that is no number of float32. */
function unfit(matrix: Matrix): LabError {
  if (!matrix.values.every(Number.isFinite)) return notFinite(matrix);
  return new LabError(
    'bad-model',
    `The weights of ${matrix.site.name} are too large to be rounded: their range does not fit float32.`,
    'Choose a scope without this layer, or another model.',
  );
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
  return { scale, zero: Math.fround(-low / scale) + rounder - rounder };
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
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite or too far apart
 */
export function roundRuns(
  matrix: Matrix,
  { bits, scheme, group }: { bits: number; scheme: Scheme; group: number },
  source: Float32Array = matrix.values,
): Rounded {
  const runs = source.length / group;
  const values = new Float32Array(source.length);
  const scales = new Float32Array(runs);
  const zeros = scheme === 'symmetric' ? null : new Float32Array(runs);
  for (let run = 0; run < runs; run++) {
    const start = run * group;
    const { scale, zero } = runScale(matrix, source, start, start + group, bits, scheme);
    scales[run] = scale;
    if (zeros) zeros[run] = zero;
    roundRun(source, values, start, start + group, bits, scheme, scale, zero);
  }
  return { values, scales, zeros };
}

/** Rounds one run to a given grid, from `source` into `values`: w' = (clamp(round(w / scale) + zero) - zero) · scale. */
export function roundRun(
  source: Float32Array,
  values: Float32Array,
  start: number,
  end: number,
  bits: number,
  scheme: Scheme,
  scale: number,
  zero: number,
): void {
  const top = topOf(bits, scheme);
  const low = scheme === 'symmetric' ? -top : -zero;
  const high = top - zero;
  for (let i = start; i < end; i++) {
    const code = Math.fround(source[i] / scale) + rounder - rounder;
    values[i] = Math.min(Math.max(code, low), high) * scale;
  }
}
