import { byLength, type Family, tooLong } from './family.ts';
import type { ModelInput } from './model-input.ts';

/** Models that read from left to right and go on with the next word. */
export const decoder = {
  id: 'decoder',
  plain: 'Writes on',
  label: 'Decoder',
  help: 'Reads what stands before the blank and goes on with the next word; sentences must end with their blank.',
  modelTypes: [
    'gpt2',
    'gpt_neo',
    'gpt_neox',
    'gptj',
    'codegen',
    'opt',
    'llama',
    'mistral',
    'qwen2',
    'qwen3',
    'phi',
    'phi3',
    'gemma',
    'gemma2',
    'stablelm',
    'granite',
    'olmo',
    'smollm3',
  ],
  graphs: [{ file: 'model.onnx', others: ['decoder_model.onnx'], stack: 'decoder', hasLogits: true }],
  attentionOutput: 'attention',
  scopes: {},

  lacks: (_) => null,

  fill(sentence, answers, { tokenizer, maxLength }) {
    const [left, right] = sentence.split('[Y]');
    // Punctuation may follow: it tells nothing of the answer.
    if (!/^[\s.!?…"'”’)\]]*$/.test(right)) return { refused: 'the sentence does not end with its blank' };
    const prompt = left.trimEnd();
    const context = tokenizer.encode(prompt);
    if (context.length === 0) return { refused: 'nothing stands before the blank' };
    const { single, longer } = byLength(answers);
    const longest = context.length + Math.max(...answers.map((answer) => answer.length)) - 1;
    if (longest > maxLength) return tooLong(maxLength);
    const made: ModelInput[][] = [];
    if (single.length > 0)
      made.push([{ ids: context, target: null, picks: [{ at: context.length - 1, gold: single }] }]);
    for (const answer of longer) made.push([behind(context, answer)]);
    return { prompt: `${prompt} …`, answers: made };
  },

  follow(context, continuation, { tokenizer, maxLength }) {
    const words = tokenizer.encode(continuation, false);
    let before = tokenizer.encode(context, false);
    // Nothing before it: the harness begins with the end-of-text token.
    if (before.length === 0 && tokenizer.end !== null) before = [tokenizer.end];
    if (words.length === 0 || before.length === 0) return { refused: 'an option without any word' };
    // What is too long loses its beginning, as in the harness.
    const kept = before.slice(-Math.max(1, maxLength + 1 - words.length));
    if (kept.length + words.length - 1 > maxLength) return tooLong(maxLength);
    return [behind(kept, words)];
  },
} satisfies Family<'decoder'>;

/** A continuation behind its context: each of its tokens is predicted where the one before it stands. */
function behind(context: readonly number[], words: readonly number[]): ModelInput {
  return {
    ids: [...context, ...words.slice(0, -1)],
    target: null,
    picks: words.map((id, index) => ({ at: context.length - 1 + index, gold: [id] })),
  };
}
