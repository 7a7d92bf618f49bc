import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeIo } from '../engine/graph.ts';
import { wasmBatch } from '../engine/ort.ts';
import type { ModelInput } from '../family/model-input.ts';
import { batchesByLength as batches, makeFeeds, modelFeeds } from './batches.ts';

/** A text of so many tokens; of a model of two halves with a target of so many. */
const row = (length: number, target: number | null = null, picks = 1): ModelInput => ({
  ids: Array(length).fill(7),
  target: target === null ? null : Array(target).fill(8),
  picks: Array.from({ length: picks }, (_, at) => ({ at: at % length, gold: [9] })),
});
const rows = (...lengths: number[]) => lengths.map((length) => row(length));

const batchesByLength = (texts: readonly ModelInput[], size = wasmBatch.rows) =>
  batches(texts, { ...wasmBatch, rows: size });

describe('batchesByLength', () => {
  it('has every text once, one length a batch, and no batch above the size', () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 3, max: 6 }), fc.option(fc.integer({ min: 1, max: 3 }))), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 40 }), (tokens, size) => {
        const batches = batchesByLength(
          tokens.map(([length, target]) => row(length, target)),
          size,
        );
        expect(batches.flat().sort((a, b) => a - b)).toEqual(tokens.map((_, position) => position));
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(size);
          expect(new Set(batch.map((position) => tokens[position].join())).size).toBe(1);
        }
      }),
    );
  });

  it('makes as few batches as the size allows, of about the same size', () => {
    expect(batchesByLength(Array(33).fill(row(7)), 32).map((batch) => batch.length)).toEqual([17, 16]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }), (count, size) => {
        expect(batchesByLength(Array(count).fill(row(5)), size)).toHaveLength(Math.ceil(count / size));
      }),
    );
  });

  it('keeps the order within a length, and takes short ones first', () => {
    expect(batchesByLength(rows(9, 4, 9, 4, 4), 2)).toEqual([[1, 3], [4], [0, 2]]);
  });

  it('puts several lengths together where passes cost more than padding, and never costs more so', () => {
    const most = { ...wasmBatch, rows: 8, passCost: 50 };
    const cost = (texts: readonly ModelInput[], found: number[][]) =>
      found.reduce(
        (sum, batch) => sum + most.passCost + batch.length * Math.max(...batch.map((i) => texts[i].ids.length)),
        0,
      );
    const few = rows(5, 6, 7, 30);
    expect(batches(few, most, true)).toEqual([[0, 1, 2, 3].slice(0, 3), [3]]);
    expect(batches(few, most, false)).toEqual([[0], [1], [2], [3]]);
    expect(batches(few, { ...most, passCost: 0 }, true)).toEqual([[0], [1], [2], [3]]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3, max: 40 }), { maxLength: 60 }), (lengths) => {
        const texts = rows(...lengths);
        const together = batches(texts, most, true);
        expect(together.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const batch of together) expect(batch.length).toBeLessThanOrEqual(most.rows);
        expect(cost(texts, together)).toBeLessThanOrEqual(cost(texts, batches(texts, most)));
      }),
    );
  });

  it('keeps to the most tokens of a pass, padding included', () => {
    const most = { ...wasmBatch, tokens: 40, passCost: 1000 };
    const texts = rows(5, 5, 5, 10, 10, 10, 10, 60);
    for (const batch of batches(texts, most, true)) {
      const tokens = batch.length * Math.max(...batch.map((i) => texts[i].ids.length));
      expect(tokens <= 40 || batch.length === 1).toBe(true);
    }
  });

  it('keeps texts apart whose second halves differ in length', () => {
    expect(batchesByLength([row(4, 2), row(4, 3), row(4, 2), row(3, 9)])).toEqual([[3], [0, 2], [1]]);
  });

  it('puts fewer texts together where each is read at many places: every place brings logits of all words', () => {
    const sizes = (picks: number) => batchesByLength(Array(32).fill(row(40, null, picks))).map(({ length }) => length);
    expect(sizes(512 / wasmBatch.rows)).toEqual([32]);
    expect(sizes(512 / wasmBatch.rows + 1)).toEqual([16, 16]);
    expect(sizes(300)).toEqual(Array(32).fill(1));
    expect(sizes(1000)).toEqual(Array(32).fill(1));
  });
});

describe('makeFeeds', () => {
  const texts: ModelInput[] = [
    { ids: [2, 7, 4, 3], target: null, picks: [{ at: 2, gold: [9] }] },
    {
      ids: [2, 4, 8, 3],
      target: null,
      picks: [
        { at: 1, gold: [5, 6, 11] },
        { at: 3, gold: [1, 2] },
      ],
    },
  ];

  it('lays texts out row by row, and counts the picks’ places over the whole pass', () => {
    expect(makeFeeds(texts, ['input_ids'])).toEqual({
      input_ids: { data: BigInt64Array.of(2n, 7n, 4n, 3n, 2n, 4n, 8n, 3n), dims: [2, 4] },
      [probeIo.position]: { data: BigInt64Array.of(2n, 5n, 7n), dims: [3] },
      // Shorter lists of right words are filled up with their first one.
      [probeIo.gold]: { data: BigInt64Array.of(9n, 9n, 9n, 5n, 6n, 11n, 1n, 2n, 1n), dims: [3, 3] },
    });
  });

  it('counts in the second half’s tokens where there are two', () => {
    const halves = texts.map((text, index) => ({ ...text, target: [0, 60 + index, 5, 6, 7] }));
    const feeds = makeFeeds(halves, ['input_ids', 'decoder_input_ids']);
    expect(feeds[probeIo.position].data).toEqual(BigInt64Array.of(2n, 6n, 8n));
    expect(feeds.input_ids.dims).toEqual([2, 4]);
    expect(feeds.decoder_input_ids).toEqual({
      data: BigInt64Array.of(0n, 60n, 5n, 6n, 7n, 0n, 61n, 5n, 6n, 7n),
      dims: [2, 5],
    });
  });
});

describe('modelFeeds', () => {
  const texts: ModelInput[] = [
    { ids: [2, 7, 3], target: [0, 9], picks: [] },
    { ids: [2, 8, 3], target: [0, 6], picks: [] },
  ];

  it('gives the other inputs what a single sentence without padding has', () => {
    const names = ['attention_mask', 'token_type_ids', 'position_ids'];
    expect(modelFeeds(texts, names)).toEqual({
      attention_mask: { data: new BigInt64Array(6).fill(1n), dims: [2, 3] },
      token_type_ids: { data: new BigInt64Array(6), dims: [2, 3] },
      position_ids: { data: BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 2n), dims: [2, 3] },
    });
  });

  it('gives the decoder’s inputs the length of what the decoder reads', () => {
    expect(modelFeeds(texts, ['attention_mask', 'decoder_attention_mask', 'decoder_position_ids'])).toEqual({
      attention_mask: { data: new BigInt64Array(6).fill(1n), dims: [2, 3] },
      decoder_attention_mask: { data: new BigInt64Array(4).fill(1n), dims: [2, 2] },
      decoder_position_ids: { data: BigInt64Array.of(0n, 1n, 0n, 1n), dims: [2, 2] },
    });
  });
});
