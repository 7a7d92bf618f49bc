import { type AskedModel, byLength, type Family, tooLong } from './family.ts';
import type { ModelInput } from './model-input.ts';

/** Models of two halves: one reads the sentence, the other writes what belongs into its gap. */
export const encoderDecoder = {
  id: 'encoder-decoder',
  plain: 'Reads, then writes',
  label: 'Encoder-decoder',
  help: 'Reads the whole sentence with a numbered gap, and writes what belongs into it.',
  modelTypes: ['t5', 'mt5', 'umt5', 'longt5'],
  graphs: [
    { file: 'encoder_model.onnx', others: [], stack: 'encoder', hasLogits: false },
    { file: 'decoder_model.onnx', others: [], stack: 'decoder', hasLogits: true },
  ],
  attentionOutput: 'attention',
  scopes: {
    'encoder-attention': {
      label: 'Encoder’s attention',
      words: 'encoder’s attention',
      help: 'The attention of the half that reads.',
      layers: ['attention'],
      stack: 'encoder',
    },
    'decoder-attention': {
      label: 'Decoder’s self-attention',
      words: 'decoder’s self-attention',
      help: 'The attention of the half that writes, to what it wrote.',
      layers: ['attention'],
      stack: 'decoder',
      cross: false,
    },
    'cross-attention': {
      label: 'Cross-attention',
      words: 'cross-attention',
      help: 'The attention of the half that writes, to what the other half read.',
      layers: ['attention'],
      cross: true,
    },
    encoder: {
      label: 'Encoder half',
      words: 'encoder half',
      help: 'Every linear layer of the half that reads.',
      layers: ['attention', 'feed-forward'],
      stack: 'encoder',
    },
    'decoder-stack': {
      label: 'Decoder half',
      words: 'decoder half',
      help: 'Every linear layer of the half that writes, but the last one, which turns the result into words.',
      layers: ['attention', 'feed-forward'],
      stack: 'decoder',
    },
  },

  lacks: ({ sentinel }) => (sentinel ? null : 'the gap token <extra_id_0>'),

  fill(sentence, answers, asked) {
    const { tokenizer, maxLength, decoderStart } = asked;
    const sentinel = tokenizer.sentinel!;
    const prompt = sentence.replace('[Y]', sentinel.text);
    const ids = tokenizer.encode(prompt);
    if (ids.filter((id) => id === sentinel.id).length !== 1) return { refused: 'the sentence has another gap in it' };
    if (ids.length > maxLength) return tooLong(maxLength);
    const { single, longer } = byLength(answers);
    const start = [decoderStart, sentinel.id];
    const made: ModelInput[][] = [];
    if (single.length > 0) made.push([{ ids, target: start, picks: [{ at: 1, gold: single }] }]);
    for (const answer of longer) made.push([written(ids, start, answer)]);
    return { prompt, answers: made };
  },

  follow(context, continuation, asked) {
    const { tokenizer, maxLength, decoderStart } = asked;
    // As the harness has it: the context with the encoder's end mark, the continuation without its leading space, and
    // the end mark behind it, too.
    const ids = tokenizer.encode(context);
    const text = continuation.trimStart();
    // An end mark alone is no word.
    if (tokenizer.encode(text, false).length === 0) return { refused: 'an option without any word' };
    const words = tokenizer.encode(text);
    const kept = fitted(ids, asked);
    if (words.length > maxLength) return tooLong(maxLength);
    return [written(kept, [decoderStart], words)];
  },
} satisfies Family<'encoder-decoder'>;

/** A text that is too long loses its beginning; its end mark stays. */
function fitted(ids: readonly number[], { maxLength }: AskedModel): readonly number[] {
  return ids.length > maxLength ? ids.slice(ids.length - maxLength) : ids;
}

/** Tokens that the decoder is to write behind `start`: each is predicted where the one before it stands. */
function written(ids: readonly number[], start: readonly number[], words: readonly number[]): ModelInput {
  return {
    ids,
    target: [...start, ...words.slice(0, -1)],
    picks: words.map((id, index) => ({ at: start.length - 1 + index, gold: [id] })),
  };
}
