import type { Sheet } from './compensate.ts';

// What the two SparseGPT methods share: how much the output misses a weight, w² / U[i, i]² in the letters of
// compensate.ts (Frantar and Alistarh 2023, section 3.2).

/** How much each weight of the columns `start` to `end` is missed, as they are now: [end - start, rows]. Zeros have -1. */
export function measure(sheet: Sheet, start: number, end: number, missed: Float64Array): void {
  const { rows, columns, weights, zeros, curvature } = sheet;
  for (let to = 0, column = start; column < end; column++) {
    const from = column * rows;
    const step = curvature.factor[column * columns + column];
    for (let row = 0; row < rows; row++, to++) {
      const weight = weights[from + row];
      missed[to] = zeros[from + row] ? -1 : (weight * weight) / (step * step);
    }
  }
}

/** Sets the weights of a column to 0 that are marked. */
export function clear({ rows, weights }: Sheet, marks: Uint8Array, column: number): void {
  const end = (column + 1) * rows;
  for (let i = column * rows; i < end; i++) if (marks[i]) weights[i] = 0;
}
