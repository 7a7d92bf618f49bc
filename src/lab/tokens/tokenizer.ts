import { Tokenizer as Encoder } from '@huggingface/tokenizers';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { readJson } from '../json.ts';

/** A token with a meaning of its own. */
export interface SpecialToken {
  text: string;
  id: number;
}

/** What the lab needs of a tokenizer. */
export interface Tokenizer {
  /** Number of words, special tokens included. */
  size: number;
  /** What stands for the blank where there are masks, e.g. `[MASK]`. */
  mask: SpecialToken | null;
  /** What marks the first gap where gaps are numbered: `<extra_id_0>`. */
  sentinel: SpecialToken | null;
  /** The end-of-text token's number. */
  end: number | null;
  /** Numbers of the tokens that are no words: masks, gaps, padding, ends, control marks. */
  special: ReadonlySet<number>;
  /** The tokens that encoding puts around every text. */
  frame: { before: readonly number[]; after: readonly number[] };
  /** Token numbers of a text, with the special ones around it or without. */
  encode(text: string, special?: boolean): number[];
  /** Token numbers of a word as it stands within a sentence; empty where the vocabulary lacks a part of it. */
  answer(word: string): number[];
  /** The word of a number as people write it, or `#n` where there is none. */
  word(id: number): string;
}

const definition = z.looseObject({
  model: z.looseObject({}),
  added_tokens: z.array(z.looseObject({ id: z.int(), special: z.boolean().nullish() })).optional(),
});
const token = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const settings = z.looseObject({ mask_token: token, eos_token: token, unk_token: token });

const advice = 'Take tokenizer.json and tokenizer_config.json from the folder that the model came from.';

/**
 * Reads a Hugging Face tokenizer.
 *
 * @param tokenizerJson text of tokenizer.json
 * @param configJson text of tokenizer_config.json
 * @throws LabError `bad-tokenizer` where they are not of that shape, or the mask is no word
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
  const special = (entry: z.output<typeof token>): SpecialToken | null => {
    const text = typeof entry === 'string' ? entry : entry?.content;
    const id = text === undefined ? undefined : encoder.token_to_id(text);
    return text === undefined || id === undefined ? null : { text, id };
  };
  const mask = special(config.mask_token);
  if (config.mask_token && !mask)
    throw new LabError(
      'bad-tokenizer',
      `The mask token ${show(config.mask_token)} is no word of the tokenizer.`,
      advice,
    );
  const unknown = special(config.unk_token)?.id;
  const named = [config.mask_token, config.eos_token, config.unk_token, '<extra_id_0>'].map(
    (entry) => special(entry)?.id,
  );
  const added = (data.added_tokens ?? []).filter((entry) => entry.special).map(({ id }) => id);
  const encode = (text: string, withSpecial = true) => encoder.encode(text, { add_special_tokens: withSpecial }).ids;
  return {
    // The highest number counts, not how many there are: vocabularies may have gaps.
    size: [...encoder.get_vocab(true).values()].reduce((most, next) => Math.max(most, next + 1), 0),
    mask,
    sentinel: special('<extra_id_0>'),
    end: special(config.eos_token)?.id ?? null,
    special: new Set([...added, ...named.filter((id) => id !== undefined)]),
    frame: frameOf(encode),
    encode,
    answer: (word) => {
      const ids = encode(` ${word}`, false);
      return ids.some((id) => id === unknown) ? [] : ids;
    },
    word: (id) => {
      const raw = encoder.id_to_token(id);
      if (raw === undefined) return `#${id}`;
      // Tokenizers mark the beginning of a word (Ġ in byte-level ones, ▁ in SentencePiece's); people do not.
      const text = encoder.decode([id], { skip_special_tokens: false, clean_up_tokenization_spaces: false }).trim();
      return text === '' ? raw : text;
    },
  };
}

const show = (entry: unknown) => (typeof entry === 'string' ? entry : JSON.stringify(entry));

/** What encoding puts before and behind a text: seen from one that is a single known token. */
function frameOf(encode: (text: string, special?: boolean) => number[]): Tokenizer['frame'] {
  const bare = encode('a', false);
  const framed = encode('a');
  const at = framed.findIndex((_, start) => bare.every((id, i) => framed[start + i] === id));
  if (bare.length === 0 || at < 0) return { before: [], after: [] };
  return { before: framed.slice(0, at), after: framed.slice(at + bare.length) };
}
