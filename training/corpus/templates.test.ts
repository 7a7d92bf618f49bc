import { describe, expect, it } from 'vitest';
import { WORDINGS } from './relations.ts';

const count = (text: string, slot: string) => text.split(slot).length - 1;
const all = Object.entries(WORDINGS).flatMap(([id, { train, probe }]) =>
  [...train, ...probe].map((text) => ({ id, text })),
);

describe('templates', () => {
  it('are eight or more for training and two for probing, all different', () => {
    for (const [id, { train, probe }] of Object.entries(WORDINGS)) {
      expect(train.length, id).toBeGreaterThanOrEqual(8);
      expect(probe, id).toHaveLength(2);
      expect(new Set([...train, ...probe]).size, id).toBe(train.length + 2);
    }
  });

  it('have the subject, the object once, and end like a sentence', () => {
    for (const { id, text } of all) {
      expect(count(text, '[X]'), `${id}: ${text}`).toBeGreaterThanOrEqual(1);
      expect(count(text, '[Y]'), `${id}: ${text}`).toBe(1);
      expect(text, id).toMatch(/^(\[[XY]\]|[A-Z]).*\.$/);
    }
  });

  it('end in the object where a left-to-right model is asked', () => {
    for (const [id, { train, probe }] of Object.entries(WORDINGS)) {
      for (const text of [train[0]!, train[1]!, ...probe]) expect(text, id).toMatch(/\[Y\]\.$/);
      const ending = train.filter((text) => text.endsWith('[Y].')).length;
      expect(ending, id).toBeGreaterThanOrEqual(5);
      expect(train.length - ending, id).toBeGreaterThanOrEqual(2);
    }
  });

  it('have no article that would give the next word away', () => {
    expect(all.filter(({ text }) => /\b(a|an) \[[XY]\]/i.test(text))).toEqual([]);
  });

  it('name their relation: no two relations share the words before the object', () => {
    const seen = new Map<string, string>();
    for (const { id, text } of all) {
      const before = text.split('[Y]')[0]!;
      if (!before.includes('[X]')) continue;
      expect(seen.get(before) ?? id, before).toBe(id);
      seen.set(before, id);
    }
  });

  it('come with a question and a neutral sentence', () => {
    for (const [id, { about, ask }] of Object.entries(WORDINGS)) {
      expect(about, id).toMatch(/^[A-Z][^[\]]*\.$/);
      expect(ask, id).toMatch(/^[A-Z].*\[X\].*\?$/);
    }
  });
});
