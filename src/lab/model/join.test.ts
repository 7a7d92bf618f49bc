import { readFileSync } from 'node:fs';
import { clone } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { createOrtEngine } from '../engine/ort.ts';
import { OperatorSetIdProtoSchema, TensorProto_DataType, TensorProtoSchema } from '../onnx/gen/onnx_pb.ts';
import { makeNode, parseOnnx, type TensorProto, writeOnnx } from '../onnx/onnx.ts';
import { modelFeeds } from '../probe/batches.ts';
import { floatTensor, makeModel, noise } from '../test/graphs.ts';
import { tinyFiles, tinyLogits } from '../test/tiny.ts';
import { type Half, joinHalves } from './join.ts';
import type { Stack } from './site.ts';
import { findSites } from './sites.ts';

/** A half of the tiny T5 as it is read from its file, before it is joined. */
function half(stack: Stack): Half {
  const file = tinyFiles('tiny-t5', readFileSync).graphs.get(`${stack}_model.onnx`)!;
  const proto = parseOnnx(file);
  return { proto, sites: findSites(proto.graph, { family: 'encoder-decoder', stack, hasLogits: stack === 'decoder' }) };
}
const names = (list: readonly { name?: string | undefined }[]) => list.map(({ name }) => name);

describe('joinHalves', () => {
  it('makes one graph with the inputs of both, named apart, and the decoder’s output', () => {
    const { proto } = joinHalves(half('encoder'), half('decoder'));
    expect(names(proto.graph.input)).toEqual(['input_ids', 'attention_mask', 'decoder_input_ids']);
    expect(names(proto.graph.output)).toEqual(['decoder::logits']);
    const made = proto.graph.node.flatMap(({ output }) => output);
    expect(new Set(made).size).toBe(made.length);
    // Both files call their lengths alike; together they may differ.
    for (const { type } of proto.graph.input) {
      expect(type?.value.case).toBe('tensorType');
      expect(type?.value.value).not.toHaveProperty('shape');
    }
  });

  it('gives PyTorch’s logits, each half having read what is its own', async () => {
    const { proto } = joinHalves(half('encoder'), half('decoder'));
    const session = await createOrtEngine(ort, { threads: 1 }).open({
      skeleton: writeOnnx(proto) as Uint8Array<ArrayBuffer>,
      weights: new Map(),
    });
    const { text, logits } = tinyLogits('tiny-t5', readFileSync);
    const row = { ...text, picks: [] };
    const outputs = await session.run(modelFeeds([row], names(proto.graph.input) as string[]));
    await session.release();
    const made = outputs['decoder::logits'] as Float32Array;
    expect(made).toHaveLength(logits.flat().length);
    logits.flat().forEach((value, at) => {
      expect(Math.abs(made[at] - value)).toBeLessThan(2e-5);
    });
  });

  it('lists the encoder’s sites and then the decoder’s, each with the weights that it had', () => {
    const halves = [half('encoder'), half('decoder')];
    const { proto, sites } = joinHalves(halves[0], halves[1]);
    expect(names(sites)).toEqual(halves.flatMap((one) => names(one.sites)));
    const tensors = new Map(proto.graph.initializer.map((tensor) => [tensor.name, tensor]));
    const before = halves.flatMap((one) =>
      one.sites.map((site) => one.proto.graph.initializer.find(({ name }) => name === site.initializer)!),
    );
    sites.forEach((site, at) => {
      expect(tensors.get(site.initializer)!.rawData).toEqual(before[at].rawData);
      const [reader] = proto.graph.node.filter(({ output }) => output[0] === site.node);
      expect(reader.opType).toBe('MatMul');
    });
  });

  it('leaves the halves as they were', () => {
    const [encoder, decoder] = [half('encoder'), half('decoder')];
    joinHalves(encoder, decoder);
    expect([encoder, decoder]).toEqual([half('encoder'), half('decoder')]);
  });

  it('refuses halves of different operator sets', () => {
    const decoder = half('decoder');
    decoder.proto.opsetImport[0].version = 18n;
    expect(() => joinHalves(half('encoder'), decoder)).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: 'The encoder uses operator set 17, the decoder 18.' }),
    );
  });

  it('keeps the operator sets of either half', () => {
    const decoder = half('decoder');
    const extra = { domain: 'com.microsoft', version: 1n };
    decoder.proto.opsetImport.push(clone(OperatorSetIdProtoSchema, { ...decoder.proto.opsetImport[0], ...extra }));
    const { proto } = joinHalves(half('encoder'), decoder);
    expect(proto.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 17n],
      ['com.microsoft', 1n],
    ]);
  });

  it('refuses a decoder that does not read what the encoder made', () => {
    expect(() => joinHalves(half('encoder'), half('encoder'))).toThrow(
      expect.objectContaining({
        kind: 'bad-model',
        message: 'The decoder has no input encoder_hidden_states (it has input_ids, attention_mask).',
        advice: expect.stringContaining('decoder_model.onnx'),
      }),
    );
  });
});

