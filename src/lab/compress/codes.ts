import { LabError } from '../errors.ts';
import type { CodeGrid, Matrix } from './method.ts';
import { bitsOf } from './shared/finite.ts';
import { rounder } from './shared/grid.ts';
import { codeIn, shift, tableOf } from './shared/table.ts';

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
 * @param hasZeros whether any of the values is 0
 * @returns by code, 256 of them, signed ones modulo 256; and how many zeros are no level
 */
export function countCodes(matrix: Matrix, hasZeros: boolean): { counts: Uint32Array; strayZeros: number } {
  const { grid } = codedPart(matrix);
  // Four histograms, so that equal neighbours need not wait for each other.
  const parts = Array.from({ length: 4 }, () => new Uint32Array(256));
  forEachChunk(matrix, (chunk) => addCounts(chunk, parts));
  const counts = parts[0].map((_, code) => parts.reduce((sum, part) => sum + part[code], 0));
  counts[0] -= (grid.keptColumns?.length ?? 0) * matrix.rows;
  const strayZeros = hasZeros ? takeStrayZeros(matrix, counts) : 0;
  return { counts, strayZeros };
}

/** What was coded: the values, without what was added to them later, and their grid. */
export function codedPart({ site, values, storage }: Matrix): { values: Float32Array; grid: CodeGrid } {
  const { grid, correction } = storage;
  if (!grid) throw new LabError('internal', `${site.name} was not rounded, so it has no codes.`);
  return { values: correction?.base ?? values, grid };
}

const isSigned = (grid: CodeGrid) => grid.kind === 'uniform' && grid.zeros === null;

/** Makes codes a few thousand at a time, as bytes. */
function forEachChunk(matrix: Matrix, use: (codes: Uint8Array, from: number) => void): void {
  const { values, grid } = codedPart(matrix);
  const { columns } = matrix;
  const { columnScales, keptColumns = [] } = grid;
  const codes = new Uint8Array(Math.min(4096, values.length));
  const numbers = new Float32Array(codes.length);
  for (let from = 0; from < values.length; from += codes.length) {
    const end = Math.min(from + codes.length, values.length);
    const part = values.subarray(from, end);
    const scaled = columnScales ? scaleColumns(part, columnScales, from % columns, numbers) : part;
    if (grid.kind === 'table') tableCodes(scaled, grid, from, numbers, codes);
    else evenCodes(scaled, grid, from, codes);
    for (const column of keptColumns)
      for (let i = Math.ceil((from - column) / columns) * columns + column; i < end; i += columns) codes[i - from] = 0;
    use(codes.subarray(0, end - from), from);
  }
}

/** Multiplies values, of which the first is in this column, by the column scales; writes and returns `scaled`. */
function scaleColumns(
  values: Float32Array,
  columnScales: Float32Array,
  first: number,
  scaled: Float32Array,
): Float32Array {
  let column = first;
  for (let i = 0; i < values.length; i++) {
    scaled[i] = values[i] * columnScales[column];
    if (++column === columnScales.length) column = 0;
  }
  return scaled.subarray(0, values.length);
}

/** Codes of values, of which the first is the matrix's `from`-th. */
function evenCodes(
  values: Float32Array,
  { group, scales, zeros, bits }: CodeGrid & { kind: 'uniform' },
  from: number,
  codes: Uint8Array,
): void {
  for (let start = 0; start < values.length; ) {
    const run = Math.floor((from + start) / group);
    const end = Math.min((run + 1) * group - from, values.length);
    const inverse = 1 / scales[run];
    const zero = zeros ? zeros[run] : 0;
    if (Number.isInteger(zero)) {
      const shifted = rounder + zero;
      for (let i = start; i < end; i++) codes[i] = (values[i] * inverse + shifted - rounder) | 0;
    } else {
      // Zero is no level, and may lie beyond the last of them.
      const top = 2 ** bits - 1;
      for (let i = start; i < end; i++) {
        const code = (values[i] * inverse + zero + rounder - rounder) | 0;
        codes[i] = Math.min(Math.max(code, 0), top);
      }
    }
    start = end;
  }
}

/** The same of a table; `scaled` is overwritten. */
function tableCodes(
  values: Float32Array,
  { group, scales, levels }: CodeGrid & { kind: 'table' },
  from: number,
  scaled: Float32Array,
  codes: Uint8Array,
): void {
  const { first, limits } = tableOf(levels);
  const patterns = bitsOf(scaled);
  for (let start = 0; start < values.length; ) {
    const run = Math.floor((from + start) / group);
    const end = Math.min((run + 1) * group - from, values.length);
    // All levels of a scale of 0 are 0.
    const inverse = scales[run] === 0 ? 0 : 1 / scales[run];
    for (let i = start; i < end; i++) scaled[i] = values[i] * inverse;
    for (let i = start; i < end; i++) {
      let code = first[patterns[i] >>> shift];
      while (scaled[i] > limits[code]) code++;
      codes[i] = code;
    }
    start = end;
  }
}

function addCounts(codes: Uint8Array, [a, b, c, d]: readonly Uint32Array[]): void {
  let i = 0;
  for (; i + 3 < codes.length; i += 4) {
    a[codes[i]]++;
    b[codes[i + 1]]++;
    c[codes[i + 2]]++;
    d[codes[i + 3]]++;
  }
  for (; i < codes.length; i++) a[codes[i]]++;
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
