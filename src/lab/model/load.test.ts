import { readFileSync } from 'node:fs';
import { clone, create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { tinyEncoder } from './fixture.ts';
import { ModelProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from './gen/onnx_pb.ts';
import { loadModel, type ModelFiles } from './load.ts';
import { type GraphProto, type ModelProto, parseOnnx, writeOnnx } from './onnx.ts';

const folder = 'public/models/bert-small';
const files: ModelFiles = {
  model: new Uint8Array(readFileSync(`${folder}/model.onnx`)),
  config: readFileSync(`${folder}/config.json`, 'utf8'),
  tokenizer: readFileSync(`${folder}/tokenizer.json`, 'utf8'),
  tokenizerConfig: readFileSync(`${folder}/tokenizer_config.json`, 'utf8'),
};

/** The error that a function throws, checked to be one for people. */
function fault(work: () => unknown): LabError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).advice).toMatch(/\w.*\.$/);
    return error as LabError;
  }
  throw new Error('nothing was thrown');
}

const refusal = (changed: Partial<ModelFiles>) => fault(() => loadModel({ ...files, ...changed }));
const ascii = (text: string) => new TextEncoder().encode(text);

describe('loadModel on the shipped model', () => {
  it('knows what it is', () => {
    const model = loadModel(files);
    expect(model).toMatchObject({ family: 'encoder', type: 'bert', vocabulary: 16384, maxLength: 128 });
    const card = JSON.parse(readFileSync(`${folder}/card.json`, 'utf8'));
    expect(model.sha256).toBe(card.files.find(({ name }: { name: string }) => name === 'model.onnx').sha256);
    expect(model.parameters).toBe(card.parameters);
    expect(model.tokenizer.mask).toEqual({ text: '[MASK]', id: model.tokenizer.encode('[MASK]')[1] });
    // Every byte of the weights belongs to a site or to the rest; the file holds little beside them.
    const sites = new Set(model.sites.map((site) => site.initializer));
    expect(sites.size).toBe(38);
    const weights = model.weights.reduce((sum, { values }) => sum + 2 * values.length, model.otherBytes);
    expect(files.model.length - weights).toBeGreaterThan(0);
    expect(files.model.length - weights).toBeLessThan(200_000);
  });

  it('turns the weights so that rows are outputs', () => {
    const { proto, weights } = loadModel(files);
    const { site, values } = weights.find((entry) => entry.site.kind === 'intermediate')!;
    const [rows, columns] = site.shape;
    expect(values).toHaveLength(rows * columns);
    const stored = proto.graph.initializer.find(({ name }) => name === site.initializer)!;
    const half = (index: number) => stored.rawData[2 * index] + 256 * stored.rawData[2 * index + 1];
    const decode = (bits: number) => {
      const exponent = (bits >> 10) & 31;
      const magnitude = exponent === 0 ? (bits & 1023) * 2 ** -24 : (1024 + (bits & 1023)) * 2 ** (exponent - 25);
      return bits & 0x8000 ? -magnitude : magnitude;
    };
    for (const [row, column] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1023, 254],
      [517, 33],
    ])
      expect(values[row * columns + column]).toBe(decode(half(column * rows + row)));
  });
});

describe('loadModel on a file that is no ONNX', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52)],
    ['an HTML page', ascii('<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body></body></html>')],
    ['a Git LFS pointer', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 18249105\n')],
    ['JSON', ascii('{"error": "Repository not found"}')],
    ['zeros', new Uint8Array(4096)],
  ])('refuses %s', (_, model) => {
    const error = refusal({ model });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toMatch(new RegExp(`ONNX.*${model.length} bytes`));
  });

  it.each([1, 100, 0.1, 0.5, 0.99, -100, -1])('refuses the shipped model cut at %d', (at) => {
    const end = at > 0 && at < 1 ? Math.round(at * files.model.length) : at;
    const error = refusal({ model: files.model.subarray(0, end) });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain('ONNX');
    expect(error.advice).toContain('downloaded completely');
  });

  it('refuses a small model cut at any byte', () => {
    const bytes = writeOnnx(tinyEncoder());
    expect(parseOnnx(bytes).graph.node.length).toBeGreaterThan(0);
    for (let end = 0; end < bytes.length; end++)
      expect(fault(() => parseOnnx(bytes.subarray(0, end))).kind, `cut at ${end}`).toBe('bad-model');
  });
});

