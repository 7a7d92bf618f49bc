import { describe, expect, it } from 'vitest';
import { wilson } from '../../../lab/metrics/interval.ts';
import type { LinkedResults } from '../../link/link-results.ts';
import { type LevelResult, levelFromLink } from '../../projection/level-result.ts';
import type { CurvePoint } from '../explore/explore-store.ts';
import {
  accuracyOf,
  emptyLesson,
  firstOutcomes,
  groupDifference,
  halfway,
  keptByFrequency,
  type Lesson,
  missingForGroups,
  rareSample,
  twinsOf,
  unharmed,
} from './story.ts';

/** A level whose facts, in their own order, are known (1) or not (0). */
function resultOf(known: string): LevelResult {
  const order = Uint32Array.from(known, (_, index) => index);
  const hit = Uint8Array.from(known, Number);
  const level = { level: 0, asked: known.length, hit, hits5: 0, hits10: 0, mrr: 0, sparsity: 0, bitsPerWeight: 16 };
  const linked = { relations: [{ id: 'r', label: 'R', probes: known.length }] } as unknown as LinkedResults;
  return levelFromLink({ ...level, bytes: 1 }, linked, order);
}
const point = (level: number, known: string | null): CurvePoint => ({
  level,
  x: level,
  label: `${level}0 %`,
  recipe: [],
  result: known === null ? null : resultOf(known),
});
const lessonOf = (change: Partial<Lesson>): Lesson => ({ ...emptyLesson, ...change });

describe('the story', () => {
  it('tells accuracy with its interval', () => {
    expect(accuracyOf(resultOf('1101'))).toEqual({ hits: 3, n: 4, share: 0.75, ...wilson(3, 4) });
    expect(accuracyOf(null)).toBeNull();
  });

  it('finds how far no loss shows, and does not jump over a level that shows one or is not known', () => {
    const full = '1'.repeat(40);
    const [little, much] = ['1'.repeat(40), '0'.repeat(40)];
    const baseline = resultOf(`${'1'.repeat(36)}0000`);
    const at = (...levels: (string | null)[]) =>
      unharmed(
        lessonOf({ baseline, prune: [point(0, full), ...levels.map((known, index) => point(index + 1, known))] }),
      )?.level ?? null;
    expect(at(little, little, much)).toBe(2);
    expect(at(little, much, little)).toBe(1);
    expect(at(little, null, little)).toBe(1);
    expect(at(much, little)).toBeNull();
    expect(unharmed(emptyLesson)).toBeNull();
  });

  it('counts what is kept of what was known, by how often it was stated', () => {
    const lesson = lessonOf({
      frequency: Int32Array.of(4, 7, 4, 32, 52, -1),
      baseline: resultOf('110111'),
      prune: [point(0, '110111'), point(5, '011111')],
    });
    expect(keptByFrequency(lesson, 5)).toEqual([
      { times: 4, hits: 1, n: 2, share: 0.5, ...wilson(1, 2) },
      { times: 32, hits: 2, n: 2, share: 1, ...wilson(2, 2) },
    ]);
    expect(keptByFrequency({ ...lesson, frequency: null }, 5)).toEqual([]);
    expect(keptByFrequency(lesson, 6)).toEqual([]);
  });

  it('says what is missing to tell the groups apart, and how long that takes', () => {
    const order = new Uint32Array(2 * rareSample);
    const asked = (n: number, seconds: number | null) => ({ ...resultOf('1'.repeat(n)), seconds });
    const lesson = (baseline: LevelResult | null, half: LevelResult | null, change: Partial<Lesson> = {}) =>
      lessonOf({ order, baseline, prune: [{ ...point(halfway, null), result: half }], ...change });
    expect(missingForGroups(lesson(asked(200, 2), asked(100, 2)))).toEqual({
      facts: rareSample - 100,
      seconds: expect.closeTo((rareSample - 200) * 0.01 + (rareSample - 100) * 0.02, 9),
    });
    expect(missingForGroups(lesson(asked(rareSample, null), asked(rareSample, null)))).toEqual({
      facts: 0,
      seconds: 0,
    });
    expect(missingForGroups(lesson(asked(200, 2), null))).toEqual({ facts: rareSample, seconds: null });
    // A suite that has no more.
    const all = { order: new Uint32Array(200) };
    expect(missingForGroups(lesson(asked(200, 2), asked(200, 2), all)).facts).toBe(0);
  });

  it('compares the most frequent facts with the rarest', () => {
    const group = (times: number, hits: number, n: number) => ({ times, hits, n, share: hits / n, ...wilson(hits, n) });
    const found = groupDifference([group(4, 153, 285), group(8, 1, 100), group(32, 55, 69)])!;
    expect(found.difference).toBeCloseTo(55 / 69 - 153 / 285, 12);
    expect(found.low).toBeGreaterThan(0.1);
    expect(found.high).toBeLessThan(0.4);
    expect(groupDifference([group(4, 1, 2)])).toBeNull();
  });

  it('finds the two whose accuracy is closest among those that lost something, and says on which facts they differ', () => {
    const twins = twinsOf(
      lessonOf({
        baseline: resultOf('11111111'),
        prune: [point(0, '11111111'), point(1, '11111111'), point(5, '11110000')],
        bits: [point(0, '11111111'), point(3, '11111110'), point(4, '10101010')],
      }),
    );
    expect(twins).toMatchObject({ n: 8, both: 2, prunedAlone: 2, roundedAlone: 2, neither: 2 });
    expect([twins?.pruned.level, twins?.rounded.level]).toEqual([5, 4]);
    // Equally many: the difference is none, and its interval lies around it.
    expect(twins?.difference.difference).toBe(0);
    expect(twins!.difference.low).toBeLessThan(0);
    expect(twins!.difference.high).toBeGreaterThan(0);
    expect(twinsOf(lessonOf({ baseline: resultOf('11'), prune: [point(5, '10')], bits: [point(1, '11')] }))).toBeNull();
  });

  it('lists the first facts in the order of asking', () => {
    const lesson = lessonOf({ order: Uint32Array.of(2, 0, 1, 3), baseline: resultOf('1011') });
    expect(firstOutcomes(lesson, 3)).toEqual([true, true, false]);
    expect(firstOutcomes(emptyLesson, 3)).toEqual([]);
  });
});
