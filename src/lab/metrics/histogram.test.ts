import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramPair } from './histogram.ts';

const of = (...values: number[]) => Float32Array.of(...values);

describe('histogramPair', () => {
  it('counts both over one range around zero, and zeros by themselves', () => {
    expect(histogramPair(of(-2, -1.5, -0.5, 0.5, 1, 2), of(-2, 0, 0, 0, 1, 2), 4)).toEqual({
      edges: [-2, -1, 0, 1, 2],
      before: [2, 1, 1, 2],
      after: [1, 0, 0, 2],
      zerosBefore: 0,
      zerosAfter: 3,
    });
  });

  it('takes its range from whichever is wider', () =>
    expect(histogramPair(of(1), of(-4), 2)).toMatchObject({ edges: [-4, 0, 4], before: [0, 1], after: [1, 0] }));

  it('of nothing but zeros has empty bins', () =>
    expect(histogramPair(of(0, 0), of(0, 0), 3)).toEqual({
      edges: [0, 0, 0, 0],
      before: [0, 0, 0],
      after: [0, 0, 0],
      zerosBefore: 2,
      zerosAfter: 2,
    }));

  it('loses no value', () => {
    const values = fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 50, min: -8, max: 8 });
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 31 }), (before, after, bins) => {
        const made = histogramPair(before, after, bins);
        const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
        expect(made.edges).toHaveLength(bins + 1);
        expect(sum(made.before) + made.zerosBefore).toBe(before.length);
        expect(sum(made.after) + made.zerosAfter).toBe(after.length);
      }),
    );
  });
});
