import { subtractProduct } from './product.ts';

/** Rows that are factored together: large enough to use each row often, small enough for short pieces. */
const blockRows = 32;
/** Rows of a triangle that are treated as a rectangle, some products too many, to call the kernel less often. */
const strip = 8;

/** Work in pieces: yields the share that is done. */
type Pieces<Result> = Generator<number, Result, void>;

/**
 * The Cholesky factor R of a symmetric matrix A = Rᵀ · R, in place: R is upper triangular, and what is left below the
 * diagonal has no meaning. Right-looking, in blocks of rows; n³ / 6 products.
 *
 * @param a A [n, n], row-major; only its upper triangle is read
 * @returns whether A is positive definite, as far as doubles can tell; where it is not, `a` holds nothing of use
 */
export function* choleskyUpper(a: Float64Array, n: number): Pieces<boolean> {
  const block = (row: number, column: number) => ({ data: a, at: row * n + column, step: n });
  for (let start = 0; start < n; start += blockRows) {
    const end = Math.min(start + blockRows, n);
    for (let row = start; row < end; row++) {
      subtractProduct(block(row, row), block(start, row), block(start, row), 1, n - row, row - start);
      const pivot = a[row * n + row];
      if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
      scale(a, row * n + row, n - row, 1 / Math.sqrt(pivot));
    }
    for (let row = end; row < n; row += strip) {
      const rows = Math.min(strip, n - row);
      subtractProduct(block(row, row), block(start, row), block(start, row), rows, n - row, end - start);
    }
    yield 1 - ((n - end) / n) ** 3;
  }
  return true;
}

/**
 * R⁻ᵀ, lower triangular, of an upper triangular R: forward substitution, row by row; n³ / 6 products.
 *
 * @param r R [n, n], row-major; only its upper triangle is read
 */
export function* inverseTransposed(r: Float64Array, n: number): Pieces<Float64Array> {
  const inverse = new Float64Array(n * n);
  const from = (row: number, column: number) => ({ data: r, at: row * n + column, step: n });
  const to = (row: number) => ({ data: inverse, at: row * n, step: n });
  for (let start = 0; start < n; start += blockRows) {
    const end = Math.min(start + blockRows, n);
    for (let row = start; row < end; row++) {
      subtractProduct(to(row), from(start, row), to(start), 1, row, row - start);
      inverse[row * n + row] = 1;
      scale(inverse, row * n, row + 1, 1 / r[row * n + row]);
    }
    subtractProduct(to(end), from(start, end), to(start), n - end, end, end - start);
    yield (end / n) ** 2 * (3 - (2 * end) / n);
  }
  return inverse;
}

/**
 * The upper triangular U with Uᵀ · U = H⁻¹, of which GPTQ and SparseGPT take their steps, without H⁻¹ itself: with J the
 * matrix that reverses an order, J · H · J = Rᵀ · R gives U = J · R⁻ᵀ · J, half the work of inverting H and factoring
 * what comes out. Row-major, to reverse rows and columns is to reverse the array.
 *
 * @param h H [n, n], symmetric, row-major; it is left as it is
 * @returns U [n, n] with zeros below its diagonal, or null where H is not positive definite
 */
export function* inverseFactor(h: Float64Array, n: number): Pieces<Float64Array | null> {
  const reversed = h.slice().reverse();
  const factoring = choleskyUpper(reversed, n);
  let step = factoring.next();
  for (; !step.done; step = factoring.next()) yield step.value / 2;
  if (!step.value) return null;
  const inverting = inverseTransposed(reversed, n);
  let piece = inverting.next();
  for (; !piece.done; piece = inverting.next()) yield (1 + piece.value) / 2;
  return piece.value.reverse();
}

function scale(data: Float64Array, at: number, width: number, factor: number): void {
  for (let i = at; i < at + width; i++) data[i] *= factor;
}
