import { describe, expect, it } from 'vitest';
import type { RawAnswer } from '../probe/prober.ts';
import { wordTokenizer } from '../test/graphs.ts';
import { makeMatrix } from '../test/matrices.ts';
import { compareAnswers, drawnRows, isAlike, toleranceOf } from './verify.ts';

const answer = (...entries: [id: number, logit: number][]): RawAnswer => ({
  ids: entries.map(([id]) => id),
  logits: entries.map(([, logit]) => logit),
  logSumExp: 0,
});

describe('two models answer alike', () => {
  const one = answer([7, 5], [3, 4], [9, 3.99995], [1, 2]);
  const like = (other: RawAnswer) => compareAnswers([one], [other]);

  it('where the words are the same and the logits close', () => {
    const found = like(answer([7, 5.00005], [3, 4], [9, 3.9999], [1, 2]));
    expect(found).toMatchObject({ texts: 1, same: 1, allowed: 1e-4 });
    expect(found.worst).toBeCloseTo(5e-5, 10);
    expect(isAlike(found)).toBe(true);
  });

  it('where words as good as each other change places, at the end with one that is not listed', () => {
    expect(isAlike(like(answer([7, 5], [9, 4], [3, 3.99995], [1, 2])))).toBe(true);
    expect(isAlike(like(answer([7, 5], [3, 4], [9, 3.99995], [8, 2])))).toBe(true);
  });

  it.each([
    ['another word is the best', answer([3, 5], [7, 4], [9, 3.99995], [1, 2])],
    ['a word comes in that is not listed', answer([7, 5], [8, 4], [9, 3.99995], [1, 2])],
    ['a logit is too far away', answer([7, 5], [3, 4], [9, 3.99995], [1, 2.001])],
    ['a logit is no number', answer([7, 5], [3, 4], [9, Number.NaN], [1, 2])],
  ])('not where %s', (_, other) => {
    expect(isAlike(like(other))).toBe(false);
  });

  it('less closely where inputs are rounded', () => {
    const plain = makeMatrix([[1]]);
    expect(toleranceOf([plain])).toBe(1e-4);
    const rounding = (bits: number) => ({ ...plain, activations: { kind: 'token' as const, bits } });
    expect(toleranceOf([plain, rounding(8)])).toBe(0.25);
    expect(toleranceOf([rounding(8), rounding(4)])).toBeCloseTo((0.25 * 127) / 7);
    expect(toleranceOf([{ ...plain, activations: { kind: 'text-affine', top: 127 } }])).toBe(0.5);
    const other = answer([7, 5.05], [3, 4], [9, 4], [1, 2]);
    expect([isAlike(compareAnswers([one], [other], 0.1)), isAlike(like(other))]).toEqual([true, false]);
  });
});

describe('drawn sentences', () => {
  const tokenizer = wordTokenizer('paris lima tokyo rome oslo cairo quito bern accra minsk'.split(' '));
  const model = { tokenizer, maxLength: 20, decoderStart: 0, vocabulary: tokenizer.size };

  it.each(['encoder', 'decoder', 'encoder-decoder'] as const)('are asked as the family is: %s', (family) => {
    const rows = drawnRows({ ...model, family }, 5);
    expect(rows).toHaveLength(5);
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(5);
    expect(drawnRows({ ...model, family }, 5)).toEqual(rows);
    for (const { ids, target, picks } of rows) {
      expect(ids.length).toBeGreaterThan(3);
      expect(target === null).toBe(family !== 'encoder-decoder');
      expect(picks).toHaveLength(1);
      expect(picks[0].at).toBeLessThan((target ?? ids).length);
    }
  });
});
