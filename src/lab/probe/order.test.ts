import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
