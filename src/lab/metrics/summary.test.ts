import { describe, expect, it } from 'vitest';
import { wilson } from './interval.ts';
import { summarise } from './summary.ts';

const relations = [
  { id: 'capital', probes: 4 },
  { id: 'currency', probes: 3 },
  { id: 'causes', probes: 2 },
];
const summary = summarise(Uint32Array.of(1, 5, 0, 11, 1, 1, 4, 0, 0), relations);

describe('summarise', () => {
  it('counts what was asked, and of how many', () => {
    expect(summary).toMatchObject({ probes: 6, of: 9 });
    expect(summary.relations).toEqual([
      { id: 'capital', probes: 3, of: 4, hits: 1 },
      { id: 'currency', probes: 3, of: 3, hits: 2 },
      { id: 'causes', probes: 0, of: 2, hits: 0 },
    ]);
  });

  it('has P@1, P@5 and P@10 over the asked ones, each with its interval', () => {
    expect(summary.precision).toEqual([
      { k: 1, hits: 3, share: 0.5, ...wilson(3, 6) },
      { k: 5, hits: 5, share: 5 / 6, ...wilson(5, 6) },
      { k: 10, hits: 5, share: 5 / 6, ...wilson(5, 6) },
    ]);
  });

  it('counts rank 5 within five and rank 10 within ten, and no further', () => {
    const hits = (rank: number) =>
      summarise(Uint32Array.of(rank), [{ id: 'a', probes: 1 }]).precision.map((entry) => entry.hits);
    expect([1, 2, 5, 6, 10, 11].map(hits)).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 1, 1],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('has the mean reciprocal rank of the asked ones', () => {
    expect(summary.mrr).toBeCloseTo((1 + 1 / 5 + 1 / 11 + 1 + 1 + 1 / 4) / 6, 12);
  });

  it('lets each asked relation count the same in the macro average', () => {
    // (1/3 + 2/3) / 2; relations that were not asked yet do not count.
    expect(summary.macro.share).toBeCloseTo(0.5, 12);
    const down = [1 / 3 - wilson(1, 3).low, 2 / 3 - wilson(2, 3).low];
    expect(summary.macro.low).toBeCloseTo(0.5 - Math.hypot(...down) / 2, 12);
    const uneven = summarise(Uint32Array.of(1, 1, 1, 1, 2), [
      { id: 'a', probes: 4 },
      { id: 'b', probes: 1 },
    ]);
    expect(uneven.precision[0].share).toBe(0.8);
    expect(uneven.macro.share).toBe(0.5);
  });

  it('knows nothing before the first answer', () => {
    const nothing = summarise(new Uint32Array(9), relations);
    expect(nothing).toMatchObject({ probes: 0, of: 9, mrr: 0, macro: { share: 0, low: 0, high: 1 } });
    for (const entry of nothing.precision) expect(entry).toMatchObject({ hits: 0, share: 0, low: 0, high: 1 });
  });
});
