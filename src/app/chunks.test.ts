import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stratifiedOrder } from '../lab/probe/order.ts';
import { chunkEnd, concatenate, firstAnswers, firstChunk, laterChunk } from './chunks.ts';
import { answersTo } from './test/fixture.ts';

describe('pieceEnd', () => {
  it('gives a sample first and larger pieces after it', () => {
    expect(chunkEnd(0, 5259)).toBe(192);
    expect(chunkEnd(192, 5259)).toBe(704);
    expect(chunkEnd(704, 5259)).toBe(1216);
    expect(chunkEnd(5000, 5259)).toBe(5259);
  });

  it('completes a sample that broke off', () => expect(chunkEnd(100, 5259)).toBe(192));

  it('covers everything once, wherever it goes on from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(), (of, start) => {
        let from = start % of;
        while (from < of) {
          const to = chunkEnd(from, of);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(of);
          expect(to - from).toBeLessThanOrEqual(from < firstChunk ? firstChunk : laterChunk);
          from = to;
        }
        expect(from).toBe(of);
      }),
    );
  });
});

describe('answers', () => {
  const order = stratifiedOrder([30, 50, 20]);
  const all = answersTo(order);

  it('put together from pieces are those of one run', () => {
    fc.assert(
      fc.property(fc.nat(100), (at) => {
        const joined = concatenate(answersTo(order.subarray(0, at)), answersTo(order.subarray(at)));
        expect(joined).toStrictEqual(all);
      }),
    );
  });

  it('of pieces are left as they are', () => {
    const first = answersTo([7, 3]);
    const joined = concatenate(first, answersTo([1]));
    joined.ranks[0] = 99;
    expect(first).toStrictEqual(answersTo([7, 3]));
  });

  it('cut off have the ones of the first probes', () => {
    for (const count of [0, 1, 37, 100]) {
      const cut = firstAnswers(all, count);
      expect(cut).toStrictEqual(answersTo(order.subarray(0, count)));
    }
  });

  it('cut off beyond their end are all of them', () => expect(firstAnswers(all, 101)).toStrictEqual(all));
});
