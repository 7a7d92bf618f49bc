import { LabError } from '../../errors.ts';
import type { Matrix } from '../method.ts';

/** The float32 bits of |w| from which on a value is infinite or not a number. */
export const firstNonFinite = 0x7f800000;

/**
 * The bit pattern of each value. With the sign bit masked off, the patterns of two floats order as their magnitudes
 * do, so that selection can work on integers.
 */
export function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** Whether none of them is NaN or an infinity. */
export function allFinite(values: Float32Array): boolean {
  const bits = bitsOf(values);
  let largest = 0;
  for (let i = 0; i < bits.length; i++) largest = Math.max(largest, bits[i] & 0x7fffffff);
  return largest < firstNonFinite;
}

/**
 * What was computed for a matrix, once it is known to be finite.
 *
 * @throws LabError `bad-model` where float32 could not hold it
 */
export function fitting(matrix: Matrix, values: Float32Array): Float32Array {
  if (allFinite(values)) return values;
  throw new LabError(
    'bad-model',
    `The weights of ${matrix.site.name} are too large: what is computed from them does not fit float32.`,
    'Choose a scope without this layer, or another model.',
  );
}

const cell = new Float32Array(1);
const cellBits = bitsOf(cell);

/** The bit pattern of one number, rounded to float32. */
export function bitsOfFloat(value: number): number {
  cell[0] = value;
  return cellBits[0];
}

/** The error for a matrix that holds NaN or an infinity: neither has a place in an order or on a grid. */
export function notFinite(matrix: Matrix): LabError {
  const index = matrix.values.findIndex((value) => !Number.isFinite(value));
  const row = Math.floor(index / matrix.columns);
  return new LabError(
    'bad-model',
    `The weights of ${matrix.site.name} are not all finite: ${matrix.values[index]} in row ${row}, column ${index % matrix.columns}.`,
    'Export the model again, or choose a scope without this layer.',
  );
}

/** @throws LabError `bad-model` where a matrix holds NaN or an infinity */
export function checkFinite(matrix: Matrix): void {
  if (!allFinite(matrix.values)) throw notFinite(matrix);
}

/** The error for a matrix whose grid float32 cannot hold; {@link notFinite} where that is why. */
export function tooLarge(matrix: Matrix): LabError {
  if (!allFinite(matrix.values)) return notFinite(matrix);
  return new LabError(
    'bad-model',
    `The weights of ${matrix.site.name} are too large to be rounded: their range does not fit float32.`,
    'Choose a scope without this layer, or another model.',
  );
}

/** Σ |w| of a run, in double; not finite where a weight is not. */
export function sumOfMagnitudes(values: Float32Array, start: number, end: number): number {
  // Four sums, so that one addition need not wait for the other.
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = start;
  for (; i + 3 < end; i += 4) {
    a += Math.abs(values[i]);
    b += Math.abs(values[i + 1]);
    c += Math.abs(values[i + 2]);
    d += Math.abs(values[i + 3]);
  }
  for (; i < end; i++) a += Math.abs(values[i]);
  return a + b + (c + d);
}
