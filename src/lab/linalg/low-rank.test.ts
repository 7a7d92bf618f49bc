import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { bestOfRank, transpose } from './low-rank.ts';

function best(values: readonly number[] | Float64Array, rows: number, columns: number, rank: number): Float64Array {
  const work = bestOfRank(values, rows, columns, rank);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const noise = (length: number, seed: number) =>
  Float64Array.from({ length }, (_, i) => Math.sin(seed * 12.9898 + i * i * 78.233));

/** From all singular vectors, as the definition has it. */
function definition(values: Float64Array, rows: number, columns: number, rank: number): Float64Array {
  const matrix = Matrix.from1DArray(rows, columns, values);
  const { leftSingularVectors: u, rightSingularVectors: v, diagonal } = new SVD(matrix, { autoTranspose: true });
  const made = new Float64Array(rows * columns);
  for (let k = 0; k < rank; k++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) made[i * columns + j] += u.get(i, k) * diagonal[k] * v.get(j, k);
  return made;
}

const off = (x: Float64Array, y: ArrayLike<number>) => Math.max(...x.map((value, i) => Math.abs(value - y[i])));

describe('bestOfRank', () => {
  it('keeps the largest direction of a matrix worked by hand', () => {
    expect(off(best([3, 0, 0, 1], 2, 2, 1), [3, 0, 0, 0])).toBeLessThan(1e-15);
    // [[2, 2], [1, -1]] has the directions (1, 1) and (1, -1), of sizes √8 and √2.
    expect(off(best([2, 2, 1, -1], 2, 2, 1), [2, 2, 0, 0])).toBeLessThan(1e-15);
  });

  it.each([
    [12, 30, 5],
    [30, 12, 5],
    [20, 20, 1],
    [20, 20, 19],
    [1, 9, 1],
    [7, 2, 1],
  ])('equals the singular value decomposition for %i x %i at rank %i', (rows, columns, rank) => {
    const values = noise(rows * columns, rows);
    expect(off(best(values, rows, columns, rank), definition(values, rows, columns, rank))).toBeLessThan(1e-12);
  });

  it('finds a matrix of low rank again, and keeps one of full rank to the bit', () => {
    const [u, v] = [noise(15 * 2, 1), noise(8 * 2, 2)];
    const values = Float64Array.from({ length: 120 }, (_, at) => {
      const [i, j] = [Math.floor(at / 8), at % 8];
      return u[i] * v[j] + u[15 + i] * v[8 + j];
    });
    expect(off(best(values, 15, 8, 2), values)).toBeLessThan(1e-13);
    expect(best(values, 15, 8, 8)).toEqual(values);
  });

  it('takes zeros', () => expect(best([0, 0, 0, 0, 0, 0], 2, 3, 1)).toEqual(new Float64Array(6)));
});

describe('transpose', () => {
  it('turns rows into columns', () => expect([...transpose([1, 2, 3, 4, 5, 6], 2, 3)]).toEqual([1, 4, 2, 5, 3, 6]));
});
