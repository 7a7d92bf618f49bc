import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, subtractProduct } from './product.ts';

describe('subtractProduct', () => {
  it('takes aᵀ · b from c', () => {
    const c = { data: Float64Array.of(10, 20, 30, 40), at: 0, step: 2 };
    const a = { data: Float64Array.of(1, 2), at: 0, step: 2 };
    const b = { data: Float64Array.of(3, 4), at: 0, step: 2 };
    subtractProduct(c, a, b, 2, 2, 1);
    expect([...c.data]).toEqual([7, 16, 24, 32]);
  });

  it('equals its definition for blocks of any size within larger matrices, and writes nowhere else', () => {
    const size = fc.integer({ min: 0, max: 11 });
    // Rows longer than what is treated at a time are rare, as they take long.
    const width = fc.oneof(
      { weight: 9, arbitrary: size },
      { weight: 1, arbitrary: fc.integer({ min: 500, max: 1100 }) },
    );
    fc.assert(
      fc.property(size, width, size, fc.nat(3), fc.nat(3), (m, n, k, at, gap) => {
        // Small whole numbers, so that sums are exact in any order.
        const block = (rows: number, columns: number, seed: number): Block => ({
          data: Float64Array.from({ length: at + rows * (columns + gap) }, (_, i) => ((i * 7919 + seed) % 17) - 8),
          at,
          step: columns + gap,
        });
        const [c, a, b] = [block(m, n, 1), block(k, m, 2), block(k, n, 3)];
        const read = ({ data, at, step }: Block, row: number, column: number) => data[at + row * step + column];
        const expected = c.data.slice();
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++)
            for (let t = 0; t < k; t++) expected[at + i * c.step + j] -= read(a, t, i) * read(b, t, j);
        subtractProduct(c, a, b, m, n, k);
        expect(c.data.findIndex((value, i) => value !== expected[i])).toBe(-1);
      }),
    );
  });
});
