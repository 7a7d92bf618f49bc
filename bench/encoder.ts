import { normals } from '../cli/synthetic.ts';
import { loadModel, type Model, type ModelFiles } from '../src/lab/model/load.ts';
import { GraphWriter } from './graph.ts';

/** How large an encoder is. */
export interface EncoderShape {
  layers: number;
  hidden: number;
  heads: number;
}

/** Encoders of about 1, 3, 9, 28 and 90 M parameters; the blocks of the last one are those of BERT-base (85 M). */
export const encoderShapes = {
  1: { layers: 4, hidden: 96, heads: 3 },
  3: { layers: 6, hidden: 160, heads: 5 },
  9: { layers: 9, hidden: 256, heads: 4 },
  28: { layers: 8, hidden: 512, heads: 8 },
  90: { layers: 12, hidden: 768, heads: 12 },
} satisfies Record<number, EncoderShape>;

const positions = 128;

/**
 * A BERT with weights drawn at random, in the layout that PyTorch exports, float32. What it answers means nothing.
 *
 * @param files bert-small's: it has its words, so that it is asked the same prompts
 */
export function encoderOf({ layers, hidden, heads }: EncoderShape, files: ModelFiles): Model {
  const config = {
    ...JSON.parse(files.config),
    hidden_size: hidden,
    intermediate_size: 4 * hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    max_position_embeddings: positions,
  };
  const graph = encoderGraph({ layers, hidden, heads }, config.vocab_size);
  return loadModel({ ...files, config: JSON.stringify(config), graphs: new Map([['model.onnx', graph]]) });
}

/**
 * @param vocabulary how many words it has
 * @returns ONNX bytes
 */
export function encoderGraph({ layers, hidden, heads }: EncoderShape, vocabulary: number): Uint8Array {
  const graph = new GraphWriter();
  const op: GraphWriter['op'] = (...node) => graph.op(...node);
  let seed = 0;
  const random = (name: string, dims: readonly [number, number], size: number) => {
    const next = normals(seed++);
    const values = new Float32Array(dims[0] * dims[1]);
    for (let i = 0; i < values.length; i++) values[i] = next() * size;
    return graph.floats(name, dims, values);
  };
  const vector = (name: string, length: number, value: number) =>
    graph.floats(name, [length], new Float32Array(length).fill(value));
  const number = (name: string, value: number) => graph.floats(name, [], [value]);
  const linear = (name: string, input: string, outputs: number, inputs: number) => {
    const product = op('MatMul', `${name}.product`, [
      input,
      random(`${name}.weight`, [inputs, outputs], inputs ** -0.5),
    ]);
    return op('Add', name, [vector(`${name}.bias`, outputs, 0.01), product]);
  };
  const norm = (name: string, input: string) =>
    op('LayerNormalization', name, [input, vector(`${name}.weight`, hidden, 1), vector(`${name}.bias`, hidden, 0)], {
      axis: -1,
      epsilon: { float: 1e-12 },
    });
  const one = number('one', 1);
  const gelu = (name: string, x: string) => {
    const error = op('Erf', `${name}.erf`, [op('Div', `${name}.scaled`, [x, number(`${name}.root`, Math.SQRT2)])]);
    const gated = op('Mul', `${name}.gated`, [x, op('Add', `${name}.shifted`, [error, one])]);
    return op('Mul', name, [gated, number(`${name}.half`, 0.5)]);
  };

  const ids = graph.input('input_ids', 'int64');
  const attended = graph.input('attention_mask', 'int64');
  const segments = graph.input('token_type_ids', 'int64');

  // Masked places get −10,000 before the Softmax: [batch, length] → [batch, 1, 1, length].
  const kept = op('Cast', 'kept', [op('Unsqueeze', 'mask.wide', [attended, graph.ints('mask.axes', [1, 2])])], {
    to: 1,
  });
  const mask = op('Mul', 'mask', [op('Sub', 'masked', [one, kept]), number('mask.size', -1e4)]);

  const words = random('words', [vocabulary, hidden], hidden ** -0.5);
  const length = op('Shape', 'length', [ids], { start: 1, end: 2 });
  const places = op('Slice', 'places', [
    random('positions', [positions, hidden], hidden ** -0.5),
    graph.ints('zero', [0]),
    length,
    graph.ints('first_axis', [0]),
  ]);
  const kinds = op('Gather', 'kinds', [random('segments', [2, hidden], hidden ** -0.5), segments]);
  const embedded = op('Add', 'embedded', [op('Add', 'word.kind', [op('Gather', 'word', [words, ids]), kinds]), places]);

  const split = graph.ints('split', [0, 0, heads, hidden / heads]);
  const join = graph.ints('join', [0, 0, hidden]);
  const scale = number('scale', Math.sqrt(hidden / heads));
  const turned = (name: string, x: string, perm: number[]) =>
    op('Transpose', name, [op('Reshape', `${name}.split`, [x, split])], { perm });

  let x = norm('embedding.norm', embedded);
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => `${layer}.${name}`;
    const query = turned(at('q'), linear(at('query'), x, hidden, hidden), [0, 2, 1, 3]);
    const key = turned(at('k'), linear(at('key'), x, hidden, hidden), [0, 2, 3, 1]);
    const value = turned(at('v'), linear(at('value'), x, hidden, hidden), [0, 2, 1, 3]);
    const scores = op('Div', at('scores'), [op('MatMul', at('products'), [query, key]), scale]);
    const weights = op('Softmax', at('weights'), [op('Add', at('open'), [scores, mask])], { axis: -1 });
    const context = op('Transpose', at('context'), [op('MatMul', at('sums'), [weights, value])], {
      perm: [0, 2, 1, 3],
    });
    const joined = op('Reshape', at('joined'), [context, join]);
    x = norm(at('norm1'), op('Add', at('residual1'), [linear(at('projection'), joined, hidden, hidden), x]));
    const inner = gelu(at('gelu'), linear(at('intermediate'), x, 4 * hidden, hidden));
    x = norm(at('norm2'), op('Add', at('residual2'), [linear(at('output'), inner, hidden, 4 * hidden), x]));
  }
  const transformed = norm('head.norm', gelu('head.gelu', linear('head.transform', x, hidden, hidden)));
  const product = op('MatMul', 'head.product', [
    transformed,
    op('Transpose', 'words.turned', [words], { perm: [1, 0] }),
  ]);
  return graph.bytes([op('Add', 'logits', [vector('head.bias', vocabulary, 0), product])]);
}
