import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choleskyUpper, inverseFactor, inverseTransposed } from './cholesky.ts';

function finish<Result>(work: Generator<number, Result, void>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** xᵀ · y of square matrices, or x · y. */
function product(x: Float64Array, y: Float64Array, n: number, transposed: boolean): Float64Array {
  const made = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = transposed ? x[k * n + i] : x[i * n + k];
      for (let j = 0; j < n; j++) made[i * n + j] += factor * y[k * n + j];
    }
  return made;
}

const distance = (x: Float64Array, y: Float64Array) =>
  x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
const upperOf = (x: Float64Array, n: number) => x.map((value, i) => (i % n >= Math.floor(i / n) ? value : 0));

/** A positive definite matrix with eigenvalues from 0.1 to about 4. */
function positive(n: number, seed: number): Float64Array {
  const x = Float64Array.from({ length: n * n }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233) / Math.sqrt(n));
  return product(x, x, n, true).map((value, i) => value + (i % (n + 1) === 0 ? 0.1 : 0));
}

/** Smaller than a block, around one and two of them, and odd. */
const sizes = [1, 2, 3, 31, 32, 33, 63, 65, 100];

describe('choleskyUpper', () => {
  it('factors a matrix worked by hand', () => {
    const a = Float64Array.of(4, 2, 2, 10);
    expect(finish(choleskyUpper(a, 2))).toBe(true);
    expect([...upperOf(a, 2)]).toEqual([2, 1, 0, 3]);
  });

  it.each(sizes)('gives R with Rᵀ · R = A for n = %i', (n) => {
    const a = positive(n, n);
    const r = a.slice();
    expect(finish(choleskyUpper(r, n))).toBe(true);
    const upper = upperOf(r, n);
    expect(distance(product(upper, upper, n, true), a)).toBeLessThan(1e-14 * n);
  });

  it.each([
    ['a negative direction', [1, 2, 2, 1]],
    ['no direction at all', [1, 1, 1, 1]],
    ['zeros', [0, 0, 0, 0]],
    ['NaN', [1, Number.NaN, Number.NaN, 1]],
    ['an infinity', [Number.POSITIVE_INFINITY, 0, 0, 1]],
  ])('refuses %s', (_, values) => expect(finish(choleskyUpper(Float64Array.from(values), 2))).toBe(false));
});

describe('inverseTransposed', () => {
  it.each(sizes)('gives R⁻ᵀ for n = %i', (n) => {
    const r = positive(n, n + 1);
    const inverse = finish(inverseTransposed(r, n));
    // Rᵀ · R⁻ᵀ
    expect(distance(product(upperOf(r, n), inverse, n, true), identity(n))).toBeLessThan(1e-10);
    expect(inverse.some((value, i) => i % n > Math.floor(i / n) && value !== 0)).toBe(false);
  });
});

describe('inverseFactor', () => {
  it('factors an inverse worked by hand', () => {
    // H⁻¹ is [[5, -1], [-1, 2]] / 9, and U its factor.
    const u = finish(inverseFactor(Float64Array.of(2, 1, 1, 5), 2))!;
    const expected = [Math.sqrt(5) / 3, -1 / (3 * Math.sqrt(5)), 0, Math.sqrt(1 / 5)];
    expect(distance(u, Float64Array.from(expected))).toBeLessThan(1e-15);
  });

  it.each(sizes)('gives an upper triangle U with Uᵀ · U · H = 1 for n = %i', (n) => {
    const h = positive(n, n + 2);
    const before = h.slice();
    const u = finish(inverseFactor(h, n))!;
    expect(h).toEqual(before);
    expect(u).toEqual(upperOf(u, n));
    expect(u.every((value, i) => i % (n + 1) !== 0 || value > 0)).toBe(true);
    expect(distance(product(product(u, u, n, true), h, n, false), identity(n))).toBeLessThan(1e-12);
  });

  it('holds for matrices whose sizes differ by many orders', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -12, max: 12 }),
        fc.nat(1000),
        (n, power, seed) => {
          const h = positive(n, seed).map((value) => value * 10 ** power);
          const u = finish(inverseFactor(h, n))!;
          expect(distance(product(product(u, u, n, true), h, n, false), identity(n))).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('gives null where there is no inverse', () => {
    expect(finish(inverseFactor(Float64Array.of(1, 1, 1, 1), 2))).toBeNull();
    expect(finish(inverseFactor(Float64Array.of(1, 0, 0, -1), 2))).toBeNull();
  });

  it('works in pieces and tells how far it is', () => {
    const shares = [...inverseFactor(positive(100, 1), 100)];
    expect(shares.length).toBeGreaterThan(6);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });
});