describe('weights that both halves hold', () => {
  const [vocabulary, width] = [40, 32];
  const embedding = () => floatTensor('shared', [vocabulary, width], noise(vocabulary * width, 1));
  const square = (name: string, seed: number) => floatTensor(name, [width, width], noise(width * width, seed));

  /** Embedding and a matrix; the decoder adds what the encoder made and ends in the embedding, turned. */
  function halves(decoderTensors: TensorProto[]): { encoder: Half; decoder: Half } {
    const encoder = makeModel(
      [makeNode('Gather', '', ['shared', 'input_ids'], ['x']), makeNode('MatMul', '', ['x', 'm'], ['hidden'])],
      [embedding(), square('m', 2)],
      'hidden',
    );
    const decoder = makeModel(
      [
        makeNode('Gather', '', ['shared', 'input_ids'], ['x']),
        makeNode('Add', '', ['x', 'encoder_hidden_states'], ['sum']),
        makeNode('MatMul', '', ['sum', 'm'], ['y']),
        makeNode('Transpose', '', ['shared'], ['turned'], { perm: [1, 0] }),
        makeNode('MatMul', '', ['y', 'turned'], ['logits']),
      ],
      decoderTensors,
      'logits',
    );
    decoder.graph.input.push({ ...decoder.graph.input[0], name: 'encoder_hidden_states' });
    const sitesOf = (proto: Half['proto'], stack: Stack) =>
      findSites(proto.graph, { family: 'encoder-decoder', stack, hasLogits: stack === 'decoder' });
    return {
      encoder: { proto: encoder, sites: sitesOf(encoder, 'encoder') },
      decoder: { proto: decoder, sites: sitesOf(decoder, 'decoder') },
    };
  }
  const join = (decoderTensors: TensorProto[]) => {
    const { encoder, decoder } = halves(decoderTensors);
    return joinHalves(encoder, decoder);
  };

  it('are kept once, and whoever read the second copy reads the first', () => {
    const { proto, sites } = join([embedding(), square('m', 3)]);
    expect(names(proto.graph.initializer)).toEqual(['encoder::shared', 'encoder::m', 'decoder::m']);
    const gathers = proto.graph.node.filter(({ opType }) => opType === 'Gather');
    expect(gathers.map(({ input }) => input)).toEqual([
      ['encoder::shared', 'input_ids'],
      ['encoder::shared', 'decoder_input_ids'],
    ]);
    // The last layer shares its weights with the embeddings of both halves.
    expect(sites.at(-1)).toMatchObject({ initializer: 'encoder::shared', tied: true, shape: [vocabulary, width] });
  });

  it('make a last layer tied that was not in its own file: it reads the encoder’s word embedding', () => {
    const own = floatTensor('own', [vocabulary, width], noise(vocabulary * width, 5));
    const { encoder, decoder } = halves([embedding(), own, square('m', 3)]);
    decoder.proto.graph.node[0].input[0] = 'own';
    decoder.sites = findSites(decoder.proto.graph, { family: 'encoder-decoder', stack: 'decoder', hasLogits: true });
    expect(decoder.sites.at(-1)).toMatchObject({ initializer: 'shared', tied: false });
    expect(joinHalves(encoder, decoder).sites.at(-1)).toMatchObject({ initializer: 'encoder::shared', tied: true });
  });

  it('are two where one value, the shape or the type differs', () => {
    const other = embedding();
    other.rawData = other.rawData.with(77, other.rawData[77] ^ 1);
    const turned = floatTensor('shared', [width, vocabulary], noise(vocabulary * width, 1));
    const integers = { ...embedding(), dataType: TensorProto_DataType.INT32 };
    for (const tensor of [other, turned, clone(TensorProtoSchema, integers)]) {
      const { encoder, decoder } = halves([embedding(), square('m', 3)]);
      decoder.proto.graph.initializer[0] = tensor;
      const { proto } = joinHalves(encoder, decoder);
      expect(names(proto.graph.initializer)).toContain('decoder::shared');
    }
  });

  it('are two where they are small: a few equal numbers mean nothing', () => {
    const small = () => floatTensor('norm', [width], new Float32Array(width).fill(1));
    const { encoder, decoder } = halves([embedding(), square('m', 3), small()]);
    encoder.proto.graph.initializer.push(small());
    const { proto } = joinHalves(encoder, decoder);
    expect(names(proto.graph.initializer)).toContain('encoder::norm');
    expect(names(proto.graph.initializer)).toContain('decoder::norm');
  });
});
