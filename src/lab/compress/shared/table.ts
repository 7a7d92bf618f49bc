import { type Matrix, quantized } from '../method.ts';
import { bitsOf, bitsOfFloat, firstNonFinite, notFinite, tooLarge } from './finite.ts';

/** A number format of at most 256 values: what a code stands for, and how a number finds its code. */
export interface Table {
  /** The values, rising; code i is the i-th. */
  levels: Float32Array;
  /** Number x gets the code c if c of these are below it: the i-th is the last x that still gets code i. */
  limits: Float32Array;
  /** By the highest bits of a number: the least code that numbers with these bits get. Most of them have no other. */
  first: Uint8Array;
}

/** Sign, exponent and five bits more choose an entry of {@link Table.first}: the pattern of a number, shifted by this. */
export const shift = 18;

/**
 * @param levels rising, one more than limits
 * @param limits rising; the i-th is the last number that gets code i
 */
export function makeTable(levels: Float32Array, limits: Float32Array): Table {
  const padded = new Float32Array(levels.length).fill(Number.POSITIVE_INFINITY);
  padded.set(limits);
  let first: Uint8Array | undefined;
  return {
    levels,
    limits: padded,
    // Made when a number is first looked up: most visits never ask for most formats.
    get first() {
      first ??= firstCodes(padded);
      return first;
    },
  };
}

/** {@link Table.first} of some limits. */
function firstCodes(limits: Float32Array): Uint8Array {
  const lowest = new Float32Array(1);
  const pattern = bitsOf(lowest);
  const first = new Uint8Array(1 << (32 - shift));
  // From the lowest number up: negative ones from the last key down, where the one with all lower bits set is the lowest.
  let code = 0;
  for (let i = 0; i < first.length; i++) {
    const isNegative = i < first.length / 2;
    const key = isNegative ? first.length - 1 - i : i - first.length / 2;
    pattern[0] = (key << shift) | (isNegative ? (1 << shift) - 1 : 0);
    while (lowest[0] > limits[code]) code++;
    first[key] = code;
  }
  return first;
}

/**
 * A table of given magnitudes and both signs.
 *
 * @param magnitudes rising from 0
 * @param limits for each but the last: the largest magnitude that is still rounded to it
 */
export function signedTable(magnitudes: readonly number[], limits: readonly number[]): Table {
  const [, ...positive] = magnitudes;
  const levels = Float32Array.from([...positive.map((value) => -value).reverse(), ...magnitudes]);
  const outer = Float32Array.from(limits);
  // Of a negative number rounding outward begins beyond its limit, so the last one there is a step beyond it.
  const inner = outer.map((limit) => below(-limit)).reverse();
  return makeTable(levels, Float32Array.from([...inner, ...outer]));
}

/** A table of given magnitudes and both signs, to the nearest of which is rounded; half-way to the even place of the list. */
export function nearestTable(magnitudes: readonly number[]): Table {
  const limits = magnitudes.slice(1).map((next, i) => {
    const middle = (magnitudes[i] + next) / 2;
    return i % 2 === 0 ? middle : below(middle);
  });
  return signedTable(magnitudes, limits);
}

/** The next float32 below one that is not 0. */
function below(value: number): number {
  const before = new Float32Array([value]);
  bitsOf(before)[0] += value > 0 ? -1 : 1;
  return before[0];
}

const known = new WeakMap<Float32Array, Table>();

/** A table that gives the nearest of some levels; of two as near, the lower. Kept as long as the levels' array lives. */
export function tableOf(levels: Float32Array): Table {
  let table = known.get(levels);
  if (!table) {
    const limits = levels.subarray(1).map((next, i) => {
      const middle = (levels[i] + next) / 2;
      const rounded = Math.fround(middle);
      return rounded <= middle ? rounded : below(rounded);
    });
    table = makeTable(levels, limits);
    known.set(levels, table);
  }
  return table;
}

/** The code of one number. */
export function codeIn({ first, limits }: Table, value: number): number {
  let code = first[bitsOfFloat(value) >>> shift];
  while (value > limits[code]) code++;
  return code;
}

/** How a matrix is put on a table: see {@link roundToTable}. */
export interface TableForm {
  bits: number;
  /** Consecutive weights that share a scale; the last run may be shorter. */
  group: number;
  /** What levels are multiplied with, one a run. */
  scales: Float32Array;
  /** What weights are multiplied with to find their level, one a run; 1 / scale if not given, which divides exactly. */
  inverses?: Float64Array;
  overheadBits: number;
}

/**
 * Rounds each weight to a table's levels: x = f32(w · inverse) finds its code, and w' = level · scale.
 *
 * @throws LabError `bad-model`, naming the matrix, for weights that float32 could not hold any more
 */
export function roundToTable(matrix: Matrix, table: Table, form: TableForm): Matrix {
  const { bits, group, scales, inverses, overheadBits } = form;
  const { levels } = table;
  const outermost = Math.max(-levels[0], levels[levels.length - 1]);
  const values = new Float32Array(matrix.values.length);
  const patterns = bitsOf(values);
  for (let run = 0; run < scales.length; run++) {
    if (!Number.isFinite(Math.fround(scales[run] * outermost))) throw tooLarge(matrix);
    const end = Math.min((run + 1) * group, values.length);
    const inverse = inverses ? inverses[run] : 1 / scales[run];
    roundRun(table, matrix.values, values, patterns, run * group, end, inverse, scales[run]);
  }
  return quantized(matrix, values, { kind: 'table', bits, group, scales, levels }, overheadBits);
}

/** One run; `patterns` are the bit patterns of `values`. */
function roundRun(
  { levels, limits, first }: Table,
  source: Float32Array,
  values: Float32Array,
  patterns: Int32Array,
  start: number,
  end: number,
  inverse: number,
  scale: number,
): void {
  for (let i = start; i < end; i++) values[i] = source[i] * inverse;
  for (let i = start; i < end; i++) {
    let code = first[patterns[i] >>> shift];
    while (values[i] > limits[code]) code++;
    values[i] = levels[code] * scale;
  }
}

/**
 * The largest magnitude of each run of `group` weights; the last run may be shorter.
 *
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite
 */
export function largestOf(matrix: Matrix, group: number): Float32Array {
  const patterns = bitsOf(matrix.values);
  const largest = new Float32Array(Math.ceil(patterns.length / group));
  const largestBits = bitsOf(largest);
  for (let run = 0; run < largest.length; run++) {
    const end = Math.min((run + 1) * group, patterns.length);
    let max = 0;
    for (let i = run * group; i < end; i++) max = Math.max(max, patterns[i] & 0x7fffffff);
    if (max >= firstNonFinite) throw notFinite(matrix);
    largestBits[run] = max;
  }
  return largest;
}
