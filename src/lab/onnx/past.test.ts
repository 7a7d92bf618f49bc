import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { createOrtEngine } from '../engine/ort.ts';
import { modelFeeds } from '../probe/batches.ts';
import { makeModel } from '../test/graphs.ts';
import { tinyFiles, tinyLogits } from '../test/tiny.ts';
import {
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TensorProto_DataType as Type,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './gen/onnx_pb.ts';
import { type GraphProto, makeNode, type NodeProto, parseOnnx, writeOnnx } from './onnx.ts';
import { dropPast } from './past.ts';

const names = (list: readonly { name?: string | undefined }[]) => list.map(({ name }) => name);
const read = () => parseOnnx(tinyFiles('tiny-gpt2-past', readFileSync).graphs.get('model.onnx')!);

describe('dropPast on a GPT-2 that was exported with a past', () => {
  it('takes past and present away and nothing else', () => {
    const before = read();
    expect(names(before.graph.input)).toContain('past_key_values.1.value');
    const { graph } = read();
    dropPast(graph);
    expect(names(graph.input)).toEqual(['input_ids', 'attention_mask', 'position_ids']);
    expect(names(graph.output)).toEqual(['logits']);
    expect(graph.node.flatMap(({ input }) => input).filter((name) => name.startsWith('past'))).toEqual([]);
    const gone = before.graph.node.length - graph.node.length;
    expect(gone).toBe(graph.initializer.length - before.graph.initializer.length);
  });

  it('leaves PyTorch’s logits', async () => {
    const proto = read();
    dropPast(proto.graph);
    const session = await createOrtEngine(ort, { threads: 1 }).open({
      skeleton: writeOnnx(proto) as Uint8Array<ArrayBuffer>,
      weights: new Map(),
    });
    const { text, logits } = tinyLogits('tiny-gpt2-past', readFileSync);
    const outputs = await session.run(modelFeeds([{ ...text, picks: [] }], names(proto.graph.input) as string[]));
    await session.release();
    const made = outputs.logits as Float32Array;
    logits.flat().forEach((value, at) => {
      expect(Math.abs(made[at] - value)).toBeLessThan(2e-5);
    });
  });

  it('does nothing to a graph without a past', () => {
    const plain = () => parseOnnx(tinyFiles('tiny-gpt2', readFileSync).graphs.get('model.onnx')!).graph;
    const graph = plain();
    dropPast(graph);
    expect(graph).toEqual(plain());
  });
});

describe('dropPast on what a graph does with its past', () => {
  /** A graph with a past of the shape [batch, 2, length, 8]. */
  function withPast(node: NodeProto[]): GraphProto {
    const { graph } = makeModel(node, [], 'y');
    const dim = ['batch', 2, 'length', 8].map((size) =>
      create(TensorShapeProto_DimensionSchema, {
        value: typeof size === 'string' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) },
      }),
    );
    const shape = create(TensorShapeProtoSchema, { dim });
    const type = create(TypeProtoSchema, {
      value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: Type.FLOAT, shape }) },
    });
    graph.input.push(create(ValueInfoProtoSchema, { name: 'past_key_values.0.key', type }));
    return graph;
  }
  const shapeOf = (attributes: Record<string, number> = {}) => {
    const graph = withPast([makeNode('Shape', '', ['past_key_values.0.key'], ['y'], attributes)]);
    dropPast(graph);
    expect(graph.node).toEqual([]);
    const [{ name, rawData }] = graph.initializer;
    expect(name).toBe('y');
    return [...new BigInt64Array(new Uint8Array(rawData).buffer)].map(Number);
  };

  it('leaves alone what the past was joined to', () => {
    const graph = withPast([makeNode('Concat', '', ['past_key_values.0.key', 'now'], ['y'], { axis: 2 })]);
    dropPast(graph);
    expect(graph.node[0].input).toEqual(['now']);
  });

  it('says that it is of length 0 where its shape is asked', () => {
    expect(shapeOf()).toEqual([0, 2, 0, 8]);
  });

  it('says so where only a part of its shape is asked', () => {
    expect(shapeOf({ start: 2, end: 3 })).toEqual([0]);
    expect(shapeOf({ start: -1 })).toEqual([8]);
    expect(shapeOf({ end: 2 })).toEqual([0, 2]);
  });

  it('refuses any other use, and says what to do', () => {
    const graph = withPast([makeNode('Transpose', '', ['past_key_values.0.key'], ['y'])]);
    expect(() => dropPast(graph)).toThrow(
      expect.objectContaining({
        kind: 'bad-model',
        message: 'The model reads past_key_values.0.key with Transpose, which the lab cannot take out.',
        advice: expect.stringContaining('without a past'),
      }),
    );
  });
});
