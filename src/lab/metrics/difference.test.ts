import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { independentDifference } from './difference.ts';

describe('independentDifference', () => {
  // Newcombe 1998, Statistics in Medicine 17:873–890, Table II, method 10: the first share minus the second.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
  ])('agrees with the published interval of %i/%i − %i/%i', (a, m, b, n, low, high) => {
    const found = independentDifference({ hits: b, n }, { hits: a, n: m })!;
    expect(found.difference).toBeCloseTo(a / m - b / n, 12);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('needs something asked of both', () => {
    expect(independentDifference({ hits: 0, n: 0 }, { hits: 1, n: 2 })).toBeNull();
    expect(independentDifference({ hits: 1, n: 2 }, { hits: 0, n: 0 })).toBeNull();
  });

  it('holds the difference, stays within −1 and 1, and turns around with the two', () => {
    const share = fc.nat(400).chain((hits) => fc.nat(400).map((rest) => ({ hits, n: hits + rest + 1 })));
    fc.assert(
      fc.property(share, share, (first, second) => {
        const { difference, low, high } = independentDifference(first, second)!;
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(independentDifference(second, first)!.low).toBeCloseTo(-high, 9);
      }),
    );
  });
});
