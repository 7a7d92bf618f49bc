import { describe, expect, it } from 'vitest';
import { special, wordTokenizer } from '../test/graphs.ts';
import { encoder } from './encoder.ts';

const { start, end, mask } = special;
const tokenizer = wordTokenizer(['the', 'capital', 'of', 'peru', 'is', 'lima', 'cusco', 'new', 'york', 'city', '.'], {
  before: [start],
  after: [end],
});
const asked = { tokenizer, maxLength: 10, decoderStart: 0 };
const tokens = (text: string) => tokenizer.encode(text, false);
const [[lima], [cusco]] = ['lima', 'cusco'].map(tokens);
const sentence = 'the capital of peru is [Y] .';

describe('an encoder fills a blank', () => {
  it('with one mask, read where it stands, for all answers of one token together', () => {
    expect(encoder.fill(sentence, [[lima], [cusco], [lima]], asked)).toEqual({
      prompt: 'the capital of peru is [MASK] .',
      answers: [
        [
          {
            ids: [start, ...tokens('the capital of peru is'), mask, ...tokens('.'), end],
            target: null,
            picks: [{ at: 6, gold: [lima, cusco] }],
          },
        ],
      ],
    });
  });

  it('with a mask for each token of a longer answer, from left to right: the earlier ones filled, the later ones hidden', () => {
    const answer = tokens('new-york-city');
    const filled = encoder.fill('is [Y] .', [answer], asked);
    expect(filled).toEqual({
      prompt: 'is [MASK] .',
      answers: [
        [0, 1, 2].map((step) => ({
          ids: [start, ...tokens('is'), ...answer.map((id, place) => (place < step ? id : mask)), ...tokens('.'), end],
          target: null,
          picks: [{ at: 2 + step, gold: [answer[step]] }],
        })),
      ],
    });
  });

  it('in one way for the answers of one token, and in one more for each longer answer', () => {
    const filled = encoder.fill('is [Y] .', [tokens('new-york'), [lima], tokens('new-york-city'), [cusco]], asked);
    if ('refused' in filled) throw new Error(filled.refused);
    expect(filled.answers.map((way) => way.map(({ picks }) => picks[0].gold))).toEqual([
      [[lima, cusco]],
      [tokens('new'), tokens('york')],
      [tokens('new'), tokens('york'), tokens('city')],
    ]);
  });

  it('with longer answers alone, too', () => {
    expect(encoder.fill('is [Y] .', [tokens('new-york')], asked)).toHaveProperty('answers.length', 1);
  });

  it('not where the sentence has a mask of its own', () => {
    const refused = { refused: 'the sentence has another mask in it' };
    expect(encoder.fill('[MASK] is [Y] .', [[lima]], asked)).toEqual(refused);
    expect(encoder.fill('[MASK] is [Y] .', [tokens('new-york')], asked)).toEqual(refused);
  });

  it('not where the sentence is longer than the model reads, masks and special tokens counted', () => {
    const nine = { ...asked, maxLength: 9 };
    expect(encoder.fill(sentence, [[lima]], nine)).not.toHaveProperty('refused');
    expect(encoder.fill(sentence, [tokens('new-york')], nine)).toEqual({
      refused: 'longer than the model reads (more than 9 tokens)',
    });
    expect(encoder.fill(sentence, [[lima]], { ...asked, maxLength: 8 })).toHaveProperty('refused');
  });
});

describe('an encoder follows a context', () => {
  it('with masks behind it, filled from left to right between the special tokens', () => {
    const [the, new_, york] = ['the', 'new', 'york'].map((word) => tokens(word)[0]);
    expect(encoder.follow('the', ' new-york', asked)).toEqual([
      { ids: [start, the, mask, mask, end], target: null, picks: [{ at: 2, gold: [new_] }] },
      { ids: [start, the, new_, mask, end], target: null, picks: [{ at: 3, gold: [york] }] },
    ]);
  });

  it('of nothing', () => {
    expect(encoder.follow('', 'lima', asked)).toEqual([
      { ids: [start, mask, end], target: null, picks: [{ at: 1, gold: [lima] }] },
    ]);
  });

  it('not without any word', () => {
    expect(encoder.follow('the', ' ', asked)).toEqual({ refused: 'an option without any word' });
  });

  it('not where both are longer than the model reads', () => {
    const eight = 'the capital of peru is lima . .';
    expect(encoder.follow(eight.slice(0, -2), 'cusco', asked)).toHaveLength(1);
    expect(encoder.follow(eight, 'cusco', asked)).toEqual({
      refused: 'longer than the model reads (more than 10 tokens)',
    });
  });
});

it('an encoder needs a tokenizer with a mask', () => {
  expect(encoder.lacks(tokenizer)).toBeNull();
  expect(encoder.lacks({ ...tokenizer, mask: null })).toBe('a mask token');
});
