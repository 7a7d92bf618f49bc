import { describe, expect, it } from 'vitest';
import { special, wordTokenizer } from '../test/graphs.ts';
import { encoderDecoder } from './encoder-decoder.ts';

const { end, sentinel } = special;
const tokenizer = wordTokenizer(['the', 'capital', 'of', 'peru', 'is', 'lima', 'cusco', 'new', 'york', '.'], {
  after: [end],
});
const asked = { tokenizer, maxLength: 8, decoderStart: 0 };
const tokens = (text: string) => tokenizer.encode(text, false);
const [[lima], [cusco], [new_], [york]] = ['lima', 'cusco', 'new', 'york'].map(tokens);

describe('an encoder-decoder fills a blank', () => {
  const sentence = 'the capital of peru is [Y] .';
  const ids = [...tokens('the capital of peru is'), sentinel, ...tokens('.'), end];

  it('by reading the sentence with a gap, and writing behind the gap’s mark', () => {
    expect(encoderDecoder.fill(sentence, [[lima], [cusco]], asked)).toEqual({
      prompt: 'the capital of peru is <extra_id_0> .',
      answers: [[{ ids, target: [0, sentinel], picks: [{ at: 1, gold: [lima, cusco] }] }]],
    });
  });

  it('with longer answers token by token', () => {
    const filled = encoderDecoder.fill(sentence, [[new_, york], [lima]], asked);
    expect(filled).toHaveProperty('answers', [
      [{ ids, target: [0, sentinel], picks: [{ at: 1, gold: [lima] }] }],
      [
        {
          ids,
          target: [0, sentinel, new_],
          picks: [
            { at: 1, gold: [new_] },
            { at: 2, gold: [york] },
          ],
        },
      ],
    ]);
  });

  it('from the token that the model’s decoder begins with', () => {
    expect(encoderDecoder.fill(sentence, [[lima]], { ...asked, decoderStart: 7 })).toMatchObject({
      answers: [[{ target: [7, sentinel] }]],
    });
  });

  it('not where the sentence has a gap of its own', () => {
    expect(encoderDecoder.fill('<extra_id_0> is [Y] .', [[lima]], asked)).toEqual({
      refused: 'the sentence has another gap in it',
    });
  });

  it('not where the sentence is longer than the model reads', () => {
    expect(encoderDecoder.fill(sentence, [[lima]], { ...asked, maxLength: 7 })).toEqual({
      refused: 'longer than the model reads (more than 7 tokens)',
    });
  });
});

describe('an encoder-decoder follows a context', () => {
  it('by reading the context and writing the continuation, both with their end marks', () => {
    expect(encoderDecoder.follow('the capital', ' new-york', asked)).toEqual([
      {
        ids: [...tokens('the capital'), end],
        target: [0, new_, york],
        picks: [
          { at: 0, gold: [new_] },
          { at: 1, gold: [york] },
          { at: 2, gold: [end] },
        ],
      },
    ]);
  });

  it('of nothing', () => {
    expect(encoderDecoder.follow('', 'lima', asked)).toMatchObject([{ ids: [end], target: [0, lima] }]);
  });

  it('that is too long without its beginning; its end mark stays', () => {
    const nine = 'the capital of peru is lima . cusco is';
    expect(encoderDecoder.follow(nine, 'lima', asked)).toMatchObject([{ ids: [...tokens(nine).slice(-7), end] }]);
  });

  it('not without any word', () => {
    expect(encoderDecoder.follow('the', ' ', asked)).toEqual({ refused: 'an option without any word' });
  });

  it('not with more tokens than the model writes', () => {
    expect(encoderDecoder.follow('the', 'is-'.repeat(7), asked)).toHaveLength(1);
    expect(encoderDecoder.follow('the', 'is-'.repeat(8), asked)).toEqual({
      refused: 'longer than the model reads (more than 8 tokens)',
    });
  });
});

it('an encoder-decoder needs a tokenizer with the mark of a gap', () => {
  expect(encoderDecoder.lacks(tokenizer)).toBeNull();
  expect(encoderDecoder.lacks({ ...tokenizer, sentinel: null })).toBe('the gap token <extra_id_0>');
});
