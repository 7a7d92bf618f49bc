import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranksOf, spearman } from './rank-correlation.ts';

const pairsOf = (x: readonly number[], y: readonly number[]) => x.map((value, at) => [value, y[at]] as const);

describe('ranksOf', () => {
  it('shares the mean rank among equals', () => {
    expect(ranksOf([30, 10, 20, 20, 40])).toEqual([4, 1, 2.5, 2.5, 5]);
    expect(ranksOf([7, 7, 7])).toEqual([2, 2, 2]);
    expect(ranksOf([Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY])).toEqual([2.5, 1, 2.5]);
  });
});

describe('spearman', () => {
  it('is what a textbook has for ten pupils (IQ and hours of television: -29/165)', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(pairsOf(iq, hours))).toBeCloseTo(-29 / 165, 12);
  });

  it('is 1 - 6 Σ d² / (n (n² - 1)) where nothing is tied', () => {
    const sides = fc.integer({ min: 3, max: 12 }).chain((n) => {
      const numbers = Array.from({ length: n }, (_, at) => at);
      const shuffled = fc.shuffledSubarray(numbers, { minLength: n, maxLength: n });
      return fc.tuple(shuffled, shuffled);
    });
    fc.assert(
      fc.property(sides, ([x, y]) => {
        const n = x.length;
        const squares = x.reduce((sum, value, at) => sum + (value - y[at]) ** 2, 0);
        expect(spearman(pairsOf(x, y))).toBeCloseTo(1 - (6 * squares) / (n * (n * n - 1)), 10);
      }),
    );
  });

  it('counts ties at their mean rank', () =>
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: Pearson's by hand 4.5 / √(4.5 · 5).
    expect(spearman(pairsOf([1, 2, 2, 3], [10, 30, 20, 40]))).toBeCloseTo(4.5 / Math.sqrt(22.5), 12));

  it('says nothing of too few pairs, or of values that are all alike', () => {
    expect(spearman(pairsOf([1, 2], [1, 2]))).toBeNull();
    expect(spearman(pairsOf([1, 1, 1], [1, 2, 3]))).toBeNull();
  });
});
