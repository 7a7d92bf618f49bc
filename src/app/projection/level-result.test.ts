import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilson } from '../../lab/metrics/interval.ts';
import { stratifiedOrder } from '../../lab/probe/order.ts';
import type { LinkedResults } from '../link/link-results.ts';
import { makeStored, report } from '../test/fixture.ts';
import {
  compareOutcomes,
  firstAsked,
  hit,
  levelFromLink,
  levelFromStored,
  missed,
  toLinked,
  unasked,
} from './level-result.ts';

const relations = [
  { id: 'capital', label: 'Capital', probes: 4 },
  { id: 'is-a', label: 'Kind', probes: 2 },
  { id: 'made-of', label: 'Made of', probes: 3 },
];
const order = stratifiedOrder(relations.map(({ probes }) => probes));

/** A result whose asked probes, in the order of asking, have these ranks. */
function resultOf(ranks: readonly number[]) {
  const stored = makeStored('key', ranks.length, { of: 9 });
  stored.predictions.ranks.set(ranks);
  return levelFromStored(stored, order, relations, 'computed');
}

const linkOf = (baseline: LinkedResults['baseline']): LinkedResults => ({
  model: { sha256: 'a'.repeat(64), title: 'Tiny' },
  suite: { sha256: 'b'.repeat(64), title: 'Few' },
  relations,
  baseline,
  levels: [],
});

describe('levelFromStored', () => {
  it('says of every probe what became of it', () => {
    const { outcomes } = resultOf([1, 2, 7, 1]);
    const expected = new Uint8Array(9);
    expected[order[0]] = hit;
    expected[order[1]] = missed;
    expected[order[2]] = missed;
    expected[order[3]] = hit;
    expect(outcomes).toEqual(expected);
    expect([unasked, missed, hit]).toEqual([0, 1, 2]);
  });

  it('counts relations that were asked, and gives each its interval', () => {
    const probes = Array.from(order);
    const { relationShares, summary } = resultOf(probes.map((probe) => (probe < 3 ? 1 : 12)));
    expect(Object.fromEntries(relationShares)).toEqual({
      capital: { hits: 3, probes: 4, of: 4, share: 0.75, ...wilson(3, 4) },
      'is-a': { hits: 0, probes: 2, of: 2, share: 0, ...wilson(0, 2) },
      'made-of': { hits: 0, probes: 3, of: 3, share: 0, ...wilson(0, 3) },
    });
    expect(summary.precision.map(({ hits }) => hits)).toEqual([3, 3, 3]);
  });

  it('knows nothing of a relation that was not asked yet', () => {
    const first = relations.findIndex((_, at) => order[0] < [4, 6, 9][at]);
    expect([...resultOf([1]).relationShares.keys()]).toEqual([relations[first].id]);
  });

  it('takes sparsity and bits from what was touched, and bytes from the whole model', () => {
    expect(resultOf([1])).toMatchObject({ sparsity: 0.5, bitsPerWeight: 16, bytes: 713, report });
  });

  it('takes them from the whole model where nothing was touched', () => {
    const stored = makeStored('key', 1, { report: { ...report, sites: [], touched: null } });
    expect(levelFromStored(stored, order, relations, 'kept')).toMatchObject({ sparsity: 0.125, source: 'kept' });
  });
});

