import { describe, expect, it } from 'vitest';
import { place, refusal } from '../../test/tasks.ts';
import { hellaswag } from './hellaswag.ts';

const doc = {
  activity_label: 'Baking bread',
  ctx_a: 'A man kneads dough.',
  ctx_b: 'then He',
  endings: ['bakes it.', 'eats the oven.', 'paints a wall.', 'sings.'],
  label: 0,
};
const contextOf = (change: object) => hellaswag.read({ ...doc, ...change }, place).options[0].context;

describe('hellaswag', () => {
  it('asks as the harness does', () => {
    const context = 'Baking bread: A man kneads dough. Then he';
    expect(hellaswag.read(doc, place)).toEqual({
      options: [
        { context, continuation: ' bakes it.', length: 9 },
        { context, continuation: ' eats the oven.', length: 14 },
        { context, continuation: ' paints a wall.', length: 14 },
        { context, continuation: ' sings.', length: 6 },
      ],
      answer: 0,
    });
    expect(hellaswag.hasNorm).toBe(true);
  });

  it('writes the beginning of the second sentence large and all the rest small, as Python capitalizes', () => {
    expect(contextOf({ ctx_b: 'aNN and BEN' })).toMatch(/ Ann and ben$/);
  });

  it('takes an empty second sentence', () => {
    expect(contextOf({ ctx_b: '' })).toBe('Baking bread: A man kneads dough.');
  });

  it.each([
    // The text is trimmed before the brackets go: the space after the first one stays.
    ['[header] How to bake [title] Mix it.', ' How to bake. Mix it.'],
    ['Mix [one] and [two].', 'Mix and .'],
    ['Three   spaces become two', 'Three  spaces become two'],
    ['  trimmed  ', 'trimmed'],
    ['an open [ bracket', 'an open [ bracket'],
    ['over [two\nlines]', 'over [two\nlines]'],
  ])('cleans %j', (raw, clean) => {
    const { options } = hellaswag.read({ ...doc, endings: [raw, 'b', 'c', 'd'] }, place);
    expect(options[0]).toMatchObject({ continuation: ` ${clean}`, length: clean.length });
  });

  it('measures the cleaned ending in code points, without the space that it adds', () => {
    const { options } = hellaswag.read({ ...doc, endings: ['[step] smiles 😀', 'b', 'c', 'd'] }, place);
    expect(options[0]).toMatchObject({ continuation: '  smiles 😀', length: 9 });
  });

  it('takes labels that are strings', () => {
    expect(hellaswag.read({ ...doc, label: '3' }, place).answer).toBe(3);
  });

  it('passes on what a document is about', () => {
    expect(hellaswag.read({ ...doc, relation: 'kitchen' }, place).relation).toBe('kitchen');
  });

  it('says which field is missing or odd, and what is allowed', () => {
    expect(refusal(hellaswag, { ...doc, ctx_b: undefined })).toMatch(/^document 3: ctx_b: .*string/);
    expect(refusal(hellaswag, { ...doc, endings: ['a', 'b', 'c'] })).toMatch(/^document 3: endings: .*4/);
    expect(refusal(hellaswag, { ...doc, endings: ['a', 'b', '[c]', 'd'] })).toMatch(/^document 3: endings.2: /);
    // The test split is published without its answers.
    expect(refusal(hellaswag, { ...doc, label: '' })).toBe(
      'document 3: label: must be 0, 1, 2 or 3: which ending is right.',
    );
  });
});
