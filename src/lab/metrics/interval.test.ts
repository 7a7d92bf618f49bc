import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanInterval, wilson, z95 } from './interval.ts';

const counts = fc
  .integer({ min: 1, max: 10_000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe('wilson', () => {
  // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('agrees with Newcombe for %i of %i', (hits, n, low, high) => {
    expect(wilson(hits, n).low).toBeCloseTo(low, 4);
    expect(wilson(hits, n).high).toBeCloseTo(high, 4);
  });

  it('knows nothing where nothing was asked', () => expect(wilson(0, 0)).toEqual({ low: 0, high: 1 }));

  it('reaches exactly to the ends, and leaves z² / (n + z²) open', () => {
    const open = z95 ** 2 / (50 + z95 ** 2);
    expect(wilson(0, 50).low).toBe(0);
    expect(wilson(0, 50).high).toBeCloseTo(open, 12);
    expect(wilson(50, 50).high).toBe(1);
    expect(wilson(50, 50).low).toBeCloseTo(1 - open, 12);
  });

  it('has the bounds at which a score test just does not reject', () => {
    fc.assert(
      fc.property(counts, ([hits, n]) => {
        const { low, high } = wilson(hits, n);
        for (const bound of [low, high]) {
          if (bound === 0 || bound === 1) continue;
          const score = (hits / n - bound) / Math.sqrt((bound * (1 - bound)) / n);
          expect(Math.abs(score)).toBeCloseTo(z95, 6);
        }
      }),
    );
  });

  it('holds the share and stays within 0 and 1, mirrored for misses', () => {
    fc.assert(
      fc.property(counts, ([hits, n]) => {
        const { low, high } = wilson(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
        expect(high).toBeLessThanOrEqual(1);
        expect(wilson(n - hits, n).low).toBeCloseTo(1 - high, 12);
      }),
    );
  });

  it('narrows with more probes', () => {
    const width = (n: number) => wilson(n / 2, n).high - wilson(n / 2, n).low;
    expect(width(40)).toBeGreaterThan(width(400));
    expect(width(400)).toBeGreaterThan(width(4000));
  });
});

describe('meanInterval', () => {
  it('is the share’s own interval where there is one share', () => {
    const interval = { low: 0.2, high: 0.55 };
    const mean = meanInterval([{ share: 0.4, interval }]);
    expect(mean.low).toBeCloseTo(0.2, 12);
    expect(mean.high).toBeCloseTo(0.55, 12);
  });

  it('adds distances as squares', () => {
    // Distances down 0.3 and 0.4, so 0.5 / 2; up 0.12 and 0.05, so 0.13 / 2; the mean is 0.6.
    const made = meanInterval([
      { share: 0.5, interval: { low: 0.2, high: 0.62 } },
      { share: 0.7, interval: { low: 0.3, high: 0.75 } },
    ]);
    expect(made.low).toBeCloseTo(0.35, 12);
    expect(made.high).toBeCloseTo(0.665, 12);
  });

  it('knows nothing of no shares', () => expect(meanInterval([])).toEqual({ low: 0, high: 1 }));

  it('holds the mean and lies within 0 and 1, whatever the shares', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 20 }), (list) => {
        const shares = list.map(([hits, n]) => ({ share: hits / n, interval: wilson(hits, n) }));
        const mean = shares.reduce((sum, { share }) => sum + share, 0) / shares.length;
        const { low, high } = meanInterval(shares);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(mean + 1e-12);
        expect(high).toBeGreaterThanOrEqual(mean - 1e-12);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});
