import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel, openSuite } from '../../../cli/folder.ts';
import { LabError } from '../errors.ts';
import type { Model } from '../model/load.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { parseReference } from '../reference/reference.ts';
import { encodePrompt, isTemplate, makeProbes, stratifiedOrder, templateIds } from './probes.ts';
import { parseFactFiles, parseSuite, type Suite } from './suite.ts';

/** A tokenizer of a few words, split at spaces; what it does not know is number 1, and [MASK] is number 4. */
function fakeTokenizer(words: readonly string[]): Tokenizer {
  const list = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words];
  const find = (word: string) => list.findIndex((entry) => entry.toLowerCase() === word.toLowerCase());
  const wordId = (word: string) => (find(word) < 0 ? undefined : find(word));
  return {
    size: list.length,
    mask: { text: '[MASK]', id: 4 },
    lowerCase: true,
    encode: (text) => [2, ...text.split(' ').map((word) => wordId(word) ?? 1), 3],
    wordId,
    word: (id) => list[id],
  };
}

const makeSuite = (facts: [string, string | string[]][], more: object[] = []): Suite =>
  parseSuite(
    JSON.stringify({
      format: 'lossy-suite-1',
      title: 'a',
      licence: 'b',
      relations: [
        {
          id: 'colour',
          label: 'Colour',
          templates: { train: ['[X] is [Y] , [X]', 'never asked [X] [Y]'], probe: '[Y] the [X]' },
          facts,
        },
        ...more,
      ],
    }),
  );

