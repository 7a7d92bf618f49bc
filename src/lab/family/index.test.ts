import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../cli/folder.ts';
import type { Model } from '../model/load.ts';
import { tinyIds, tinyModel } from '../test/tiny.ts';
import { families, familyIds, familyOf } from './index.ts';

describe('familyOf', () => {
  it('knows each model type, in one family only', () => {
    const all = Object.values(families).flatMap(({ modelTypes }) => modelTypes);
    expect(new Set(all).size).toBe(all.length);
    for (const family of Object.values(families)) {
      expect(family.modelTypes.length).toBeGreaterThan(0);
      for (const type of family.modelTypes) expect(familyOf(type)).toBe(family);
    }
  });

  it.each([
    ['bert', 'encoder'],
    ['gpt2', 'decoder'],
    ['llama', 'decoder'],
    ['t5', 'encoder-decoder'],
  ])('takes %s for an %s', (type, id) => expect(familyOf(type)?.id).toBe(id));

  it('knows no others', () => {
    expect(familyOf('whisper')).toBeNull();
    expect(familyOf('')).toBeNull();
  });
});

it('each family stands under its own id', () => {
  expect(familyIds.map((id) => families[id].id)).toEqual(familyIds);
});

it.each(familyIds)('%s has a tiny model, which tests compare with PyTorch', (id) => {
  const found = tinyIds.map((tiny) => tinyModel(tiny, readFileSync).family);
  expect(found, 'CONTRIBUTING.md, “A model family”, says what a tiny model is.').toContain(id);
});

// Whichever models lie there: nothing is known of them here but their family.
describe.each(readdirSync('public/models'))('the tokenizer of %s', (id) => {
  let model: Model;
  beforeAll(async () => {
    model = await openModel(id);
  });
  const sentence = 'The capital of France is [Y].';
  const filled = (answers: number[][]) => {
    const made = families[model.family].fill(sentence, answers, model);
    if ('refused' in made) throw new Error(made.refused);
    return made;
  };

  it('puts the blank where the answer belongs', () => {
    const { tokenizer } = model;
    const paris = tokenizer.answer('Paris');
    expect(paris).toHaveLength(1);
    const { prompt, answers } = filled([paris]);
    const [[{ ids, target, picks }]] = answers;
    expect(picks).toHaveLength(1);
    expect(picks[0].gold.map(tokenizer.word).join().toLowerCase()).toBe('paris');
    const at = picks[0].at;
    // The text that is asked, with the answer put where it is asked for, is the sentence with the answer in it.
    const whole = tokenizer.encode(sentence.replace('[Y]', 'Paris'));
    if (model.family === 'encoder') expect(ids.with(at, paris[0])).toEqual(whole);
    else if (model.family === 'decoder') {
      expect(at).toBe(ids.length - 1);
      expect([...ids, ...paris]).toEqual(tokenizer.encode(`${prompt.slice(0, -2)} Paris`));
      expect(whole.slice(0, ids.length + 1)).toEqual([...ids, ...paris]);
    } else {
      const gap = tokenizer.sentinel!.id;
      expect(ids.filter((token) => token === gap)).toHaveLength(1);
      expect(
        ids
          .flatMap((token) => (token === gap ? paris : [token]))
          .map(tokenizer.word)
          .join(' '),
      ).toBe(whole.map(tokenizer.word).join(' '));
      expect(target).toEqual([model.decoderStart, gap]);
      expect(at).toBe(1);
    }
  });

  it('gives words back as people write them', () => {
    // WordPiece marks what is no beginning of a word; the other tokenizers mark beginnings, which people do not.
    for (const word of ['paris', 'river', 'twelve'])
      expect(model.tokenizer.answer(word).map(model.tokenizer.word).join('').replaceAll('##', '')).toBe(word);
    expect(model.tokenizer.word(model.vocabulary + 5)).toBe(`#${model.vocabulary + 5}`);
  });
});
