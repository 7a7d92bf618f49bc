import { create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as Type,
  ValueInfoProtoSchema,
} from '../onnx/gen/onnx_pb.ts';
import { type GraphProto, type ModelProto, makeNode, type NodeProto, type TensorProto } from '../onnx/onnx.ts';
import { floatTensor, int64Tensor } from '../onnx/tensors.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';

export { floatTensor } from '../onnx/tensors.ts';

/** Values between -1 and 1 that look random and are the same in every run. */
export function noise(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => (Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453) % 1);
}

/** A model of `input_ids` [batch, length] for tests, operator set 17. */
export function makeModel(
  node: NodeProto[],
  initializer: TensorProto[],
  output: string,
): ModelProto & { graph: GraphProto } {
  const value = (name: string, elemType: number) =>
    create(ValueInfoProtoSchema, {
      name,
      type: { value: { case: 'tensorType', value: { elemType } } },
    });
  const graph = create(GraphProtoSchema, {
    name: 'tiny',
    node,
    initializer,
    input: [value('input_ids', Type.INT64)],
    output: [value(output, Type.FLOAT)],
  });
  return create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
    graph,
  }) as ModelProto & { graph: GraphProto };
}

export const tiny = { vocabulary: 12, width: 4, inner: 6 };

/**
 * A masked language model of one block in float32, small enough to follow by hand: embedding, attention of one head,
 * feed-forward with Relu, transform with Tanh, decoder.
 *
 * @param gemm writes the block's layers as Gemm with transB, their weights [outputs, inputs]
 */
export function tinyEncoder({ gemm = false } = {}): ModelProto & { graph: GraphProto } {
  const { vocabulary, width, inner } = tiny;
  const nodes: NodeProto[] = [];
  const tensors: TensorProto[] = [];
  const op = (type: string, name: string, input: string[], attributes: Parameters<typeof makeNode>[4] = {}) => {
    nodes.push(makeNode(type, name, input, [name], attributes));
    return name;
  };
  const constant = (name: string, dims: number[]) => {
    tensors.push(
      floatTensor(
        name,
        dims,
        noise(
          dims.reduce((a, b) => a * b),
          tensors.length,
        ),
      ),
    );
    return name;
  };
  const shape = (name: string, values: number[]) => {
    tensors.push(int64Tensor(name, [values.length], values));
    return name;
  };
  const linear = (name: string, input: string, outputs: number, inputs: number) => {
    if (!gemm) return op('MatMul', name, [input, constant(`${name}.w`, [inputs, outputs])]);
    // Gemm takes matrices only: the batch is folded away before it, and back after it.
    const flat = op('Reshape', `${name}.flat`, [input, shape(`${name}.rows`, [-1, inputs])]);
    const made = op('Gemm', `${name}.gemm`, [flat, constant(`${name}.w`, [outputs, inputs])], { transB: 1 });
    op('Shape', `${name}.shape`, [input], { end: 2 });
    op('Concat', `${name}.full`, [`${name}.shape`, shape(`${name}.last`, [outputs])], { axis: 0 });
    return op('Reshape', name, [made, `${name}.full`]);
  };

  const x = op('Gather', 'x', [constant('embedding', [vocabulary, width]), 'input_ids']);
  const q = linear('q', x, width, width);
  const k = op('Transpose', 'kT', [linear('k', x, width, width)], { perm: [0, 2, 1] });
  const weights = op('Softmax', 'softmax', [op('MatMul', 'scores', [q, k])], { axis: -1 });
  const context = op('MatMul', 'context', [weights, linear('v', x, width, width)]);
  const attended = op('Add', 'attended', [linear('o', context, width, width), x]);
  const active = op('Relu', 'relu', [linear('i', attended, inner, width)]);
  const block = op('Add', 'block', [linear('f', active, width, inner), attended]);
  nodes.push(makeNode('MatMul', 't', [block, constant('t.w', [width, width])], ['t']));
  const head = op('Tanh', 'tanh', ['t']);
  nodes.push(makeNode('MatMul', 'd', [head, constant('d.w', [width, vocabulary])], ['logits']));
  return makeModel(nodes, tensors, 'logits');
}

/** Numbers of the special tokens of {@link wordTokenizer}. */
export const special = { unknown: 1, start: 2, end: 3, mask: 4, sentinel: 5 };

/**
 * A tokenizer of a few words for tests. Texts are split at spaces; a word with hyphens is a token for each of its parts.
 *
 * @param words number 6 and on; any other word is unknown
 * @param frame numbers of the special tokens around a text
 */
export function wordTokenizer(words: readonly string[], frame: Partial<Tokenizer['frame']> = {}): Tokenizer {
  const list = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '<extra_id_0>', ...words];
  const { before = [], after = [] } = frame;
  const number = (word: string) => {
    const found = list.findIndex((entry) => entry.toLowerCase() === word.toLowerCase());
    return found < 0 ? special.unknown : found;
  };
  const encode = (text: string, withSpecial = true) => {
    const ids = text
      .split(/[\s-]+/)
      .filter((word) => word !== '')
      .map(number);
    return withSpecial ? [...before, ...ids, ...after] : ids;
  };
  return {
    size: list.length,
    mask: { text: '[MASK]', id: special.mask },
    sentinel: { text: '<extra_id_0>', id: special.sentinel },
    end: special.end,
    special: new Set([0, ...Object.values(special)]),
    frame: { before, after },
    encode,
    answer: (word) => {
      const ids = encode(word, false);
      return ids.includes(special.unknown) ? [] : ids;
    },
    word: (id) => list[id],
  };
}
