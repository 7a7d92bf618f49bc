import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { clone, create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { ModelProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from '../onnx/gen/onnx_pb.ts';
import { type GraphProto, makeNode, parseOnnx, writeOnnx } from '../onnx/onnx.ts';
import { readFloats } from '../onnx/tensors.ts';
import { tinyEncoder } from '../test/graphs.ts';
import { type TinyId, tinyFiles, tinyIds, tinyModel } from '../test/tiny.ts';
import { graphFiles, loadModel, type ModelFiles } from './load.ts';

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

const files = (id: TinyId) => tinyFiles(id, readFileSync);
const refusal = (changed: Partial<ModelFiles>, id: TinyId = 'tiny-bert') =>
  fault(() => loadModel({ ...files(id), ...changed }));
const only = (bytes: Uint8Array) => new Map([['model.onnx', bytes]]);
const ascii = (text: string) => new TextEncoder().encode(text);
const model = files('tiny-bert').graphs.get('model.onnx')!;
const sha256 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

describe('loadModel on each tiny model', () => {
  it.each([
    ['tiny-bert', { family: 'encoder', type: 'bert', vocabulary: 64, maxLength: 128 }],
    ['tiny-gpt2', { family: 'decoder', type: 'gpt2', vocabulary: 64, maxLength: 128 }],
    ['tiny-gpt2-past', { family: 'decoder', type: 'gpt2', vocabulary: 64, maxLength: 128 }],
    ['tiny-llama', { family: 'decoder', type: 'llama', vocabulary: 64, maxLength: 64 }],
    // T5 has no limit of its own.
    ['tiny-t5', { family: 'encoder-decoder', type: 't5', vocabulary: 64, maxLength: 512, decoderStart: 0 }],
  ] as const)('knows what %s is', (id, wanted) => expect(tinyModel(id, readFileSync)).toMatchObject(wanted));

  it.each(tinyIds)('counts each byte of the weights of %s once, as a site’s or as another’s', (id) => {
    const { weights, otherBytes, parameters, sites } = tinyModel(id, readFileSync);
    const width = id === 'tiny-gpt2-past' ? 4 : 2;
    const bytes = weights.reduce((sum, { values }) => sum + width * values.length, otherBytes);
    const size = [...files(id).graphs.values()].reduce((sum, graph) => sum + graph.length, 0);
    expect(size - bytes).toBeGreaterThan(0);
    expect(parameters).toBeGreaterThan(weights.reduce((sum, { values }) => sum + values.length, 0));
    // Norms and embeddings are no sites; they are less than all that is left.
    expect(otherBytes).toBeGreaterThan(0);
    expect(weights.map(({ site }) => site)).toEqual(sites);
  });

  it('is known by its files’ contents, whatever they are called', () => {
    const bert = loadModel(files('tiny-bert'));
    expect(bert.sha256).toBe(sha256(model));
    const { graphs, tokenizer, tokenizerConfig } = files('tiny-t5');
    const t5 = loadModel(files('tiny-t5'));
    expect(t5.sha256).toBe(sha256(graphs.get('encoder_model.onnx')!, graphs.get('decoder_model.onnx')!));
    expect(t5.tokenizerSha256).toBe(sha256(`${tokenizer}\n${tokenizerConfig}`));
    const gpt = files('tiny-gpt2');
    const other = { ...gpt, graphs: new Map([['decoder_model.onnx', gpt.graphs.get('model.onnx')!]]) };
    expect(loadModel(other).sha256).toBe(loadModel(gpt).sha256);
  });

  it('turns the weights so that rows are outputs', () => {
    const { proto, weights } = tinyModel('tiny-bert', readFileSync);
    const { site, values } = weights.find((entry) => entry.site.kind === 'intermediate')!;
    const [rows, columns] = site.shape;
    expect([rows, columns, site.transposed]).toEqual([64, 16, true]);
    const stored = readFloats(proto.graph.initializer.find(({ name }) => name === site.initializer)!);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        expect(values[row * columns + column]).toBe(stored[column * rows + row]);
  });

  it.each([
    [{ decoder_start_token_id: 7 }, 7],
    [{ decoder_start_token_id: null, pad_token_id: 9 }, 9],
    [{ decoder_start_token_id: null, pad_token_id: null }, 0],
  ])('begins the decoder’s text as config.json says: %j', (change, wanted) => {
    const given = files('tiny-t5');
    const config = JSON.stringify({ ...JSON.parse(given.config), ...change });
    expect(loadModel({ ...given, config }).decoderStart).toBe(wanted);
  });
});

// Whichever models lie there: what their cards say of them must hold.
describe.each(readdirSync('public/models'))('loadModel on the shipped %s', (id) => {
  const folder = `public/models/${id}`;
  const text = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
  const card = JSON.parse(text('card.json'));
  const config = JSON.parse(text('config.json'));
  const graphs = new Map(
    graphFiles(text('config.json')).map(([name]) => [name, new Uint8Array(readFileSync(`${folder}/${name}`))]),
  );
  const loaded = loadModel({
    graphs,
    config: text('config.json'),
    tokenizer: text('tokenizer.json'),
    tokenizerConfig: text('tokenizer_config.json'),
  });

  it('agrees with its card and its config.json', () => {
    expect(loaded).toMatchObject({
      family: card.family,
      type: config.model_type,
      parameters: card.parameters,
      vocabulary: config.vocab_size,
      sha256: sha256(...graphs.values()),
    });
    const listed = card.files.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes]);
    for (const [name, bytes] of graphs) expect(listed).toContainEqual([name, bytes.length]);
  });

  it('keeps a tied matrix once', () => {
    const tied = loaded.sites.filter(({ tied }) => tied);
    expect(tied.map(({ name }) => name)).toEqual(['head.decoder']);
    const shared = loaded.proto.graph.initializer.filter(
      ({ dims }) => dims.join() === [config.vocab_size, loaded.sites.at(-1)!.shape[1]].join(),
    );
    expect(shared.map(({ name }) => name)).toEqual([tied[0].initializer]);
  });
});

