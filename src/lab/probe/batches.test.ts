import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeIo } from '../engine/graph.ts';
import { batchesByLength, makeFeeds } from './batches.ts';

describe('batchesByLength', () => {
  it('has every probe once, one length a batch, and no batch above the size', () => {
    const lengths = fc.array(fc.integer({ min: 3, max: 9 }), { maxLength: 150 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 40 }), (tokens, size) => {
        const batches = batchesByLength(tokens, size);
        expect(batches.flat().sort((a, b) => a - b)).toEqual(tokens.map((_, position) => position));
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(size);
          expect(new Set(batch.map((position) => tokens[position])).size).toBe(1);
        }
      }),
    );
  });

  it('makes as few batches as the size allows, of about the same size', () => {
    expect(batchesByLength(Array(33).fill(7), 32).map((batch) => batch.length)).toEqual([17, 16]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }), (count, size) => {
        const batches = batchesByLength(Array(count).fill(5), size);
        expect(batches).toHaveLength(Math.ceil(count / size));
      }),
    );
  });

  it('keeps the order within a length, and takes short ones first', () => {
    expect(batchesByLength([9, 4, 9, 4, 4], 2)).toEqual([[1, 3], [4], [0, 2]]);
  });
});

describe('makeFeeds', () => {
  const probes = [
    { ids: [2, 7, 4, 3], mask: 2, gold: [9] },
    { ids: [2, 4, 8, 3], mask: 1, gold: [5, 6, 11] },
  ];

  it('lays prompts out row by row and counts the blank’s place over the whole batch', () => {
    expect(makeFeeds(probes, ['input_ids'])).toEqual({
      input_ids: { data: BigInt64Array.of(2n, 7n, 4n, 3n, 2n, 4n, 8n, 3n), dims: [2, 4] },
      [probeIo.position]: { data: BigInt64Array.of(2n, 5n), dims: [2] },
      [probeIo.gold]: { data: BigInt64Array.of(9n, 9n, 9n, 5n, 6n, 11n), dims: [2, 3] },
    });
  });

  it('gives the other inputs what a single sentence without padding has', () => {
    const feeds = makeFeeds(probes, ['input_ids', 'attention_mask', 'token_type_ids']);
    expect(feeds.attention_mask).toEqual({ data: new BigInt64Array(8).fill(1n), dims: [2, 4] });
    expect(feeds.token_type_ids).toEqual({ data: new BigInt64Array(8), dims: [2, 4] });
  });
});