describe('makeProbes', () => {
  const tokenizer = fakeTokenizer(['red', 'green', 'blue', 'apple', 'sky', 'is', 'the', ',']);
  const model = { tokenizer, maxLength: 8 };
  const number = (word: string) => tokenizer.wordId(word)!;
  const facts: [string, string | string[]][] = [
    ['sky', 'ultramarine'],
    ['apple', ['Green', 'crimson', 'red']],
    ['grass', 'viridian'],
    ['sky', ['blue', 'blue']],
    ['apple', 'Blue'],
  ];

  it('accepts every object that is a word, in order, and places a subject where its first one stands', () => {
    const { probes, relations } = makeProbes(makeSuite(facts), 'seen', model);
    expect(probes.map(({ subject, gold }) => [subject, gold.map(tokenizer.word)])).toEqual([
      ['apple', ['green', 'red', 'blue']],
      ['sky', ['blue']],
    ]);
    expect(relations).toEqual([{ id: 'colour', label: 'Colour', probes: 2 }]);
  });

  it('asks seen facts in the first training wording and paraphrases in the other', () => {
    const [seen] = makeProbes(makeSuite(facts), 'seen', model).probes;
    expect(seen.prompt).toBe('apple is [MASK] , apple');
    const apple = number('apple');
    expect(seen.ids).toEqual([2, apple, number('is'), 4, number(','), apple, 3]);
    expect(seen.mask).toBe(3);
    const [unseen] = makeProbes(makeSuite(facts), 'paraphrase', model).probes;
    expect(unseen.prompt).toBe('[MASK] the apple');
    expect(unseen.mask).toBe(1);
    expect(unseen.gold).toEqual(seen.gold);
  });

  it('stops at 200 subjects, not counting those without a usable object', () => {
    const many = Array.from({ length: 450 }, (_, i): [string, string] => [`s${i}`, i % 2 ? 'red' : 'maroon']);
    const { probes } = makeProbes(makeSuite([...many, ['s1', 'blue']]), 'seen', model);
    expect(probes.map(({ subject }) => subject)).toEqual(Array.from({ length: 200 }, (_, i) => `s${2 * i + 1}`));
    expect(probes[0].gold).toEqual([number('red'), number('blue')]);
  });

  it('leaves out a relation without probes and keeps the numbers of the others in step', () => {
    const relation = (id: string, object: string) => ({
      id,
      label: id,
      templates: { train: ['[X] [Y]'], probe: '[Y] [X]' },
      facts: [['sky', object]],
    });
    const suite = makeSuite(
      [['sky', 'ultramarine']],
      [relation('a', 'red'), relation('b', 'pink'), relation('c', 'blue')],
    );
    const { probes, relations, order } = makeProbes(suite, 'seen', model);
    expect(relations.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(probes.map((probe) => relations[probe.relation].id)).toEqual(['a', 'c']);
    expect([...order].sort()).toEqual([0, 1]);
  });

  it('places a relation, too, where its first usable object stands', () => {
    const lines = [
      { relation: 'a', subject: 'sky', object: 'ultramarine' },
      { relation: 'b', subject: 'sky', object: 'blue' },
      { relation: 'a', subject: 'apple', object: 'red' },
    ];
    const wording = { train: ['[X] [Y]'], probe: '[Y] [X]' };
    const facts = lines.map((line) => JSON.stringify(line)).join('\n');
    const suite = parseFactFiles(facts, JSON.stringify({ a: wording, b: wording }), 'pair');
    expect(makeProbes(suite, 'seen', model).relations.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('refuses a suite of which the model knows no answer', () => {
    expect(() => makeProbes(makeSuite([['sky', 'ultramarine']]), 'seen', model)).toThrow(
      expect.objectContaining({ kind: 'bad-suite', message: expect.stringContaining('vocabulary') }),
    );
  });

  it('refuses a prompt that is longer than the model can read, and quotes it', () => {
    expect(() => makeProbes(makeSuite([['a b c d', 'red']]), 'seen', model)).toThrow(
      expect.objectContaining({
        kind: 'bad-tokenizer',
        message: 'The prompt "a b c d is [MASK] , a b c d" has 13 tokens; the model reads 8.',
      }),
    );
  });
});

describe('encodePrompt', () => {
  const tokenizer = fakeTokenizer(['red']);
  it.each(['red red', '[MASK] or [MASK]'])('refuses "%s", which has not exactly one blank', (prompt) => {
    expect(() => encodePrompt(prompt, tokenizer, 10)).toThrow(LabError);
    expect(() => encodePrompt(prompt, tokenizer, 10)).toThrow(`"${prompt}" has not exactly one [MASK]`);
  });

  it('takes a prompt of exactly the length that the model reads', () => {
    expect(encodePrompt('red [MASK]', tokenizer, 4)).toEqual({ ids: [2, 5, 4, 3], mask: 2 });
    expect(() => encodePrompt('red [MASK]', tokenizer, 3)).toThrow('4 tokens');
  });
});

describe('isTemplate', () => {
  it('knows the two wordings and nothing else', () => {
    expect(templateIds.every(isTemplate)).toBe(true);
    expect(['', 'probe', 'train', null, 0].some(isTemplate)).toBe(false);
  });
});

describe('the probes of the shipped model and suite', () => {
  let model: Model;
  let suite: Suite;
  beforeAll(async () => {
    [model, suite] = await Promise.all([openModel('bert-small'), openSuite('facts')]);
  });
  const reference = parseReference(readFileSync(new URL('../reference/bert-small.json', import.meta.url), 'utf8'));

  it.each(templateIds)('are those of the reference (%s)', (template) => {
    const { probes, relations, order } = makeProbes(suite, template, model);
    expect(probes).toHaveLength(reference.probes);
    expect(probes).toHaveLength(5259);
    const run = reference.runs.find((entry) => entry.template === template)!;
    expect(Object.fromEntries(relations.map(({ id, probes: of }) => [id, of]))).toEqual(
      Object.fromEntries(Object.entries(run.relations).map(([id, [, of]]) => [id, of])),
    );
    expect(
      worstShare(
        relations.map((relation) => relation.probes),
        order,
      ),
    ).toBeLessThan(1);
  });

  it('come in the reference’s order, the first of which activations are measured on', () => {
    const { relations } = makeProbes(suite, 'seen', model);
    expect(relations.map(({ id }) => id)).toEqual(Object.keys(reference.runs[0].relations));
  });

  it('are, for the first subject of each relation, the reference’s very tokens and accepted words', () => {
    const { probes, relations } = makeProbes(suite, 'seen', model);
    const first = relations.map((_, number) => probes.find(({ relation }) => relation === number)!);
    const ours = first.map(({ relation, subject, ids, gold }) => ({
      relation: relations[relation].id,
      subject,
      ids,
      gold: [...gold].sort((a, b) => a - b),
    }));
    const uncompressed = reference.samples.filter(({ steps }) => steps.length === 0);
    const theirs = uncompressed.map(({ relation, subject, ids, gold }) => ({ relation, subject, ids, gold }));
    const byRelation = (a: { relation: string }, b: { relation: string }) => (a.relation < b.relation ? -1 : 1);
    expect(ours.sort(byRelation)).toEqual(theirs.sort(byRelation));
  });
});

/** How far the number of probes of any relation in any beginning of an order is from the relation's share of it. */
function worstShare(sizes: readonly number[], order: Uint32Array): number {
  const owner = sizes.flatMap((size, relation) => Array<number>(size).fill(relation));
  const counts = sizes.map(() => 0);
  let worst = 0;
  order.forEach((probe, at) => {
    counts[owner[probe]]++;
    sizes.forEach((size, relation) => {
      worst = Math.max(worst, Math.abs(counts[relation] - (size * (at + 1)) / order.length));
    });
  });
  return worst;
}

describe('stratifiedOrder', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 });

  it('asks every probe once', () => {
    fc.assert(
      fc.property(sizes, (counts) => {
        const total = counts.reduce((a, b) => a + b, 0);
        expect([...stratifiedOrder(counts)].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });

  it('has each relation’s share within one probe in every beginning, for relations of one size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), (count, size) => {
        const equal = Array<number>(count).fill(size);
        expect(worstShare(equal, stratifiedOrder(equal))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has it within half a probe, and half a probe more for each relation’s share, for any sizes', () => {
    const some = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, (counts) => {
        const largest = Math.max(...counts) / counts.reduce((a, b) => a + b, 0);
        const worst = worstShare(counts, stratifiedOrder(counts));
        expect(worst).toBeLessThanOrEqual(0.5 + 0.5 * counts.length * largest + 1e-9);
      }),
    );
  });

  it('spreads the beginning of a relation over its whole list', () => {
    const order = stratifiedOrder([200]);
    for (const length of [8, 16, 32, 64]) {
      const quarters = [0, 0, 0, 0];
      for (const probe of order.subarray(0, length)) quarters[Math.floor(probe / 50)]++;
      // The sequence fills 256 places, of which 200 are there: quarters of the list are not quarters of it.
      for (const count of quarters) expect(Math.abs(count - length / 4), `${length}`).toBeLessThanOrEqual(length / 8);
    }
  });

  it('is this one, worked by hand', () => {
    expect([...stratifiedOrder([4, 2, 1])]).toEqual([0, 4, 2, 6, 1, 5, 3]);
  });
});