describe('loadModel on another graph', () => {
  let proto: ModelProto & { graph: GraphProto };
  beforeAll(() => {
    proto = parseOnnx(files.model);
  });
  const changed = (change: (graph: GraphProto) => void) => {
    const copy = clone(ModelProtoSchema, proto) as typeof proto;
    change(copy.graph);
    return refusal({ model: writeOnnx(copy) });
  };

  it('says where weights lie in a second file', () => {
    const error = changed((graph) => {
      graph.initializer[7].rawData = new Uint8Array();
      graph.initializer[7].dataLocation = TensorProto_DataLocation.EXTERNAL;
    });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain(`"${proto.graph.initializer[7].name}"`);
    expect(error.message).toContain('external data');
  });

  it('says which weights are shorter than their shape', () => {
    const error = changed((graph) => {
      graph.initializer[9].rawData = graph.initializer[9].rawData.subarray(0, -2);
    });
    expect(error.kind).toBe('bad-model');
    const { name, rawData } = proto.graph.initializer[9];
    expect(error.message).toContain(`"${name}" have ${rawData.length - 2} bytes`);
    expect(error.message).toContain(`needs ${rawData.length}`);
  });

  it('misses the head of a model that ends at its last hidden states', () => {
    const last = proto.graph.node.filter(({ opType }) => opType === 'LayerNormalization').at(-2)!;
    const error = changed((graph) => {
      graph.output[0].name = last.output[0];
    });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain('logits');
    expect(error.advice).toContain('head');
  });

  it('takes weights in the fields of their type, as onnx.helper.make_tensor writes them', () => {
    const model = tinyEncoder();
    const [tensor] = model.graph.initializer;
    const values = [...new Float32Array(new Uint8Array(tensor.rawData).buffer)];
    const { name, dims, dataType } = tensor;
    model.graph.initializer[0] = create(TensorProtoSchema, { name, dims, dataType, floatData: values });
    expect(parseOnnx(writeOnnx(model)).graph.initializer[0].floatData).toEqual(values);
    model.graph.initializer[0].floatData.pop();
    expect(fault(() => parseOnnx(writeOnnx(model))).message).toContain(
      `"${name}" have 188 bytes where their shape needs 192`,
    );
  });
});

describe('loadModel on another config.json', () => {
  const config = JSON.parse(files.config);
  it.each([
    ['is no JSON', '{"model_type": "bert",', 'config.json is no JSON'],
    ['has no model type', JSON.stringify({ ...config, model_type: undefined }), 'config.json: model_type'],
    ['has no vocabulary', JSON.stringify({ ...config, vocab_size: -3 }), 'config.json: vocab_size'],
    ['is a list', '[]', 'config.json: the file'],
    ['is a decoder’s', JSON.stringify({ ...config, model_type: 'gpt2' }), 'of type gpt2'],
    [
      'is an encoder-decoder’s',
      JSON.stringify({ ...config, model_type: 'bert', is_encoder_decoder: true }),
      'of type bert',
    ],
  ])('says that it %s', (_, text, message) => {
    const error = refusal({ config: text });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain(message);
  });

  it('says that another vocabulary belongs to another model', () => {
    const error = refusal({ config: JSON.stringify({ ...config, vocab_size: 30522 }) });
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain('30522');
    expect(error.message).toContain('16384');
  });
});

describe('loadModel on another tokenizer', () => {
  const tokenizer = JSON.parse(files.tokenizer);
  const withWords = (vocab: Record<string, number>) =>
    JSON.stringify({ ...tokenizer, model: { ...tokenizer.model, vocab } });
  const words = Object.entries(tokenizer.model.vocab as Record<string, number>);

  it('says that half a vocabulary is another model’s', () => {
    const error = refusal({ tokenizer: withWords(Object.fromEntries(words.filter(([, id]) => id < 8192))) });
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain('8192 words');
    expect(error.message).toContain('16384');
  });

  it('says that the model does not know so many words', () => {
    const error = refusal({ tokenizer: withWords({ ...tokenizer.model.vocab, onemoreword: 16384 }) });
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain('16385 words');
  });

  it('takes a vocabulary that the model has padded a little', () => {
    const short = withWords(Object.fromEntries(words.filter(([, id]) => id < 16000)));
    expect(loadModel({ ...files, tokenizer: short }).tokenizer.size).toBe(16000);
  });

  it.each([
    ['tokenizer.json is no JSON', { tokenizer: files.tokenizer.slice(0, 1000) }, 'tokenizer.json is no JSON'],
    ['tokenizer_config.json is no JSON', { tokenizerConfig: '<!DOCTYPE html>' }, 'tokenizer_config.json is no JSON'],
    ['tokenizer.json has no model', { tokenizer: '{"version": "1.0"}' }, 'tokenizer.json: model'],
    [
      'tokenizer.json describes none that is known',
      { tokenizer: JSON.stringify({ ...tokenizer, model: { type: 'Telepathy' } }) },
      'tokenizer.json describes no tokenizer',
    ],
    ['there is no mask token', { tokenizerConfig: '{"pad_token": "[PAD]"}' }, 'mask_token'],
    [
      'the mask token is no word',
      { tokenizerConfig: JSON.stringify({ ...JSON.parse(files.tokenizerConfig), mask_token: '<gap>' }) },
      'The mask token <gap>',
    ],
  ])('says that %s', (_, change, message) => {
    const error = refusal(change);
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain(message);
  });
});
