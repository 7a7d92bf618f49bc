import type { Tokenizer } from '../tokens/tokenizer.ts';
import type { ModelInput } from './model-input.ts';

/** Kinds of language models: a file each in this folder. */
export type FamilyId = 'encoder' | 'encoder-decoder' | 'decoder';

/** Which half of a model a layer is in; all layers of a model with one half are in that half. */
export type Stack = 'encoder' | 'decoder';

/** What a family needs to know of a model to ask it. */
export interface AskedModel {
  tokenizer: Tokenizer;
  /** Longest text in tokens. */
  maxLength: number;
  /** What a decoder begins with (config.json's decoder_start_token_id), where there are two halves. */
  decoderStart: number;
}

/** A sentence with a blank, ready to be asked. */
export interface Filled {
  /** The text that the model is given. */
  prompt: string;
  /**
   * One list of rows for each way to be right: the rows of one together ask for one answer. Answers of a single token
   * share a row.
   */
  answers: ModelInput[][];
}

/** Why a sentence cannot be asked, in plain words. What is left out is counted by these. */
export interface Refused {
  refused: string;
}

/**
 * A family of models: how its graphs lie in files and how it is asked. One file each, all of this shape; `index.ts` is
 * the registry.
 */
export interface Family {
  /** Stands in cards, results and on the command line: never renamed. */
  id: FamilyId;
  /** Plain words. */
  label: string;
  /** How it is asked, in one sentence. */
  help: string;
  /** Values of config.json's `model_type` whose graphs are known to have this family's shape. */
  modelTypes: readonly string[];
  /** The ONNX files that make up a model, as optimum names them; other names that are taken, too. */
  graphs: readonly { file: string; others: readonly string[]; stack: Stack; hasLogits: boolean }[];
  /** What a tokenizer must have, or what it lacks. */
  lacks(tokenizer: Tokenizer): string | null;
  /**
   * Asks for what belongs into a blank.
   *
   * @param sentence with `[Y]` in it exactly once
   * @param answers what is right, as tokens within a sentence ({@link Tokenizer.answer}); at least one
   */
  fill(sentence: string, answers: readonly (readonly number[])[], asked: AskedModel): Filled | Refused;
  /**
   * Asks how likely a continuation is: Σ log p(token | context, tokens before it) over all picks of the rows.
   * Context and continuation are encoded apart, without special tokens (LM harness 0.3; paper.md, section 6).
   */
  follow(context: string, continuation: string, asked: AskedModel): ModelInput[] | Refused;
}

/** Answers of one token, which can be asked for together, and the others. */
export function byLength(answers: readonly (readonly number[])[]): { single: number[]; longer: (readonly number[])[] } {
  return {
    single: [...new Set(answers.filter((answer) => answer.length === 1).map(([id]) => id))],
    longer: answers.filter((answer) => answer.length > 1),
  };
}

/** A text with more tokens than the model reads. */
export const tooLong = (maxLength: number): Refused => ({
  refused: `longer than the model reads (more than ${maxLength} tokens)`,
});
