import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoFront } from './pareto.ts';

const offer = (cost: number, worth: number) => ({ cost, worth });
const beats = (a: { cost: number; worth: number }, b: { cost: number; worth: number }) =>
  a.cost <= b.cost && a.worth >= b.worth && (a.cost < b.cost || a.worth > b.worth);

describe('the Pareto front', () => {
  it('leaves out what another one beats', () => {
    const offers = [offer(5, 0.9), offer(3, 0.5), offer(4, 0.5), offer(5, 0.8), offer(9, 0.9), offer(1, 0.1)];
    expect(paretoFront(offers)).toEqual([offer(1, 0.1), offer(3, 0.5), offer(5, 0.9)]);
  });

  it('keeps one of equals, and nothing of nothing', () => {
    expect(paretoFront([offer(1, 1), offer(1, 1)])).toHaveLength(1);
    expect(paretoFront([])).toEqual([]);
  });

  it('is what nobody beats, and beats or equals all others', () => {
    const list = fc.array(fc.record({ cost: fc.nat(20), worth: fc.nat(20) }), { maxLength: 40 });
    fc.assert(
      fc.property(list, (offers) => {
        const front = paretoFront(offers);
        for (const mine of front) expect(offers.some((other) => beats(other, mine))).toBe(false);
        for (const other of offers)
          expect(
            front.some((mine) => beats(mine, other) || (mine.cost === other.cost && mine.worth === other.worth)),
          ).toBe(true);
      }),
    );
  });
});
