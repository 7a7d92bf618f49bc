import { type AskedModel, byLength, type Family, tooLong } from './family.ts';
import type { ModelInput } from './model-input.ts';

/** Models that read a whole sentence and fill masks in it. */
export const encoder = {
  id: 'encoder',
  plain: 'Fills gaps',
  label: 'Encoder',
  help: 'Reads the whole sentence and fills the blank, a mask, from both sides.',
  modelTypes: [
    'bert',
    'distilbert',
    'roberta',
    'xlm-roberta',
    'camembert',
    'electra',
    'albert',
    'mpnet',
    'deberta',
    'deberta-v2',
    'modernbert',
    'mobilebert',
    'squeezebert',
    'esm',
    'roformer',
  ],
  graphs: [{ file: 'model.onnx', others: [], stack: 'encoder', hasLogits: true }],
  attentionOutput: 'feed-forward',
  scopes: {},

  lacks: ({ mask }) => (mask ? null : 'a mask token'),

  fill(sentence, answers, asked) {
    const { single, longer } = byLength(answers);
    const mask = asked.tokenizer.mask!;
    const masked = (count: number) => sentence.replace('[Y]', Array(count).fill(mask.text).join(' '));
    const made: ModelInput[][] = [];
    if (single.length > 0) {
      const found = encodeMasks(masked(1), 1, asked);
      if ('refused' in found) return found;
      made.push([{ ids: found.ids, target: null, picks: [{ at: found.masks[0], gold: single }] }]);
    }
    for (const answer of longer) {
      const found = encodeMasks(masked(answer.length), answer.length, asked);
      if ('refused' in found) return found;
      made.push(leftToRight(found.ids, found.masks, answer));
    }
    return { prompt: masked(1), answers: made };
  },

  follow(context, continuation, asked) {
    const { tokenizer, maxLength } = asked;
    const { before, after } = tokenizer.frame;
    const words = tokenizer.encode(continuation, false);
    const head = [...before, ...tokenizer.encode(context, false)];
    const ids = [...head, ...words.map(() => tokenizer.mask!.id), ...after];
    if (ids.length > maxLength) return tooLong(maxLength);
    if (words.length === 0) return { refused: 'an option without any word' };
    return leftToRight(
      ids,
      words.map((_, index) => head.length + index),
      words,
    );
  },
} satisfies Family<'encoder'>;

/**
 * Asks for several masks from left to right, each with the right words in the masks before it and the later ones still
 * hidden: log p(t₁ | …) + log p(t₂ | t₁, …) + …, the chain that a decoder's likelihood is. (Filling all at once would
 * judge each token without the others; hiding one at a time, as pseudo-log-likelihoods do, would let a word's own pieces
 * give it away: Kauf and Ivanova 2023.)
 */
function leftToRight(ids: readonly number[], masks: readonly number[], answer: readonly number[]): ModelInput[] {
  return masks.map((at, step) => {
    const filled = [...ids];
    for (let i = 0; i < step; i++) filled[masks[i]] = answer[i];
    return { ids: filled, target: null, picks: [{ at, gold: [answer[step]] }] };
  });
}

function encodeMasks(text: string, wanted: number, { tokenizer, maxLength }: AskedModel) {
  const ids = tokenizer.encode(text);
  const masks = ids.flatMap((id, at) => (id === tokenizer.mask!.id ? [at] : []));
  if (masks.length !== wanted) return { refused: 'the sentence has another mask in it' };
  if (ids.length > maxLength) return tooLong(maxLength);
  return { ids, masks };
}
