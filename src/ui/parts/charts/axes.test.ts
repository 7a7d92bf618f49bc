import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticksThatFit } from './axes.tsx';

const share = (percent: number) => ({ x: percent / 100, label: `${percent} %` });
const shares = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map(share);

describe('ticksThatFit', () => {
  it('keeps all where there is room', () => {
    expect(ticksThatFit(shares, 450)).toEqual(shares.map(({ x }) => x));
  });

  it('leaves out those that would touch, on a phone', () => {
    expect(ticksThatFit(shares, 250)).toEqual([0, 0.2, 0.4, 0.6, 0.9]);
  });

  it('keeps the mild end of an axis whose marks crowd at the other', () => {
    const bits = [16, 8, 6, 5, 4, 3, 2].map((x) => ({ x, label: `${x} bits` }));
    expect(ticksThatFit(bits, 400)).toEqual([2, 4, 6, 8, 16]);
  });

  it('has no room to save with one mark or none', () => {
    expect(ticksThatFit([], 100)).toEqual([]);
    expect(ticksThatFit([share(50)], 10)).toEqual([0.5]);
  });

  it('always keeps both ends, and the order', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 2 });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 2000 }), (percents, width) => {
        const kept = ticksThatFit(percents.map(share), width);
        expect(kept[0]).toBe(Math.min(...percents) / 100);
        expect(kept.at(-1)).toBe(Math.max(...percents) / 100);
        expect(kept).toEqual([...kept].sort((a, b) => a - b));
      }),
    );
  });
});