describe('a result that went through a link', () => {
  it('has the same outcomes, hits, relation shares and sizes', () => {
    const rank = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 11, max: 16_384 }));
    fc.assert(
      fc.property(fc.array(rank, { minLength: 1, maxLength: 9 }), fc.nat(10), (ranks, level) => {
        const own = resultOf(ranks);
        const linked = toLinked(own, level, order)!;
        expect(linked).toMatchObject({ level, asked: ranks.length });
        expect([...linked.hit]).toEqual(ranks.map((value) => (value === 1 ? 1 : 0)));
        const again = levelFromLink(linked, linkOf(linked), order);
        expect(again.outcomes).toEqual(own.outcomes);
        expect(again.relationShares).toEqual(own.relationShares);
        expect(again.summary).toEqual(own.summary);
        const { sparsity, bitsPerWeight, bytes } = own;
        expect(again).toMatchObject({ source: 'link', sparsity, bitsPerWeight, bytes, report: null, answers: null });
        expect(toLinked(again, level, order)).toEqual(linked);
      }),
    );
  });

  it('is, of its first answers alone, what these were when there were no others', () => {
    const rank = fc.integer({ min: 1, max: 14 });
    fc.assert(
      fc.property(fc.array(rank, { minLength: 2, maxLength: 9 }), fc.nat(7), (ranks, cut) => {
        const most = 1 + (cut % (ranks.length - 1));
        const { mrr, ...first } = toLinked(resultOf(ranks), 3, order, most)!;
        const { mrr: alone, ...others } = toLinked(resultOf(ranks.slice(0, most)), 3, order)!;
        expect(first).toEqual(others);
        expect(mrr).toBeCloseTo(alone, 12);
      }),
    );
  });

  it('is told whole or not at all, once it came by a link', () => {
    const linked = toLinked(resultOf([1, 3, 20, 1]), 1, order)!;
    const again = levelFromLink(linked, linkOf(linked), order);
    expect(toLinked(again, 1, order, 4)).toEqual(linked);
    expect(toLinked(again, 1, order, 3)).toBeNull();
  });

  it('never has fewer hits among the first ten than among the first, nor more than probes, whatever the link says', () => {
    const linked = toLinked(resultOf([1, 1, 3, 20]), 1, order)!;
    const hits = (hits5: number, hits10: number) =>
      levelFromLink({ ...linked, hits5, hits10 }, linkOf(linked), order).summary.precision.map(({ hits }) => hits);
    expect(hits(3, 3)).toEqual([2, 3, 3]);
    expect(hits(0, 1)).toEqual([2, 2, 2]);
    expect(hits(900, 1000)).toEqual([2, 4, 4]);
  });
});

describe('compareOutcomes', () => {
  it('finds a result equal to itself', () => {
    const own = resultOf([1, 2, 1, 1, 9]);
    expect(compareOutcomes(own, own)).toEqual({ probes: 5, linkHits: 3, ownHits: 3, different: 0 });
  });

  it('counts what flipped either way', () => {
    expect(compareOutcomes(resultOf([1, 1, 2, 2]), resultOf([1, 2, 1, 2]))).toEqual({
      probes: 4,
      linkHits: 2,
      ownHits: 2,
      different: 2,
    });
  });

  it('looks at probes alone that both asked', () => {
    const expected = { probes: 2, linkHits: 2, ownHits: 1, different: 1 };
    expect(compareOutcomes(resultOf([1, 1, 1, 1, 1]), resultOf([1, 2]))).toEqual(expected);
    expect(compareOutcomes(resultOf([1, 1]), resultOf([1, 2, 1, 1, 1]))).toEqual(expected);
  });

  it('takes another rank for no difference as long as both miss', () => {
    expect(compareOutcomes(resultOf([2, 3]), resultOf([500, 2])).different).toBe(0);
  });
});

describe('firstAsked', () => {
  it('is what the result was when it had been asked as much', () => {
    const ranks = [1, 2, 1, 1, 9, 1, 2];
    const { outcomes, summary, relationShares } = resultOf(ranks.slice(0, 4));
    expect(firstAsked(resultOf(ranks), 4, order, relations)).toMatchObject({ outcomes, summary, relationShares });
  });

  it('is the result itself where it was not asked more', () => {
    const result = resultOf([1, 2, 1]);
    expect(firstAsked(result, 3, order, relations)).toBe(result);
    expect(firstAsked(result, 9, order, relations)).toBe(result);
  });

  it('is made once', () => {
    const result = resultOf([1, 2, 1]);
    expect(firstAsked(result, 2, order, relations)).toBe(firstAsked(result, 2, order, relations));
  });
});
