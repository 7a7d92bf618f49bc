import type * as Ort from 'onnxruntime-web';
import { familyOf, hasHalves } from '../family/index.ts';
import { loadModel, type Model, type ModelFiles } from '../model/load.ts';

// Tiny random models for tests, exported from PyTorch. How files are read and what runs them is handed over: src/lab
// knows neither Node nor a build of the runtime.

export const tinyIds = ['tiny-bert', 'tiny-gpt2', 'tiny-gpt2-past', 'tiny-llama', 'tiny-t5'] as const;
export type TinyId = (typeof tinyIds)[number];

type Read = (path: string) => Uint8Array;
type Runtime = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

/** A text as a model reads it; of two halves the second one reads `target`. */
export interface TinyText {
  ids: readonly number[];
  target: readonly number[] | null;
}

/** Special tokens by number, what stands around a text, and what tokenizer_config.json names. */
const specials: Record<string, { tokens: Record<number, string>; frame: string[]; config: Record<string, string> }> = {
  bert: {
    tokens: { 0: '[PAD]', 1: '[UNK]', 2: '[CLS]', 3: '[SEP]', 4: '[MASK]' },
    frame: ['[CLS]', 'A', '[SEP]'],
    config: { mask_token: '[MASK]', unk_token: '[UNK]' },
  },
  gpt2: {
    tokens: { 0: '<|endoftext|>' },
    frame: ['A'],
    config: { eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' },
  },
  llama: {
    tokens: { 0: '<unk>', 1: '<s>', 2: '</s>' },
    frame: ['<s>', 'A'],
    config: { eos_token: '</s>', unk_token: '<unk>' },
  },
  t5: {
    tokens: { 0: '<pad>', 1: '</s>', 2: '<unk>', 63: '<extra_id_0>' },
    frame: ['A', '</s>'],
    config: { eos_token: '</s>', unk_token: '<unk>' },
  },
};

/** A tokenizer of 64 tokens: `w7` is number 7, 61 is a full stop, and `w7s` is two tokens, 7 and 62. */
function tokenizerFiles(type: string): Pick<ModelFiles, 'tokenizer' | 'tokenizerConfig'> {
  const { tokens, frame, config } = specials[type];
  const words = Array.from({ length: 64 }, (_, id) => tokens[id] ?? ({ 61: '.', 62: '##s' }[id] || `w${id}`));
  const used = frame.filter((part) => part !== 'A');
  const tokenizer = {
    version: '1.0',
    added_tokens: Object.entries(tokens).map(([id, content]) => ({ id: Number(id), content, special: true })),
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: frame.map((id) => (id === 'A' ? { Sequence: { id } } : { SpecialToken: { id } })),
      pair: [],
      special_tokens: Object.fromEntries(used.map((id) => [id, { id, ids: [words.indexOf(id)], tokens: [id] }])),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: config.unk_token,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
  return { tokenizer: JSON.stringify(tokenizer), tokenizerConfig: JSON.stringify(config) };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const folder = (id: TinyId) => `src/lab/test/tiny/${id}`;

/** A tiny model's files, with a tokenizer made for it. */
export function tinyFiles(id: TinyId, read: Read): ModelFiles {
  const config = text(read(`${folder(id)}/config.json`));
  const { model_type: type } = JSON.parse(config);
  const { graphs: wanted } = familyOf(type)!;
  const graphs = new Map(wanted.map(({ file }) => [file, new Uint8Array(read(`${folder(id)}/${file}`))]));
  return { graphs, config, ...tokenizerFiles(type) };
}

/** A tiny model, read anew: tests may change it. */
export function tinyModel(id: TinyId, read: Read): Model {
  return loadModel(tinyFiles(id, read));
}

/** One text, and the logits that PyTorch gave at each of its positions. */
export function tinyLogits(id: TinyId, read: Read): { text: TinyText; logits: number[][] } {
  const { ids, decoder, logits } = JSON.parse(text(read(`${folder(id)}/logits.json`)));
  const { model_type: type } = JSON.parse(text(read(`${folder(id)}/config.json`)));
  return { text: { ids: ids[0], target: hasHalves(familyOf(type)!) ? decoder[0] : null }, logits: logits[0] };
}

/**
 * A model's own logits, from its files as they are: none of the lab's code has a part in it.
 *
 * @param texts of one length
 * @returns for each text and position the logits of all words
 */
export async function plainLogits(
  ort: Runtime,
  files: ModelFiles,
  texts: readonly TinyText[],
): Promise<Float32Array[][]> {
  const encoder = files.graphs.get('encoder_model.onnx');
  const ids = texts.map((entry) => entry.ids);
  const hidden = encoder && (await firstOutput(ort, encoder, ids));
  const last = files.graphs.get(encoder ? 'decoder_model.onnx' : 'model.onnx')!;
  const read = encoder ? texts.map(({ target }) => target ?? []) : ids;
  const logits = await firstOutput(ort, last, read, { hidden, config: files.config });
  const [, length, vocabulary] = logits.dims;
  const values = logits.data as Float32Array;
  return texts.map((_, row) =>
    Array.from({ length }, (_, at) => {
      const start = (row * length + at) * vocabulary;
      return values.slice(start, start + vocabulary);
    }),
  );
}

async function firstOutput(
  ort: Runtime,
  graph: Uint8Array,
  texts: readonly (readonly number[])[],
  { hidden, config = '{}' }: { hidden?: Ort.Tensor; config?: string } = {},
): Promise<Ort.Tensor> {
  const session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  const dims = [texts.length, texts[0].length];
  const whole = (shape: readonly number[], value: (index: number) => number) => {
    const count = shape.reduce((product, size) => product * size);
    return new ort.Tensor(
      'int64',
      BigInt64Array.from({ length: count }, (_, index) => BigInt(value(index))),
      shape,
    );
  };
  const feed = (name: string): Ort.Tensor => {
    if (name === 'encoder_hidden_states') return hidden!;
    if (name === 'encoder_attention_mask') return whole(hidden!.dims.slice(0, 2), () => 1);
    if (name === 'attention_mask') return whole(dims, () => 1);
    if (name === 'token_type_ids') return whole(dims, () => 0);
    if (name === 'position_ids') return whole(dims, (index) => index % dims[1]);
    if (name === 'input_ids') return whole(dims, (index) => texts.flat()[index]);
    // An empty past: [batch, heads, 0, width of a head].
    const { n_head: heads, n_embd: width } = JSON.parse(config);
    return new ort.Tensor('float32', new Float32Array(), [dims[0], heads, 0, width / heads]);
  };
  const results = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feed(name)])));
  await session.release();
  return results[session.outputNames[0]];
}

/** Natural log-probability of a word by the logits of all words. */
export function logProb(logits: ArrayLike<number>, word: number): number {
  const values = Array.from(logits);
  const most = Math.max(...values);
  return values[word] - most - Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
