import type { Tokenizer } from '../tokens/tokenizer.ts';
import type { ModelInput } from './model-input.ts';

/** Which half of a model a layer is in; all layers of a model of one half are in the same. */
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
 * A set of layers that only some families have, such as cross-attention: what a step compresses. The scopes that every
 * family has are in compress/scope.ts.
 */
export interface FamilyScope {
  label: string;
  /** The label within a sentence. */
  words: string;
  help: string;
  /** Which layers of its blocks. */
  layers: readonly ('attention' | 'feed-forward')[];
  /** Only those of this half. */
  stack?: Stack;
  /** Only those that attend to the other half, or only those that do not. */
  cross?: boolean;
}

/** A family of models: how its graphs lie in files and how it is asked. One file each; `index.ts` is the registry. */
export interface Family<Id extends string = string> {
  /** Stands in cards, results and on the command line: never renamed. */
  id: Id;
  /** What the page calls it, e.g. "Fills gaps". */
  plain: string;
  /** The field's term. */
  label: string;
  /** How it is asked, in one sentence. */
  help: string;
  /** Values of config.json's `model_type` whose graphs are known to have this family's shape. */
  modelTypes: readonly string[];
  /** The ONNX files that make up a model, as optimum names them; other names that are taken, too. */
  graphs: readonly { file: string; others: readonly string[]; stack: Stack; hasLogits: boolean }[];
  /** With which layers a block's attention output counts, as in the paper's code. */
  attentionOutput: 'attention' | 'feed-forward';
  /** Scopes that models of other families may lack, by the ids that stand in recipes and links: never renamed. */
  scopes: Readonly<Record<string, FamilyScope>>;
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
   * Context and continuation are encoded apart, without special tokens (LM harness 0.3).
   */
  follow(context: string, continuation: string, asked: AskedModel): ModelInput[] | Refused;
}

/** Whether a family's models have two halves: their blocks are numbered by half, and the second one is given a target. */
export const hasHalves = ({ graphs }: Pick<Family, 'graphs'>): boolean => graphs.length > 1;

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
