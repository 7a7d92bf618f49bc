import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { subtractProduct } from './product.ts';

/**
 * The matrix of at most this rank that is nearest to a given one in the sum of squares: its r largest singular
 * directions (Eckart and Young 1936). They come from the Gram matrix of the shorter side, in double: the square costs
 * half the digits of what lies 1e-8 below the largest singular value, which is less than float32 tells apart.
 *
 * @param values [rows, columns], row-major, finite
 * @param rank 1 up to the shorter side; at the shorter side, the matrix itself comes back
 * @returns work that yields the share that is done; the approximation [rows, columns]
 */
export function* bestOfRank(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  rank: number,
): Generator<number, Float64Array, void> {
  const wide = columns > rows;
  const [long, short] = wide ? [columns, rows] : [rows, columns];
  const given = Float64Array.from(values);
  if (rank >= short) return given;
  const flipped = transpose(given, rows, columns);
  // Rows as long as the short side, and as long as the long one.
  const [narrow, broad] = wide ? [flipped, given] : [given, flipped];
  const sheet = (data: Float64Array, step: number) => ({ data, at: 0, step });

  const gram = new Float64Array(short * short);
  subtractProduct(sheet(gram, short), sheet(narrow, short), sheet(narrow, short), short, short, long);
  yield 0.1;
  // What came out is minus the Gram matrix: its eigenvalues rise, so the largest directions come first.
  const { eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(short, short, gram), {
    assumeSymmetric: true,
  });
  const vectors = new Float64Array(short * rank);
  for (let i = 0; i < short; i++) for (let k = 0; k < rank; k++) vectors[i * rank + k] = eigenvectorMatrix.get(i, k);
  yield 0.8;
  const inside = new Float64Array(rank * long);
  subtractProduct(sheet(inside, long), sheet(vectors, rank), sheet(broad, long), rank, long, short);
  yield 0.9;
  const near = new Float64Array(short * long);
  const across = sheet(transpose(vectors, short, rank), short);
  subtractProduct(sheet(near, long), across, sheet(inside, long), short, long, rank);
  return wide ? near : transpose(near, short, long);
}

/** [rows, columns] to [columns, rows]. */
export function transpose(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column];
  return turned;
}