describe('graphFiles', () => {
  const names = (type: string) => graphFiles(JSON.stringify({ model_type: type, vocab_size: 64 }));
  it('names the files of a model by its type, the usual name of each first', () => {
    expect(names('bert')).toEqual([['model.onnx']]);
    expect(names('gpt2')).toEqual([['model.onnx', 'decoder_model.onnx']]);
    expect(names('t5')).toEqual([['encoder_model.onnx'], ['decoder_model.onnx']]);
  });

  it('refuses types that the lab does not know, and says which it does', () => {
    const error = fault(() => names('whisper'));
    expect(error.kind).toBe('bad-model');
    expect(error.message).toMatch(/of type whisper; these types can be used: .*bert.*gpt2|t5/);
  });
});

describe('loadModel on a model whose files are not all there', () => {
  it.each([
    ['tiny-t5', 'encoder_model.onnx', 'a model of type t5 has encoder_model.onnx and decoder_model.onnx'],
    ['tiny-t5', 'decoder_model.onnx', 'a model of type t5 has encoder_model.onnx and decoder_model.onnx'],
    ['tiny-bert', 'model.onnx', 'a model of type bert has model.onnx'],
  ] as const)('says of %s that %s is missing', (id, name, has) => {
    const graphs = new Map(files(id).graphs);
    graphs.delete(name);
    const error = refusal({ graphs }, id);
    expect(error.kind).toBe('bad-model');
    expect(error.message).toBe(`${name} is missing: ${has}.`);
  });

  it('refuses a decoder in the place of an encoder', () => {
    const { graphs } = files('tiny-t5');
    const decoder = graphs.get('decoder_model.onnx')!;
    const swapped = new Map([...graphs].map(([name, bytes]) => [name, name.startsWith('encoder') ? decoder : bytes]));
    const error = refusal({ graphs: swapped }, 'tiny-t5');
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain('it is a decoder');
  });

  it('refuses an encoder in the place of a decoder', () => {
    const { graphs } = files('tiny-t5');
    const encoder = graphs.get('encoder_model.onnx')!;
    const swapped = new Map([...graphs.keys()].map((name) => [name, encoder]));
    expect(refusal({ graphs: swapped }, 'tiny-t5').message).toContain('no input encoder_hidden_states');
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
  ])('refuses %s', (_, bytes) => {
    const error = refusal({ graphs: only(bytes) });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toMatch(new RegExp(`ONNX.*${bytes.length} bytes`));
  });

  it.each([1, 100, 0.1, 0.5, 0.99, -100, -1])('refuses a model cut at %d', (at) => {
    const end = at > 0 && at < 1 ? Math.round(at * model.length) : at;
    const error = refusal({ graphs: only(model.subarray(0, end)) });
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
  const proto = parseOnnx(model);
  const changed = (change: (graph: GraphProto) => void) => {
    const copy = clone(ModelProtoSchema, proto) as typeof proto;
    change(copy.graph);
    return refusal({ graphs: only(writeOnnx(copy)) });
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

  it('refuses a merged export, which decides for itself whether to use a past', () => {
    const error = changed((graph) => {
      graph.node.push(makeNode('If', 'optimum::if', ['input_ids'], ['merged']));
    });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain('model.onnx is a merged export');
    expect(error.advice).toContain('without a past');
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
    const small = tinyEncoder();
    const [tensor] = small.graph.initializer;
    const values = [...new Float32Array(new Uint8Array(tensor.rawData).buffer)];
    const { name, dims, dataType } = tensor;
    small.graph.initializer[0] = create(TensorProtoSchema, { name, dims, dataType, floatData: values });
    expect(parseOnnx(writeOnnx(small)).graph.initializer[0].floatData).toEqual(values);
    small.graph.initializer[0].floatData.pop();
    expect(fault(() => parseOnnx(writeOnnx(small))).message).toContain(
      `"${name}" have 188 bytes where their shape needs 192`,
    );
  });
});

describe('loadModel on another config.json', () => {
  const { config: own } = files('tiny-bert');
  const config = JSON.parse(own);
  it.each([
    ['is no JSON', '{"model_type": "bert",', 'config.json is no JSON'],
    ['has no model type', JSON.stringify({ ...config, model_type: undefined }), 'config.json: model_type'],
    ['has no vocabulary', JSON.stringify({ ...config, vocab_size: -3 }), 'config.json: vocab_size'],
    ['is a list', '[]', 'config.json: the file'],
    ['is of a type that the lab does not know', JSON.stringify({ ...config, model_type: 'whisper' }), 'type whisper'],
  ])('says that it %s', (_, text, message) => {
    const error = refusal({ config: text });
    expect(error.kind).toBe('bad-model');
    expect(error.message).toContain(message);
  });

  it('misses the encoder of a BERT that is said to be a T5', () => {
    const error = refusal({ config: JSON.stringify({ ...config, model_type: 't5' }) });
    expect(error.message).toContain('encoder_model.onnx is missing');
  });

  it('says that another vocabulary belongs to another model', () => {
    const error = refusal({ config: JSON.stringify({ ...config, vocab_size: 30522 }) });
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain('30522');
    expect(error.message).toContain('the model knows 64');
  });
});

describe('loadModel on another tokenizer', () => {
  const own = files('tiny-bert');
  const tokenizer = JSON.parse(own.tokenizer);
  const withWords = (vocab: Record<string, number>) =>
    JSON.stringify({ ...tokenizer, model: { ...tokenizer.model, vocab } });

  it('says that the model does not know so many words', () => {
    const error = refusal({ tokenizer: withWords({ ...tokenizer.model.vocab, onemoreword: 64 }) });
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain('65 words');
    expect(error.message).toContain('the model knows 64');
  });

  it('takes a vocabulary that the model has padded a little, and refuses one that is far smaller', () => {
    // A head of more words over the same hidden states, as models have that are padded to a round number.
    const proto = parseOnnx(model);
    const decoder = loadModel(own).sites.at(-1)!;
    const stored = proto.graph.initializer.find(({ name }) => name === decoder.initializer)!;
    const widen = (size: number) => {
      stored.dims = [16n, BigInt(size)];
      stored.rawData = new Uint8Array(16 * size * 2);
      return only(writeOnnx(proto));
    };
    expect(loadModel({ ...own, graphs: widen(64 + 512) }).vocabulary).toBe(576);
    const error = refusal({ graphs: widen(64 + 513) });
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain('The tokenizer has 64 words and config.json names 64, but the model knows 577');
  });

  it('says what a family is asked with and the tokenizer has not', () => {
    const bare = JSON.stringify({ unk_token: '[UNK]' });
    expect(refusal({ tokenizerConfig: bare })).toMatchObject({
      kind: 'bad-tokenizer',
      message: 'The tokenizer has not a mask token, which a model of type bert is asked with.',
    });
    const t5 = files('tiny-t5');
    const renamed = t5.tokenizer.replaceAll('<extra_id_0>', '<sentinel>');
    expect(refusal({ tokenizer: renamed }, 'tiny-t5')).toMatchObject({
      kind: 'bad-tokenizer',
      message: 'The tokenizer has not the gap token <extra_id_0>, which a model of type t5 is asked with.',
    });
    expect([...loadModel(t5).tokenizer.special].sort((a, b) => a - b)).toEqual([0, 1, 2, 63]);
    expect([...loadModel(files('tiny-bert')).tokenizer.special]).toEqual([0, 1, 2, 3, 4]);
    expect(loadModel({ ...files('tiny-gpt2'), tokenizerConfig: '{}' }).tokenizer).toMatchObject({
      mask: null,
      sentinel: null,
      end: null,
    });
  });

  it.each([
    ['tokenizer.json is no JSON', { tokenizer: own.tokenizer.slice(0, 1000) }, 'tokenizer.json is no JSON'],
    ['tokenizer_config.json is no JSON', { tokenizerConfig: '<!DOCTYPE html>' }, 'tokenizer_config.json is no JSON'],
    ['tokenizer.json has no model', { tokenizer: '{"version": "1.0"}' }, 'tokenizer.json: model'],
    [
      'tokenizer.json describes none that is known',
      { tokenizer: JSON.stringify({ ...tokenizer, model: { type: 'Telepathy' } }) },
      'tokenizer.json describes no tokenizer',
    ],
    [
      'the mask token is no word',
      { tokenizerConfig: JSON.stringify({ ...JSON.parse(own.tokenizerConfig), mask_token: '<gap>' }) },
      'The mask token <gap>',
    ],
  ])('says that %s', (_, change, message) => {
    const error = refusal(change);
    expect(error.kind).toBe('bad-tokenizer');
    expect(error.message).toContain(message);
  });
});

describe('the tokenizer of a model', () => {
  it.each([
    ['tiny-bert', [2], [3]],
    ['tiny-gpt2', [], []],
    ['tiny-llama', [1], []],
    ['tiny-t5', [], [1]],
  ] as const)('knows what %s puts around a text', (id, before, after) => {
    const { tokenizer } = tinyModel(id, readFileSync);
    expect(tokenizer.frame).toEqual({ before, after });
    expect(tokenizer.encode('w7 w9s')).toEqual([...before, 7, 9, 62, ...after]);
    expect(tokenizer.encode('w7 w9s', false)).toEqual([7, 9, 62]);
  });

  it('takes a word apart, and has nothing for one of which it lacks a part', () => {
    const { tokenizer } = tinyModel('tiny-bert', readFileSync);
    expect(tokenizer.answer('w9')).toEqual([9]);
    expect(tokenizer.answer('w9s')).toEqual([9, 62]);
    expect(tokenizer.answer('w9 w10')).toEqual([9, 10]);
    expect(tokenizer.answer('w9 ulm')).toEqual([]);
  });
});
