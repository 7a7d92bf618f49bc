import type { Context, Matrix, SiteActivations } from '../compress/method.ts';
import { activationsFrom } from './matrices.ts';

// Straight definitions for the tests of GPTQ, SparseGPT and AWQ: without blocks, without a thought for speed.

/** Numbers between -1 and 1 that look random, without ties: the same for the same seed. */
export function noise(seed: number, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => {
      const x = Math.sin(seed * 12.9898 + (r * columns + c + 1) * 78.233) * 43758.5453;
      return Math.fround((x - Math.floor(x)) * 2 - 1);
    }),
  );
}

/** Inputs that have something in common, some stronger than others. `dead` ones are always 0. */
export function inputs(seed: number, columns: number, dead: readonly number[] = []): SiteActivations {
  const tokens = noise(seed, 2 * columns + 3, columns).map((row) => {
    const common = row[0];
    return row.map((x, c) => (dead.includes(c) ? 0 : (x + common) * (1 + (c % 3))));
  });
  return activationsFrom(tokens);
}

/** The same measured at all of the matrices. */
export function measuredAt(matrices: readonly Matrix[], activations: SiteActivations): Partial<Context> {
  return { activations: new Map(matrices.map(({ site }) => [site.name, activations])) };
}

/**
 * U with Uᵀ · U = H⁻¹ for the damped Gram matrix, inputs in the given order: H⁻¹ by elimination, and the rows of U one
 * after the other.
 */
export function naiveFactor(gram: Float64Array, damping: number, order: readonly number[]): number[][] {
  const n = order.length;
  const alive = (i: number) => gram[i * n + i] || 1;
  const mean = order.reduce((sum, i) => sum + alive(i), 0) / n;
  const rows = order.map((i, at) => [
    ...order.map((j) => (i === j ? alive(i) + damping * mean : gram[i * n + j])),
    ...order.map((_, j) => (j === at ? 1 : 0)),
  ]);
  for (let k = 0; k < n; k++) {
    const pivot = rows[k][k];
    rows[k] = rows[k].map((x) => x / pivot);
    for (let i = 0; i < n; i++) {
      const factor = rows[i][k];
      if (i !== k) rows[i] = rows[i].map((x, j) => x - factor * rows[k][j]);
    }
  }
  const u = rows.map((row) => row.slice(n).map(() => 0));
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let rest = rows[i][n + j];
      for (let k = 0; k < i; k++) rest -= u[k][i] * u[k][j];
      u[i][j] = i === j ? Math.sqrt(rest) : rest / u[i][i];
    }
  return u;
}

/** Σ over rows of d · H · dᵀ: how far the output of a layer moves, over all tokens. */
export function outputError(before: Matrix, after: Matrix, gram: Float64Array): number {
  const { rows, columns } = before;
  let sum = 0;
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) {
        const d = (c: number) => after.values[r * columns + c] - before.values[r * columns + c];
        sum += d(i) * gram[i * columns + j] * d(j);
      }
  return sum;
}

/** Values as rows, without the sign of zeros. */
export function rowsOf({ values, columns }: Matrix): number[][] {
  return Array.from({ length: values.length / columns }, (_, r) =>
    Array.from(values.subarray(r * columns, (r + 1) * columns), (value) => value + 0),
  );
}
