import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomKeys } from '../compress/shared/keys.ts';
import { parseReference } from '../test/reference/reference.ts';
import { stratifiedOrder } from './order.ts';

/** How far the number of probes of any relation in any beginning of an order is from the relation's share of it. */
function worstShare(sizes: readonly number[], order: Uint32Array): number {
  const owner = sizes.flatMap((size, relation) => Array<number>(size).fill(relation));
  const counts = sizes.map(() => 0);
  let worst = 0;
  order.forEach((probe, at) => {
    counts[owner[probe]]++;
    sizes.forEach((size, relation) => {
      worst = Math.max(worst, Math.abs(counts[relation] - (size * (at + 1)) / order.length));
    });
  });
  return worst;
}

describe('stratifiedOrder', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 });

  it('asks every probe once', () => {
    fc.assert(
      fc.property(sizes, (counts) => {
        const total = counts.reduce((a, b) => a + b, 0);
        expect([...stratifiedOrder(counts)].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });

  it('has each relation’s share within one probe in every beginning, for relations of one size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), (count, size) => {
        const equal = Array<number>(count).fill(size);
        expect(worstShare(equal, stratifiedOrder(equal))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has it within half a probe, and half a probe more for each relation’s share, for any sizes', () => {
    const some = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, (counts) => {
        const largest = Math.max(...counts) / counts.reduce((a, b) => a + b, 0);
        const worst = worstShare(counts, stratifiedOrder(counts));
        expect(worst).toBeLessThanOrEqual(0.5 + 0.5 * counts.length * largest + 1e-9);
      }),
    );
  });

  it('spreads the beginning of a relation over its whole list', () => {
    const order = stratifiedOrder([200]);
    for (const length of [8, 16, 32, 64]) {
      const quarters = [0, 0, 0, 0];
      for (const probe of order.subarray(0, length)) quarters[Math.floor(probe / 50)]++;
      // The sequence fills 256 places, of which 200 are there: quarters of the list are not quarters of it.
      for (const count of quarters) expect(Math.abs(count - length / 4), `${length}`).toBeLessThanOrEqual(length / 8);
    }
  });

  it('is this one, worked by hand', () => {
    expect([...stratifiedOrder([4, 2, 1])]).toEqual([0, 4, 2, 6, 1, 5, 3]);
  });
});

describe('the first 2 % of a suite', () => {
  const { runs } = parseReference(readFileSync(new URL('../test/reference/bert-mini.json', import.meta.url), 'utf8'));
  const ofCurve = runs.filter(
    ({ template, steps: [step, ...others] }) =>
      template === 'seen' &&
      others.length === 0 &&
      (step === undefined || (step.method === 'magnitude-global' && step.scope === 'overall')),
  );
  const levels = ofCurve.map(({ hits, probes }) => hits / probes);
  // The shares of each relation are known of one level: at the others those are taken that add up to the curve's.
  const half = Object.values(ofCurve.find(({ steps, relations }) => steps.length === 1 && relations)!.relations!);
  const sizes = half.map(([, of]) => of);
  const order = stratifiedOrder(sizes);
  const sample = order.subarray(0, Math.ceil(0.02 * order.length));

  /**
   * The shares in the sample, where each probe has a strength that its relation and chance give it, and at each level
   * the strongest are right, as many as the reference has.
   */
  function sampledLevels(seed: number): number[] {
    const chance = randomKeys(order.length, seed);
    const strengths = half.flatMap(([hits, of], relation) => {
      const own = (hits + 0.5) / (of + 1);
      const first = sizes.slice(0, relation).reduce((sum, size) => sum + size, 0);
      return Array.from({ length: of }, (_, index) => {
        const u = (chance[first + index] + 2 ** 31 + 0.5) / 2 ** 32;
        return Math.log(own / (1 - own)) + Math.log(u / (1 - u));
      });
    });
    const rank = new Uint32Array(order.length);
    [...strengths.keys()]
      .sort((a, b) => strengths[b] - strengths[a])
      .forEach((probe, place) => {
        rank[probe] = place;
      });
    return ofCurve.map(({ hits }) => sample.filter((probe) => rank[probe] < hits).length / sample.length);
  }

  it('have the shape of the curve: 9 points off at most, 2.5 on average, and the steepest fall within a level', () => {
    expect([levels.length, sizes.length, order.length, sample.length]).toEqual([10, 90, 15_135, 303]);
    const steepest = (curve: readonly number[]) => {
      const falls = curve.slice(1).map((share, at) => curve[at] - share);
      return falls.indexOf(Math.max(...falls));
    };
    for (let seed = 1; seed <= 50; seed++) {
      const sampled = sampledLevels(seed);
      const off = sampled.map((share, at) => Math.abs(share - levels[at]));
      expect(Math.max(...off)).toBeLessThan(0.09);
      expect(off.reduce((sum, own) => sum + own, 0) / off.length).toBeLessThan(0.025);
      expect(Math.abs(steepest(sampled) - steepest(levels))).toBeLessThanOrEqual(1);
    }
  });
});
