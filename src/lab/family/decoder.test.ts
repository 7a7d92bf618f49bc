import { describe, expect, it } from 'vitest';
import { special, wordTokenizer } from '../test/graphs.ts';
import { decoder } from './decoder.ts';
import type { ModelInput } from './model-input.ts';

const tokenizer = wordTokenizer(['the', 'capital', 'of', 'peru', 'is', 'lima', 'cusco', 'new', 'york', 'city', '.']);
const asked = { tokenizer, maxLength: 8, decoderStart: 0 };
const tokens = (text: string) => tokenizer.encode(text, false);
const [[lima], [cusco]] = ['lima', 'cusco'].map(tokens);
const context = tokens('the capital of peru is');

describe('a decoder fills a blank', () => {
  it('by going on where the text before it ends, for all answers of one token together', () => {
    expect(decoder.fill('the capital of peru is [Y] .', [[lima], [cusco]], asked)).toEqual({
      prompt: 'the capital of peru is …',
      answers: [[{ ids: context, target: null, picks: [{ at: 4, gold: [lima, cusco] }] }]],
    });
  });

  it('by writing a longer answer token by token: each is read where the one before it stands', () => {
    const [new_, york, city] = tokens('new-york-city');
    expect(decoder.fill('the capital of peru is [Y]', [[new_, york, city], [lima]], asked)).toEqual({
      prompt: 'the capital of peru is …',
      answers: [
        [{ ids: context, target: null, picks: [{ at: 4, gold: [lima] }] }],
        [
          {
            ids: [...context, new_, york],
            target: null,
            picks: [
              { at: 4, gold: [new_] },
              { at: 5, gold: [york] },
              { at: 6, gold: [city] },
            ],
          },
        ],
      ],
    });
  });

  it.each(['peru is [Y]', 'peru is [Y].', 'peru is [Y] .', 'peru is "[Y]".', 'peru is ([Y])!?', 'peru is [Y] … '])(
    'at the end of "%s"',
    (sentence) => expect(decoder.fill(sentence, [[lima]], asked)).toHaveProperty('answers'),
  );

  it.each(['[Y] is the capital of peru .', 'the capital is [Y] of peru', 'is [Y], peru', 'is [Y] (peru)', 'is [Y]s.'])(
    'not in the middle of "%s"',
    (sentence) =>
      expect(decoder.fill(sentence, [[lima]], asked)).toEqual({ refused: 'the sentence does not end with its blank' }),
  );

  it('not where nothing stands before it', () => {
    expect(decoder.fill(' [Y] .', [[lima]], asked)).toEqual({ refused: 'nothing stands before the blank' });
  });

  it('behind a beginning that the tokenizer puts before every text', () => {
    const framed = wordTokenizer(['lima'], { before: [special.start] });
    expect(decoder.fill('[Y]', [[6]], { ...asked, tokenizer: framed })).toMatchObject({
      answers: [[{ ids: [special.start], picks: [{ at: 0, gold: [6] }] }]],
    });
  });

  it('not where text and answer are longer than the model reads; the answer’s last token need not be read', () => {
    const six = 'the capital of peru is is';
    const longest = tokens('new-york-city');
    expect(decoder.fill(`${six} [Y]`, [longest], asked)).toHaveProperty('answers');
    expect(decoder.fill(`${six} is [Y]`, [longest], asked)).toEqual({
      refused: 'longer than the model reads (more than 8 tokens)',
    });
  });
});

describe('a decoder follows a context', () => {
  it('by the likelihood of each token behind the ones before it', () => {
    const [the, capital] = tokens('the capital');
    const [new_, york] = tokens('new-york');
    expect(decoder.follow('the capital', ' new-york', asked)).toEqual([
      {
        ids: [the, capital, new_],
        target: null,
        picks: [
          { at: 1, gold: [new_] },
          { at: 2, gold: [york] },
        ],
      },
    ]);
  });

  it('without the special tokens that stand around other texts', () => {
    const framed = wordTokenizer(['a', 'b'], { before: [special.start], after: [special.end] });
    expect(decoder.follow('a', 'b', { ...asked, tokenizer: framed })).toMatchObject([{ ids: [6] }]);
  });

  it('of nothing, behind the end-of-text token', () => {
    expect(decoder.follow('', 'lima', asked)).toEqual([
      { ids: [special.end], target: null, picks: [{ at: 0, gold: [lima] }] },
    ]);
  });

  it('not of nothing where there is no such token, and not without any word', () => {
    const refused = { refused: 'an option without any word' };
    expect(decoder.follow('', 'lima', { ...asked, tokenizer: { ...tokenizer, end: null } })).toEqual(refused);
    expect(decoder.follow('the', ' ', asked)).toEqual(refused);
  });

  it('that is too long without its beginning, as the LM harness does', () => {
    const nine = 'the capital of peru is lima . cusco is';
    const [row] = decoder.follow(nine, 'new-york', asked) as ModelInput[];
    expect(row.ids).toEqual([...tokens(nine).slice(-7), ...tokens('new')]);
    expect(row.ids).toHaveLength(asked.maxLength);
    expect(row.picks.map(({ at }) => at)).toEqual([6, 7]);
  });

  it('not with more tokens than the model reads', () => {
    expect(decoder.follow('the', 'is-'.repeat(9), asked)).toEqual({
      refused: 'longer than the model reads (more than 8 tokens)',
    });
  });
});

it('a decoder can be asked with any tokenizer', () => {
  expect(decoder.lacks({ ...tokenizer, mask: null, sentinel: null })).toBeNull();
});
