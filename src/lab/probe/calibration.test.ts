import { describe, expect, it } from 'vitest';
import type { ModelInput } from '../family/model-input.ts';
import { calibrationRows, calibrationTexts } from './calibration.ts';

const special = new Set([0, 1, 2, 3, 4]);
const tokenizer = { size: 60, special };
/** Texts [1, word, 4, word, …, 2] of several lengths, the first half of them with a target. */
const texts = Array.from({ length: 300 }, (_, number): ModelInput => {
  const words = Array.from({ length: 1 + (number % 5) }, (_, at) => 5 + ((number * 7 + at * 3) % 55));
  return {
    ids: [1, ...words, 4, 2],
    target: number < 150 ? [0, 4, ...words] : null,
    picks: [{ at: 1, gold: [number] }],
  };
});

const places = (rows: readonly ModelInput[]) => rows.map(({ picks }) => picks[0].gold[0]);

describe('calibrationTexts', () => {
  it('are the first text of each probe', () => {
    const probes = texts.slice(0, 4).map((row, at) => ({ rows: [[row, texts[at + 10]], [texts[at + 20]]] }));
    expect(calibrationTexts(probes)).toEqual(texts.slice(0, 4));
  });
});

describe('calibrationRows', () => {
  const rows = (text: 'suite' | 'random', prompts: number, seed: number) =>
    calibrationRows(texts, { text, prompts, seed }, tokenizer);

  it('are the first ones of the suite for seed 0', () => {
    expect(rows('suite', 256, 0)).toEqual(texts.slice(0, 256));
    expect(rows('suite', 8, 0)).toEqual(texts.slice(0, 8));
  });

  it('are all of them where there are fewer than are asked for', () => {
    expect(rows('suite', 2048, 0)).toEqual(texts);
    expect(rows('suite', 2048, 5)).toEqual(texts);
    expect(rows('random', 2048, 5)).toHaveLength(300);
  });

  it('are drawn for other seeds: none twice, in the suite’s order, the same each time', () => {
    const drawn = [1, 2, 3].map((seed) => places(rows('suite', 100, seed)));
    for (const list of drawn) {
      expect(new Set(list).size).toBe(100);
      expect(list).toEqual([...list].sort((a, b) => a - b));
      // From all of them: the first third holds about a third.
      expect(list.filter((place) => place < 100).length).toBeGreaterThan(20);
      expect(list.filter((place) => place < 100).length).toBeLessThan(50);
    }
    expect(new Set(drawn.map(String)).size).toBe(3);
    expect(places(rows('suite', 100, 1))).toEqual(drawn[0]);
    // A longer draw holds the shorter one.
    expect(places(rows('suite', 200, 1))).toEqual(expect.arrayContaining(drawn[0]));
  });

  it('have random words of the same number in the same frame, special tokens left where they were', () => {
    for (const seed of [0, 7]) {
      const made = rows('random', 300, seed);
      expect(places(made)).toEqual(places(rows('suite', 300, seed)));
      for (const half of ['ids', 'target'] as const) {
        const [ours, theirs] = [made, texts].map((list) => list.flatMap((row) => [...(row[half] ?? []), -1]));
        expect(ours.map((id) => (special.has(id) || id === -1 ? id : 'word'))).toEqual(
          theirs.map((id) => (special.has(id) || id === -1 ? id : 'word')),
        );
        expect(ours).not.toEqual(theirs);
        expect(Math.max(...ours)).toBe(59);
        // All words come up, none of them much more than its share.
        const counts = new Map<number, number>();
        for (const id of ours) if (id >= 5) counts.set(id, (counts.get(id) ?? 0) + 1);
        expect(counts.size).toBe(55);
        const total = [...counts.values()].reduce((sum, value) => sum + value, 0);
        expect(Math.max(...counts.values())).toBeLessThan((3 * total) / 55);
      }
    }
  });

  it('have the same random words each time, others for another seed, and others in each text', () => {
    expect(rows('random', 20, 3)).toEqual(rows('random', 20, 3));
    const same = calibrationRows([texts[4], texts[4]], { text: 'random', prompts: 8, seed: 0 }, tokenizer);
    expect(same[0].ids).not.toEqual(same[1].ids);
    const other = calibrationRows([texts[4], texts[4]], { text: 'random', prompts: 8, seed: 1 }, tokenizer);
    expect(other[0].ids).not.toEqual(same[0].ids);
  });
});
