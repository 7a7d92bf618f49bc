import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paired } from './ratio.ts';

describe('paired', () => {
  it('is accuracy after over accuracy before, over the same questions', () => {
    expect(paired({ both: 30, before: 20, after: 10 })?.share).toBeCloseTo(40 / 50);
  });

  it('knows no share of nothing', () => {
    expect(paired({ both: 0, before: 0, after: 7 })).toBeNull();
  });

  // Computed by hand from the formulas of Bonett and Price (2006): A, B, C, k and two Wilson intervals with k·z.
  it('has the interval of Bonett and Price', () => {
    const { low, high } = paired({ both: 43, before: 11, after: 6 })!;
    const z = 1.959963984540054;
    const [x1, x2, n] = [49, 54, 60];
    const a = Math.sqrt((11 + 6 + 2) / ((x1 + 1) * (x2 + 1)));
    const b = Math.sqrt((1 - (x1 + 1) / (n + 2)) / (x1 + 1));
    const c = Math.sqrt((1 - (x2 + 1) / (n + 2)) / (x2 + 1));
    const k2 = (a / (b + c)) ** 2 * z * z;
    const bound = (x: number, sign: number) =>
      (2 * x + k2 + sign * Math.sqrt(k2) * Math.sqrt(k2 + 4 * x * (1 - x / n))) / (2 * (n + k2));
    expect(low).toBeCloseTo(bound(x1, -1) / bound(x2, 1), 10);
    expect(high).toBeCloseTo(bound(x1, 1) / bound(x2, -1), 10);
  });

  it('holds its share, and is narrower the more was asked', () => {
    const count = fc.nat(500);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), count, count, (both, before, after) => {
        const few = paired({ both, before, after })!;
        const many = paired({ both: both * 10, before: before * 10, after: after * 10 })!;
        expect(few.low).toBeLessThanOrEqual(few.share + 1e-12);
        expect(few.high).toBeGreaterThanOrEqual(few.share - 1e-12);
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
  });

  it('covers the true ratio about as often as it says', () => {
    // A model that keeps 70 % of what it knew and learns 5 % of the rest, asked 150 questions, 2,000 times.
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const truth = (0.5 * 0.7 + 0.5 * 0.05) / 0.5;
    let covered = 0;
    const times = 2000;
    for (let time = 0; time < times; time++) {
      const pairs = { both: 0, before: 0, after: 0 };
      for (let question = 0; question < 150; question++) {
        const knew = random() < 0.5;
        const knows = random() < (knew ? 0.7 : 0.05);
        if (knew && knows) pairs.both++;
        else if (knew) pairs.before++;
        else if (knows) pairs.after++;
      }
      const { low, high } = paired(pairs)!;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / times).toBeGreaterThan(0.93);
    expect(covered / times).toBeLessThan(0.98);
  });
});
