import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedMean } from './bounded.ts';
import { wilson, z95 } from './interval.ts';

describe('the mean of values between 0 and 1', () => {
  it('of hits and misses alone is a share', () => {
    expect(boundedMean(3, 10)).toEqual({ share: 0.3, ...wilson(3, 10) });
  });

  it('has no empty interval where all values are equal', () => {
    const { share, low, high } = boundedMean(5, 10);
    // Wilson by hand: z² = 3.8415; centre 0.5, half = z / (1 + z²/10) · √(0.025 + z²/400) = 0.2634.
    expect([share, low, high]).toEqual([0.5, expect.closeTo(0.2366, 4), expect.closeTo(0.7634, 4)]);
  });

  it('holds the mean, and is at least as wide as a score interval from the values’ own variance', () => {
    const values = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(values, (ranks) => {
        const n = ranks.length;
        const reciprocal = ranks.map((rank) => 1 / rank);
        const sum = reciprocal.reduce((total, value) => total + value, 0);
        const { share, low, high } = boundedMean(sum, n);
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThanOrEqual(share);
        const variance = reciprocal.reduce((total, value) => total + (value - share) ** 2, 0) / n;
        const z2 = z95 * z95;
        const half = (z95 / (1 + z2 / n)) * Math.sqrt(variance / n + z2 / (4 * n * n));
        expect((high - low) / 2).toBeGreaterThanOrEqual(Math.min(half, (1 - low) / 2, high / 2) - 1e-9);
      }),
    );
  });
});
