import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference } from './paired.ts';

describe('pairedDifference', () => {
  // Fagerland, Lydersen and Laake 2014, Statistics in Medicine 33:2850–2875: 1, 1, 7 and 12 children with airway
  // hyper-responsiveness; their difference is the first minus the second, −0.286 (−0.507 to −0.026).
  it('agrees with the published example', () => {
    const found = pairedDifference({ both: 1, lost: 1, gained: 7, neither: 12 })!;
    expect(found.difference).toBeCloseTo(0.286, 3);
    expect(found.low).toBeCloseTo(0.026, 3);
    expect(found.high).toBeCloseTo(0.507, 3);
  });

  it('needs something asked', () => {
    expect(pairedDifference({ both: 0, lost: 0, gained: 0, neither: 0 })).toBeNull();
  });

  it('is about 0 for a model beside itself, narrower the more was asked', () => {
    const few = pairedDifference({ both: 20, lost: 0, gained: 0, neither: 10 })!;
    const many = pairedDifference({ both: 2000, lost: 0, gained: 0, neither: 1000 })!;
    expect(few.difference).toBe(0);
    expect(few.low).toBeCloseTo(-few.high, 12);
    expect(many.high).toBeLessThan(few.high);
  });

  it('holds the difference, stays within −1 and 1, and turns around with the two models', () => {
    const count = fc.integer({ min: 0, max: 400 });
    const four = fc.record({ both: count, lost: count, gained: count, neither: count });
    fc.assert(
      fc.property(four, (counts) => {
        const found = pairedDifference(counts);
        if (!found) return;
        expect(found.low).toBeLessThanOrEqual(found.difference + 1e-12);
        expect(found.high).toBeGreaterThanOrEqual(found.difference - 1e-12);
        expect(found.low).toBeGreaterThanOrEqual(-1);
        expect(found.high).toBeLessThanOrEqual(1);
        const turned = pairedDifference({ ...counts, lost: counts.gained, gained: counts.lost })!;
        expect(turned.low).toBeCloseTo(-found.high, 9);
      }),
    );
  });
});
