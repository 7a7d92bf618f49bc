import { describe, expect, it } from 'vitest';
import { distanceOf, drawTo } from './guess.ts';

describe('the distance of a guess', () => {
  it('is the mean over the levels that have both, with the worst of them', () => {
    expect(distanceOf([90, 50, null, 10], [100, 80, 60, 12])).toEqual({
      levels: 3,
      mean: (10 + 30 + 2) / 3,
      worst: { level: 1, guess: 50, real: 80 },
    });
  });

  it('names the first of two that are equally far off', () => {
    expect(distanceOf([50, 70], [60, 60])?.worst.level).toBe(0);
  });

  it('is none where nothing can be compared', () => {
    expect(distanceOf([null, 50], [50, null])).toBeNull();
    expect(distanceOf([50, 50], [])).toBeNull();
  });
});

describe('drawing', () => {
  it('sets one place where the pen comes down', () => {
    expect(drawTo([10, null, 30], null, 1, 50)).toEqual([10, 50, 30]);
  });

  it('draws a straight line to where the pen goes, either way', () => {
    expect(drawTo([80, null, null, null, 9], 0, 3, 50)).toEqual([80, 70, 60, 50, 9]);
    expect(drawTo([9, null, null, 40], 3, 0, 100)).toEqual([100, 80, 60, 40]);
  });

  it('changes the place that the pen rests on', () => {
    expect(drawTo([10, 20], 1, 1, 25)).toEqual([10, 25]);
  });
});
