import { describe, expect, it } from 'vitest';
import { bandOf, heightOf, powersFrom, topOf } from './scale.ts';
import type { ChartPoint } from './series.tsx';

const point = (share: number, half = 0.1): ChartPoint => ({
  share,
  low: share - half,
  high: share + half,
  probes: 30,
  of: 30,
  isFew: false,
});

describe('the vertical axis', () => {
  it('has percent, and no place for zero where it is a log axis', () => {
    expect(heightOf(point(0.25), { most: 100 })).toBe(25);
    expect(heightOf(point(0), { most: 100 })).toBe(0);
    expect(heightOf(point(0), { most: 100, floor: 1 })).toBeNull();
    expect(heightOf(undefined, { most: 100 })).toBeNull();
  });

  it('cuts bands at its ends', () => {
    expect(bandOf(point(0.95), { most: 100 })).toEqual([expect.closeTo(85), 100]);
    expect(bandOf(point(0.05), { most: 100, floor: 0.1 })).toEqual([0.1, expect.closeTo(15)]);
  });

  it('has powers of ten from its floor to 100, not their rounding errors', () => {
    expect(powersFrom(1)).toEqual([1, 10, 100]);
    expect(powersFrom(0.001)).toEqual([0.001, 0.01, 0.1, 1, 10, 100]);
  });

  it('ends where it usually does, or above the highest point', () => {
    expect(topOf([point(0.3), undefined], 100)).toBe(100);
    expect(topOf([point(1.04)], 110)).toBe(110);
    expect(topOf([point(1.31)], 110)).toBe(140);
  });
});
