import { LabError } from '../errors.ts';
import { bitsOf } from './finite.ts';
import { rounder } from './grid.ts';
import type { Grid, Matrix } from './method.ts';
import { codeIn, shift, tableOf } from './table.ts';

/**
 * The codes of a matrix that was rounded, from its values and its grid: of an even grid round(w / scale) + zero point,
 * signed where there are no zero points; of a table the place of the level. Values are multiplied by column scales
 * first, as they were before they were rounded; columns that were left as they came get 0. A value that lies on no level
 * (a zero that came after the rounding, where zero is no level) gets the nearest. Of a correction's matrix, they are the
 * codes of its base.
 *
 * @returns [rows, columns], row-major
 * @throws LabError `internal` for a matrix without a grid
 */
export function codesOf(matrix: Matrix): Uint8Array | Int8Array {
  const { values, grid } = codedPart(matrix);
  const codes = new Uint8Array(values.length);
  forEachChunk(matrix, (chunk, from) => codes.set(chunk, from));
  return isSigned(grid) ? new Int8Array(codes.buffer) : codes;
}

/**
 * How often each code occurs in a matrix that was rounded. Left out are columns that were left as they came, and zeros
 * that came later and are no level.
 *
 * @returns by code, 256 of them, signed ones modulo 256; and how many zeros are no level
 */
export function countCodes(matrix: Matrix): { counts: Uint32Array; strayZeros: number } {
  const { grid } = codedPart(matrix);
  // Two histograms, so that equal neighbours need not wait for each other.
  const counts = new Uint32Array(256);
  const odd = new Uint32Array(256);
  forEachChunk(matrix, (chunk) => addCounts(chunk, counts, odd));
  for (let code = 0; code < 256; code++) counts[code] += odd[code];
  counts[0] -= (grid.keptColumns?.length ?? 0) * matrix.rows;
  const strayZeros = takeStrayZeros(matrix, counts);
  return { counts, strayZeros };
}

/** What was coded: the values, without what was added to them later, and their grid. */
export function codedPart({ site, values, storage }: Matrix): { values: Float32Array; grid: Grid } {
  const { grid, correction } = storage;
  if (!grid) throw new LabError('internal', `${site.name} was not rounded, so it has no codes.`);
  return { values: correction?.base ?? values, grid };
}

const isSigned = (grid: Grid) => grid.kind === 'uniform' && grid.zeros === null;

/** Makes codes a few thousand at a time, as bytes. */
function forEachChunk(matrix: Matrix, use: (codes: Uint8Array, from: number) => void): void {
  const { values, grid } = codedPart(matrix);
  const { columns } = matrix;
  const { columnScales, keptColumns = [] } = grid;
  const codes = new Uint8Array(Math.min(4096, values.length));
  const numbers = new Float32Array(codes.length);
  for (let from = 0; from < values.length; from += codes.length) {
    const end = Math.min(from + codes.length, values.length);
    if (columnScales) scaleColumns(values, columnScales, from, end, numbers);
    else numbers.set(values.subarray(from, end));
    if (grid.kind === 'table') tableCodes(numbers, grid, from, end, codes);
    else evenCodes(numbers, grid, from, end, codes);
    for (const column of keptColumns)
      for (let i = Math.ceil((from - column) / columns) * columns + column; i < end; i += columns) codes[i - from] = 0;
    use(codes.subarray(0, end - from), from);
  }
}

function scaleColumns(
  values: Float32Array,
  columnScales: Float32Array,
  from: number,
  end: number,
  numbers: Float32Array,
): void {
  let column = from % columnScales.length;
  for (let i = from; i < end; i++) {
    numbers[i - from] = values[i] * columnScales[column];
    if (++column === columnScales.length) column = 0;
  }
}

/** Codes of the values from `from` to `end`, of which `numbers` holds the first at 0. */
function evenCodes(
  numbers: Float32Array,
  { group, scales, zeros, bits }: Grid & { kind: 'uniform' },
  from: number,
  end: number,
  codes: Uint8Array,
): void {
  for (let start = from; start < end; ) {
    const run = Math.floor(start / group);
    const stop = Math.min((run + 1) * group, end);
    const inverse = 1 / scales[run];
    const zero = zeros ? zeros[run] : 0;
    if (zero === Math.round(zero)) plainCodes(numbers, start - from, stop - from, inverse, zero, codes);
    else clampedCodes(numbers, start - from, stop - from, inverse, zero, 2 ** bits - 1, codes);
    start = stop;
  }
}

function plainCodes(
  numbers: Float32Array,
  start: number,
  end: number,
  inverse: number,
  zero: number,
  codes: Uint8Array,
): void {
  const shifted = rounder + zero;
  for (let i = start; i < end; i++) codes[i] = numbers[i] * inverse + shifted - rounder;
}

/** Where zero is no level, it may lie beyond the last of them. */
function clampedCodes(
  numbers: Float32Array,
  start: number,
  end: number,
  inverse: number,
  zero: number,
  top: number,
  codes: Uint8Array,
): void {
  for (let i = start; i < end; i++) {
    const code = (numbers[i] * inverse + zero + rounder - rounder) | 0;
    codes[i] = Math.min(Math.max(code, 0), top);
  }
}

/** The same of a table; `numbers` are overwritten. */
function tableCodes(
  numbers: Float32Array,
  { group, scales, levels }: Grid & { kind: 'table' },
  from: number,
  end: number,
  codes: Uint8Array,
): void {
  const { first, limits } = tableOf(levels);
  const patterns = bitsOf(numbers);
  for (let start = from; start < end; ) {
    const run = Math.floor(start / group);
    const stop = Math.min((run + 1) * group, end);
    // All levels of a scale of 0 are 0.
    const inverse = scales[run] === 0 ? 0 : 1 / scales[run];
    for (let i = start - from; i < stop - from; i++) numbers[i] *= inverse;
    for (let i = start - from; i < stop - from; i++) {
      let code = first[patterns[i] >>> shift];
      while (numbers[i] > limits[code]) code++;
      codes[i] = code;
    }
    start = stop;
  }
}

function addCounts(codes: Uint8Array, even: Uint32Array, odd: Uint32Array): void {
  const pairs = codes.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    even[codes[i]]++;
    odd[codes[i + 1]]++;
  }
  if (pairs < codes.length) even[codes[pairs]]++;
}

/** Takes zeros that are no level out of the counts; returns how many there are. */
function takeStrayZeros(matrix: Matrix, counts: Uint32Array): number {
  const { values, grid } = codedPart(matrix);
  const { group, scales } = grid;
  if (grid.kind === 'uniform' && grid.zeros === null) return 0;
  const zeroCode = grid.kind === 'table' ? codeIn(tableOf(grid.levels), 0) : 0;
  if (grid.kind === 'table' && grid.levels[zeroCode] === 0) return 0;
  const top = 2 ** grid.bits - 1;
  let strays = 0;
  for (let run = 0; run < scales.length; run++) {
    let code = zeroCode;
    if (grid.kind === 'table') {
      if (scales[run] === 0) continue;
    } else {
      const zero = grid.zeros![run];
      code = Math.min(Math.max(zero + rounder - rounder, 0), top);
      if (code === zero) continue;
    }
    const end = Math.min((run + 1) * group, values.length);
    for (let i = run * group; i < end; i++) {
      if (values[i] !== 0) continue;
      counts[code]--;
      strays++;
    }
  }
  return strays;
}
