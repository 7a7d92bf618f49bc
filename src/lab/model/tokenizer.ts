import { Tokenizer as Encoder } from '@huggingface/tokenizers';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { readJson } from '../json.ts';

/** What the lab needs of a tokenizer. */
export interface Tokenizer {
  /** Number of words, special tokens included. */
  size: number;
  /** The word that stands for the blank, e.g. `[MASK]`, and its number. */
  mask: { text: string; id: number };
  /** Whether prompts are lower-cased: objects are looked up in the same way. */
  lowerCase: boolean;
  /** Token numbers of a text, special tokens added. */
  encode(text: string): number[];
  /** The number of a text that is exactly one word of the vocabulary, or undefined. */
  wordId(text: string): number | undefined;
  /** The word of a number, or `#n` where there is none. */
  word(id: number): string;
}

const definition = z.looseObject({ model: z.looseObject({}) });
const settings = z.looseObject({
  mask_token: z.union([z.string(), z.looseObject({ content: z.string() })]),
  do_lower_case: z.boolean().optional(),
});

const advice = 'Take tokenizer.json and tokenizer_config.json from the folder that the model came from.';

/**
 * Reads a Hugging Face tokenizer.
 *
 * @param tokenizerJson text of tokenizer.json
 * @param configJson text of tokenizer_config.json
 * @throws LabError `bad-tokenizer` where they are not of that shape or there is no mask token
 */
export function readTokenizer(tokenizerJson: string, configJson: string): Tokenizer {
  const config = readJson(settings, configJson, { kind: 'bad-tokenizer', where: 'tokenizer_config.json', advice });
  const data = readJson(definition, tokenizerJson, { kind: 'bad-tokenizer', where: 'tokenizer.json', advice });
  let encoder: Encoder;
  try {
    encoder = new Encoder(data, config);
  } catch (cause) {
    throw new LabError('bad-tokenizer', `tokenizer.json describes no tokenizer that can be used: ${cause}.`, advice, {
      cause,
    });
  }
  const text = typeof config.mask_token === 'string' ? config.mask_token : config.mask_token.content;
  const id = encoder.token_to_id(text);
  if (id === undefined)
    throw new LabError('bad-tokenizer', `The mask token ${text} is no word of the tokenizer.`, advice);
  const lowerCase = config.do_lower_case ?? false;
  return {
    // The highest number counts, not how many there are: vocabularies may have gaps.
    size: [...encoder.get_vocab(true).values()].reduce((most, next) => Math.max(most, next + 1), 0),
    mask: { text, id },
    lowerCase,
    encode: (input) => encoder.encode(input).ids,
    wordId: (input) => encoder.token_to_id(lowerCase ? input.toLowerCase() : input),
    word: (number) => encoder.id_to_token(number) ?? `#${number}`,
  };
}
