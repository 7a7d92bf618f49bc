import { describe, expect, it } from 'vitest';
import { groupOf, periodOf } from './facts/codes.ts';
import { LeakFinder } from './leak.ts';
import { Rng } from './rng.ts';
import { cardinality, firstOf } from './select.ts';
import { templateOrder } from './sentences.ts';
import { drawFrequency, heldCount, split } from './split.ts';
import { fold, leaks, render, unfit } from './text.ts';
import type { Pair, RelationSpec, Wording } from './types.ts';

describe('render', () => {
  it('gives the span of the object', () => {
    const { text, start, end } = render('The capital of [X] is [Y].', 'France', 'Paris');
    expect(text).toBe('The capital of France is Paris.');
    expect(text.slice(start, end)).toBe('Paris');
  });

  it('begins every sentence with a capital letter, whichever slot comes first', () => {
    expect(render('[X] is like [Y], says [X].', 'ice', 'glass').text).toBe('Ice is like glass, says ice.');
    expect(render('[Y] is in [X].', 'tin', 'clay')).toEqual({ text: 'Clay is in tin.', start: 0, end: 4 });
  });

  it('takes subjects and objects literally', () => {
    expect(render('[X]: [Y].', "$& O'Neill", 'x').text).toBe("$& O'Neill: x.");
  });
});

describe('parts', () => {
  it('fold to ASCII', () => expect(fold('Łódź — São  Paulo’s straße')).toBe("Lodz - Sao Paulo's strasse"));

  it('find what gives itself away', () => {
    expect(leaks('German', 'Germany')).toBe(true);
    expect(leaks('German', 'Germany', true)).toBe(false);
    expect(leaks('Guatemala City', 'Guatemala', true)).toBe(true);
    expect(leaks('houseboat', 'boat')).toBe(true);
    expect(leaks('France', 'FR')).toBe(false);
    expect(leaks('Iran', 'Iraq')).toBe(false);
  });

  it('know words that are not asked', () => {
    expect([unfit('a blow job'), unfit('Fucking'), unfit('title'), unfit('grape')]).toEqual([true, true, false, false]);
  });

  it('find held-out facts as whole words only', () => {
    const finder = new LeakFinder([{ relation: 'capital-of', subject: 'San Jose', object: 'Rica' }]);
    expect(finder.find('In Rica there is San Jose.')).toEqual(['capital-of\tSan Jose']);
    expect(finder.find('Ricans like San Jose.')).toEqual([]);
    expect(finder.find('San Juan, Jose and Rica.')).toEqual([]);
  });

  it('place elements in periods and groups', () => {
    const places = [1, 2, 6, 11, 17, 26, 47, 54, 57, 71, 79, 86].map((n) => [periodOf(n), groupOf(n)]);
    expect(places).toEqual([
      [1, 1],
      [1, 18],
      [2, 14],
      [3, 1],
      [3, 17],
      [4, 8],
      [5, 11],
      [5, 18],
      [6, undefined],
      [6, 3],
      [6, 11],
      [6, 18],
    ]);
  });

  it('compute cardinalities', () => {
    expect(
      cardinality([
        ['a', 'x'],
        ['b', 'y'],
      ]),
    ).toBe('1-1');
    expect(
      cardinality([
        ['a', 'x'],
        ['b', 'x'],
      ]),
    ).toBe('N-1');
    expect(
      cardinality([
        ['a', 'x'],
        ['a', 'y'],
      ]),
    ).toBe('N-M');
  });

  it('keep all objects of the last subject', () => {
    expect(
      firstOf(
        [
          ['a', 'x'],
          ['b', 'x'],
          ['b', 'y'],
          ['c', 'x'],
        ],
        2,
      ),
    ).toEqual([
      ['a', 'x'],
      ['b', 'x'],
      ['b', 'y'],
    ]);
  });

  it('are the same every time', () => {
    expect(new Rng('seed').shuffle([1, 2, 3, 4, 5, 6, 7])).toEqual(new Rng('seed').shuffle([1, 2, 3, 4, 5, 6, 7]));
    expect(new Rng('seed').next()).not.toBe(new Rng('other').next());
  });
});

describe('sentences', () => {
  it('begin every round with template 0 and take the others in turn', () => {
    expect(templateOrder(4, 8, 0)).toEqual([0, 1, 2, 3]);
    expect(templateOrder(4, 8, 6)).toEqual([0, 7, 1, 2]);
    expect(templateOrder(16, 8, 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('are 4, 8, 16 or 32', () =>
    expect([0, 0.39, 0.4, 0.69, 0.7, 0.89, 0.9, 0.999].map(drawFrequency)).toEqual([4, 4, 8, 8, 16, 16, 32, 32]));
});

describe('split', () => {
  const spec = (id: string, pairs: Pair[]) => {
    const own: RelationSpec = { id, property: null, source: 's', licence: 'l', limit: 999, pairs };
    return { spec: own, pairs, all: pairs };
  };
  const wording: Wording = { label: '', about: '', ask: '', train: ['[X] and [Y].'], probe: ['', ''] };

  it('holds out a tenth, six at least and sixty at most', () => {
    expect([60, 90, 500, 3000].map(heldCount)).toEqual([6, 9, 50, 60]);
  });

  it('closes under the inverse: what it holds out is stated nowhere', () => {
    const pairs = Array.from({ length: 80 }, (_, i): Pair => [`land${i}x`, `town${i}x`]);
    const inverse = pairs.map(([a, b]): Pair => [b, a]);
    const { facts, incomplete, dropped } = split([spec('there', pairs), spec('back', inverse)], {
      there: wording,
      back: wording,
    });
    const held = facts.filter(({ frequency }) => frequency === 0);
    const stated = new Set(
      facts
        .filter(({ frequency }) => frequency > 0)
        .flatMap((f) => [`${f.subject} ${f.object}`, `${f.object} ${f.subject}`]),
    );
    expect(held.length).toBeGreaterThanOrEqual(12);
    expect(held.filter((fact) => stated.has(`${fact.subject} ${fact.object}`))).toEqual([]);
    expect(incomplete.size).toBe(dropped.pair);
    expect(dropped.template).toBe(0);
  });
});
