import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../../lab/compress/recipe.ts';
import { wilson } from '../../../lab/metrics/interval.ts';
import { layout, resultOf } from '../../test/families.ts';
import { decide, keptShare, type Offer, offersOf } from './decision.ts';

const [T, F] = [true, false];
const before = resultOf([T, T, T, T, /**/ T, T, F, F, /**/ F, F, F, F]);
const after = resultOf([T, T, F, F, /**/ T, F, F, F, /**/ T, F, F, F]);

describe('what is kept', () => {
  it('is of the facts that the uncompressed model knows: what came to it does not count', () => {
    expect(keptShare(before, after)).toEqual({ kept: 3 / 6, n: 6, ...wilson(3, 6) });
  });

  it('rests on what both were asked', () => {
    const sample = resultOf(Array.from(layout.order, (_, probe) => (layout.order.indexOf(probe) < 3 ? T : null)));
    const asked = Array.from(layout.order.subarray(0, 3));
    const known = asked.filter((probe) => probe < 6).length;
    expect(keptShare(before, sample)).toMatchObject({ kept: 1, n: known });
  });

  it('is nothing where nothing was known', () => {
    expect(keptShare(resultOf(Array(12).fill(F)), after)).toBeNull();
  });
});

describe('offers', () => {
  it('have the bytes of the chosen layout, and the front marked', () => {
    const found = [
      { key: 'none', recipe: [], result: before },
      { key: 'worse', recipe: parseRecipe([{ method: 'rtn', bits: 4 }]), result: after },
    ];
    const offers = offersOf(before, found, 'dense', ({ length }) => (length === 0 ? 'none' : 'rounded'));
    expect(offers.map(({ key, bytes, kept, onFront, isFew }) => [key, bytes, kept, onFront, isFew])).toEqual([
      ['none', 800, 1, true, true],
      ['worse', 800, 0.5, false, true],
    ]);
    expect(offersOf(before, found, 'smallest', () => 'none')[0].bytes).toBe(713);
  });
});

const offer = (key: string, megabytes: number, kept: number, spread = 0.02): Offer => ({
  key,
  recipe: [],
  bytes: megabytes * 1e6,
  kept,
  low: kept - spread,
  high: Math.min(1, kept + spread),
  n: 500,
  asked: 500,
  of: 5000,
  isFew: false,
  kind: 'none',
  onFront: false,
});
const offers = [offer('tiny', 1, 0.5), offer('small', 2, 0.91), offer('medium', 3, 0.95), offer('whole', 9, 1, 0)];

describe('the decision', () => {
  it('takes the smallest that keeps enough, and says whether that is certain', () => {
    expect(decide(offers, { megabytes: 5, loss: 10, goal: 'smallest' })).toMatchObject({
      status: 'take',
      offer: { key: 'small' },
      isCertain: false,
      certain: { key: 'medium' },
    });
    expect(decide(offers, { megabytes: 5, loss: 15, goal: 'smallest' })).toMatchObject({
      offer: { key: 'small' },
      isCertain: true,
    });
  });

  it('takes what keeps most of what is small enough', () => {
    expect(decide(offers, { megabytes: 5, loss: 10, goal: 'best' })).toMatchObject({ offer: { key: 'medium' } });
    expect(decide(offers, { megabytes: 9, loss: 10, goal: 'best' })).toMatchObject({ offer: { key: 'whole' } });
  });

  it('counts a limit that is just kept as kept', () => {
    expect(decide([offer('a', 2, 0.9)], { megabytes: 2, loss: 10, goal: 'smallest' })).toMatchObject({
      status: 'take',
    });
  });

  it('names what is nearest where nothing keeps both', () => {
    expect(decide(offers, { megabytes: 1.5, loss: 10, goal: 'smallest' })).toMatchObject({
      status: 'none',
      smallEnough: { key: 'tiny' },
      goodEnough: { key: 'small' },
    });
    expect(decide(offers, { megabytes: 0.5, loss: 0, goal: 'smallest' })).toMatchObject({
      smallEnough: null,
      goodEnough: { key: 'whole' },
    });
    expect(decide([], { megabytes: 1, loss: 1, goal: 'best' })).toEqual({ status: 'nothing' });
  });
});
