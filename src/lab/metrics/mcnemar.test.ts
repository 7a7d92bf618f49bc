import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, mcnemar } from './mcnemar.ts';

describe('mcnemar', () => {
  // Fagerland, Lydersen and Laake 2013, table 1 (airway hyper-responsiveness before and after stem cell transplantation).
  it('agrees with the published example', () => {
    expect(mcnemar(1, 7).exact).toBeCloseTo(0.0703, 4);
    expect(mcnemar(1, 7).mid).toBeCloseTo(0.0391, 4);
  });

  it('agrees with sums by hand', () => {
    // 2 · (1 + 5 + 10) / 32 is 1; without P(X = 2) = 10 / 32 it is 0.6875.
    expect(mcnemar(2, 3).exact).toBeCloseTo(1, 12);
    expect(mcnemar(2, 3).mid).toBeCloseTo(0.6875, 12);
    expect(mcnemar(0, 5).exact).toBeCloseTo(2 / 32, 12);
    expect(mcnemar(0, 5).mid).toBeCloseTo(1 / 32, 12);
  });

  it('says nothing where nothing differs', () => {
    expect(mcnemar(0, 0)).toEqual({ exact: 1, mid: 1 });
    expect(mcnemar(9, 9).exact).toBe(1);
  });

  it('does not mind thousands', () => {
    expect(mcnemar(5000, 5000).exact).toBe(1);
    // The normal approximation with continuity correction, z = (200 − 1) / √10000, gives 0.0466.
    expect(mcnemar(4900, 5100).exact).toBeCloseTo(0.0466, 3);
    expect(mcnemar(0, 4000).exact).toBe(0);
    expect(mcnemar(2100, 1900).exact).toBeGreaterThan(0);
  });

  it('is the same from both sides, a probability, and the mid-p never above the exact one', () => {
    const counts = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(counts, counts, (b, c) => {
        const { exact, mid } = mcnemar(b, c);
        expect(mcnemar(c, b)).toEqual({ exact, mid });
        expect(exact).toBeGreaterThanOrEqual(0);
        expect(exact).toBeLessThanOrEqual(1);
        expect(mid).toBeLessThanOrEqual(exact + 1e-12);
      }),
    );
  });
});

describe('holm', () => {
  it('multiplies by how many are left, and never falls', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02].map((p) => expect.closeTo(p, 12)));
  });

  it('has no p above 1, and nothing for no tests', () => {
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
