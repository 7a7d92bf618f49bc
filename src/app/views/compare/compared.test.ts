import { describe, expect, it } from 'vitest';
import { wilson } from '../../../lab/metrics/interval.ts';
import { mcnemar } from '../../../lab/metrics/mcnemar.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import { layout, makeLayout, resultOf } from '../../test/families.ts';
import { closest, compareResults, detailOf, overviewOf, verdictOf } from './compared.ts';

const [T, F] = [true, false];
//                   capital      is-a         made-of
const a = resultOf([T, T, T, T, /**/ T, T, F, F, /**/ F, F, F, F]);
const b = resultOf([T, T, F, F, /**/ T, F, F, F, /**/ T, F, F, F]);

describe('comparing results', () => {
  it('counts over the facts that both were asked, relation by relation', () => {
    const found = compareResults(a, b, layout, 0)!;
    expect(found).toMatchObject({ n: 12, of: 12, counts: { both: 3, lost: 3, gained: 1, neither: 5 } });
    expect(found.a).toEqual({ hits: 6, share: 0.5, ...wilson(6, 12) });
    expect(found.b).toEqual({ hits: 4, share: 4 / 12, ...wilson(4, 12) });
    expect(found.difference.difference).toBeCloseTo(-2 / 12, 12);
    expect(found.test).toEqual(mcnemar(3, 1));
    expect(found.relations).toMatchObject([
      { id: 'capital', label: 'Capital', n: 4, a: 4, b: 2, lost: 2, gained: 0 },
      { id: 'is-a', n: 4, a: 2, b: 1, lost: 1, gained: 0 },
      { id: 'made-of', n: 4, a: 0, b: 1, lost: 0, gained: 1 },
    ]);
    // Holm: the smallest of three p times three, at most 1.
    expect(found.relations.map(({ p, adjusted }) => [p, adjusted])).toEqual([
      [0.5, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it('names each flipped fact by its number, not by its place', () => {
    const flipped = compareResults(a, b, layout, 0)!.facts.filter(({ outcome }) => outcome !== 'other-wrong');
    const told = flipped.map(({ probe, relation, outcome }) => [probe, relation, outcome]);
    expect(told.sort((x, y) => Number(x[0]) - Number(y[0]))).toEqual([
      [2, 'capital', 'lost'],
      [3, 'capital', 'lost'],
      [5, 'is-a', 'lost'],
      [8, 'made-of', 'gained'],
    ]);
    for (const { place, probe } of flipped) expect(layout.order[place]).toBe(probe);
  });

  it('looks at no more than is wanted, nor at more than both were asked', () => {
    expect(compareResults(a, b, layout, 6)?.n).toBe(6);
    const sample = resultOf(Array.from(layout.order, (_, probe) => (layout.order.indexOf(probe) < 5 ? T : null)));
    expect(compareResults(a, sample, layout, 0)?.n).toBe(5);
  });

  it('has no divergence of tasks, whose scores are no distribution', () => {
    expect(compareResults(a, b, layout, 0)!.divergence?.n).toBe(12);
    const tasks = makeLayout([
      { id: 'boolq', label: 'Yes or no', probes: 4, property: null, cardinality: null, task: 'boolq' },
    ]);
    const [x, y] = [resultOf([T, F, T, F], tasks), resultOf([T, T, F, F], tasks)];
    expect(compareResults(x, y, tasks, 0)!.divergence).toBeNull();
  });

  it('is not possible before both are there, nor where answers are not kept', () => {
    expect(compareResults(a, null, layout, 0)).toBeNull();
    const linked: LevelResult = { ...b, answers: null };
    expect(compareResults(a, linked, layout, 0)).toBeNull();
  });
});

describe('several recipes together', () => {
  // Beside a: loses none and gains four, so that its p is 2 / 2⁴.
  const c = resultOf([T, T, T, T, /**/ T, T, T, T, /**/ T, T, F, F]);

  it('stand over the same facts, each tested against the first and adjusted for all tests', () => {
    const { n, rows } = overviewOf([a, b, c], layout, 0)!;
    expect(n).toBe(12);
    expect(rows.map((row) => row?.share.hits)).toEqual([6, 4, 10]);
    expect(rows[0]!.against).toBeNull();
    // 3 against 1: p = 2 · (1 + 4) / 16. Holm: 0.125 times two, then the other one times one.
    expect(rows[1]!.against).toEqual({
      lost: 3,
      gained: 1,
      p: expect.closeTo(0.625, 12),
      adjusted: expect.closeTo(0.625, 12),
    });
    expect(rows[2]!.against).toEqual({
      lost: 0,
      gained: 4,
      p: expect.closeTo(0.125, 12),
      adjusted: expect.closeTo(0.25, 12),
    });
  });

  it('count what all, some or none know, and what each pair knows together', () => {
    const { knownBy, together } = overviewOf([a, b, c], layout, 0)!;
    // None: 10 and 11. One: 6, 7 and 9. Two: 2, 3, 5 and 8. All: 0, 1 and 4.
    expect(knownBy).toEqual([2, 3, 4, 3]);
    expect(together).toEqual([
      [6, 3, 6],
      [3, 4, 4],
      [6, 4, 10],
    ]);
  });

  it('are looked at as far as all were asked, in the overview as in detail', () => {
    const sample = resultOf(Array.from(layout.order, (_, probe) => (layout.order.indexOf(probe) < 5 ? T : null)));
    expect(overviewOf([a, b, sample], layout, 0)!.n).toBe(5);
    expect(detailOf([a, b, sample], 1, layout, 0)!.n).toBe(5);
    expect(detailOf([a, b, sample], 2, layout, 3)!.n).toBe(3);
  });

  it('say what is known before all have answers, and nothing before any has', () => {
    const { rows, knownBy, together } = overviewOf([a, null, c], layout, 0)!;
    expect(rows.map((row) => row?.share.hits ?? null)).toEqual([6, null, 10]);
    expect(rows[2]!.against).toMatchObject({ adjusted: expect.closeTo(0.125, 12) });
    expect([knownBy, together]).toEqual([null, null]);
    expect(overviewOf([null, null], layout, 0)).toBeNull();
  });
});

describe('the verdict', () => {
  const verdict = (lost: number, gained: number) =>
    verdictOf({ counts: { both: 9, lost, gained, neither: 9, otherWrong: 0 }, test: mcnemar(lost, gained) });

  it('follows from McNemar’s test alone', () => {
    expect(verdict(0, 0)).toBe('no-flips');
    expect(verdict(20, 18)).toBe('same-but-flips');
    expect(verdict(20, 2)).toBe('a-better');
    expect(verdict(2, 20)).toBe('b-better');
    // p = 0.0625: five against none can be a coin.
    expect(verdict(5, 0)).toBe('same-but-flips');
  });
});

describe('the closest level', () => {
  it('is the nearest one, of equally near ones the first', () => {
    const levels = [1, 3, 5, 8].map((value) => ({ value }));
    expect(closest(levels, 4)?.value).toBe(3);
    expect(closest(levels, 7)?.value).toBe(8);
    expect(closest([], 1)).toBeNull();
  });
});
