import { readdirSync, readFileSync } from 'node:fs';
import { clone, create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type NamedScopeId, type ScopeId, scopeIds, scopes, sitesOf } from '../compress/scope.ts';
import { AttributeProto_AttributeType, AttributeProtoSchema, ModelProtoSchema } from '../onnx/gen/onnx_pb.ts';
import { type GraphProto, type ModelProto, makeNode, parseOnnx, writeOnnx } from '../onnx/onnx.ts';
import { floatTensor, tiny, tinyEncoder } from '../test/graphs.ts';
import { tinyFiles, tinyIds, tinyModel } from '../test/tiny.ts';
import { loadModel } from './load.ts';
import type { Site } from './site.ts';
import { findSites as find } from './sites.ts';

const findSites = (graph: GraphProto) => find(graph, { family: 'encoder', stack: 'encoder', hasLogits: true });

/** Every name in a graph replaced by one that says nothing, the model's own inputs and outputs excepted. */
function anonymous(model: ModelProto & { graph: GraphProto }): ModelProto & { graph: GraphProto } {
  const copy = clone(ModelProtoSchema, model) as typeof model;
  const { graph } = copy;
  const given = new Map([['', ''], ...[...graph.input, ...graph.output].map(({ name = '' }) => [name, name] as const)]);
  const rename = (name = '') => {
    if (!given.has(name)) given.set(name, `t${given.size}`);
    return given.get(name)!;
  };
  for (const tensor of graph.initializer) tensor.name = rename(tensor.name);
  for (const node of graph.node) {
    node.name = '';
    node.input = node.input.map(rename);
    node.output = node.output.map(rename);
  }
  graph.valueInfo = [];
  return copy;
}

const meaning = ({ initializer, node, input, ...rest }: Site) => rest;

/** The sites of one block, without its stack and number: name → kind and [outputs, inputs]. */
type Block = Record<string, [Site['kind'], rows: number, columns: number]>;

const attention = (prefix = 'attention', heads = 16): Block => ({
  [`${prefix}.query`]: ['query', 16, 16],
  [`${prefix}.key`]: ['key', heads, 16],
  [`${prefix}.value`]: ['value', heads, 16],
  [`${prefix}.output`]: ['attention-output', 16, 16],
});
const plain = (inner: number): Block => ({
  'feed-forward.intermediate': ['intermediate', inner, 16],
  'feed-forward.output': ['output', 16, inner],
});
const gated = (inner: number): Block => ({ 'feed-forward.gate': ['gate', inner, 16], ...plain(inner) });
const fused: Block = {
  'attention.query-key-value': ['query-key-value', 48, 16],
  'attention.output': ['attention-output', 16, 16],
  ...plain(64),
};
const last: Block = { 'head.decoder': ['decoder', 64, 16] };

/** Two blocks of a stack, and the head where it has one. */
const twice = (stack: string, block: Block, head: Block = {}) => [
  ...[0, 1].flatMap((layer) => Object.entries(block).map(([name, is]) => [`${stack}.${layer}.${name}`, ...is])),
  ...Object.entries(head).map(([name, is]) => [name, ...is]),
];

const wanted: Record<(typeof tinyIds)[number], unknown[]> = {
  'tiny-bert': twice('encoder', { ...attention(), ...plain(64) }, { 'head.transform': ['transform', 16, 16], ...last }),
  'tiny-gpt2': twice('decoder', fused, last),
  'tiny-gpt2-past': twice('decoder', fused, last),
  // Two key heads for four query heads, a gate, and rotary positions.
  'tiny-llama': twice('decoder', { ...attention('attention', 8), ...gated(24) }, last),
  'tiny-t5': [
    ...twice('encoder', { ...attention(), ...gated(32) }),
    ...twice('decoder', { ...attention(), ...attention('cross-attention'), ...gated(32) }, last),
  ],
};

describe.each(tinyIds)('the sites of %s', (id) => {
  const { sites, family } = tinyModel(id, readFileSync);

  it('are these, in the graph’s order', () => {
    expect(sites.map(({ name, kind, shape }) => [name, kind, ...shape])).toEqual(wanted[id]);
  });

  it('say in which half, block and kind of attention they are', () => {
    for (const site of sites) {
      const [stack, layer, part] = site.name.split('.');
      const isHead = stack === 'head';
      expect(site, site.name).toMatchObject({
        family,
        stack: isHead ? (family === 'encoder' ? 'encoder' : 'decoder') : stack,
        layer: isHead ? null : Number(layer),
        cross: part === 'cross-attention',
        role: isHead ? 'head' : part === 'cross-attention' ? 'attention' : part,
      });
    }
  });

  it('are found in the same way where no name means anything', () => {
    const files = tinyFiles(id, readFileSync);
    const graphs = new Map([...files.graphs].map(([name, bytes]) => [name, writeOnnx(anonymous(parseOnnx(bytes)))]));
    const renamed = loadModel({ ...files, graphs });
    expect(renamed.proto.graph.node.some(({ name }) => name?.includes('/'))).toBe(false);
    expect(renamed.sites.map(meaning)).toEqual(sites.map(meaning));
  });

  it('are in their scopes as paper and reference have it', () => {
    const names = (scope: ScopeId) => sitesOf(scope, sites).map(({ name }) => name);
    const matching = (pattern: RegExp) => sites.map(({ name }) => name).filter((name) => pattern.test(name));
    const isPair = family === 'encoder-decoder';
    // As in the paper's code: of an encoder's attention only query, key and value; its output counts as feed-forward.
    const patterns: Record<NamedScopeId, RegExp> = {
      overall: /^(encoder|decoder)\.|^head\.transform$/,
      attention: family === 'encoder' ? /attention\.(query|key|value)$/ : /attention\./,
      'feed-forward': family === 'encoder' ? /attention\.output|feed-forward\./ : /feed-forward\./,
      'attention-block': /attention\./,
      mlp: /feed-forward\./,
      'encoder-attention': isPair ? /^encoder\.\d\.attention\./ : /^$/,
      'decoder-attention': isPair ? /^decoder\.\d\.attention\./ : /^$/,
      'cross-attention': /cross-attention\./,
      encoder: isPair ? /^encoder\./ : /^$/,
      'decoder-stack': isPair ? /^decoder\./ : /^$/,
      decoder: /^head\.decoder$/,
    };
    for (const scope of scopeIds) {
      expect(names(scope), scope).toEqual(matching(patterns[scope]));
      const offered = scopes[scope].families?.includes(family) ?? true;
      expect(names(scope).length > 0, scope).toBe(offered);
    }
    const attends = names('attention').length + names('feed-forward').length;
    expect(names('overall')).toHaveLength(attends + (family === 'encoder' ? 1 : 0));
  });
});

describe.each(readdirSync('public/models'))('the sites of the shipped %s', (id) => {
  const folder = `public/models/${id}`;
  const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
  const graphs = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => [name, new Uint8Array(readFileSync(`${folder}/${name}`))]),
  );
  const config = JSON.parse(read('config.json'));
  const { sites } = loadModel({
    graphs,
    config: read('config.json'),
    tokenizer: read('tokenizer.json'),
    tokenizerConfig: read('tokenizer_config.json'),
  });

  it('are all known, as many in each block, and the last layer is tied to the word embedding', () => {
    expect(sites.filter(({ kind }) => kind === 'unclassified')).toEqual([]);
    const perBlock = { bert: 6, gpt2: 4, t5: 7 + 11 }[config.model_type as string];
    const blocks = config.num_hidden_layers ?? config.n_layer ?? config.num_layers;
    const outside = config.model_type === 'bert' ? 2 : 1;
    expect(sites).toHaveLength(blocks * perBlock! + outside);
    const width = config.hidden_size ?? config.n_embd ?? config.d_model;
    expect(sites.at(-1)).toMatchObject({
      name: 'head.decoder',
      shape: [config.vocab_size, width],
      tied: config.tie_word_embeddings,
    });
    expect(sites.slice(0, -1).some(({ tied }) => tied)).toBe(false);
  });
});

describe('findSites', () => {
  const kinds = [
    ['query', 'q.w'],
    ['key', 'k.w'],
    ['value', 'v.w'],
    ['attention-output', 'o.w'],
    ['intermediate', 'i.w'],
    ['output', 'f.w'],
    ['transform', 't.w'],
    ['decoder', 'd.w'],
  ];
  const found = (graph: GraphProto) => findSites(graph).map(({ kind, initializer }) => [kind, initializer]);

  it('takes float32 weights that no Cast lies before', () => {
    const sites = findSites(tinyEncoder().graph);
    expect(sites.map(({ kind, initializer }) => [kind, initializer])).toEqual(kinds);
    for (const site of sites) expect(site).toMatchObject({ dtype: 'float', transposed: true, tied: false });
    expect(sites.find(({ kind }) => kind === 'intermediate')?.shape).toEqual([tiny.inner, tiny.width]);
  });

  it('takes Gemm with transB, whose weights lie [outputs, inputs]', () => {
    const { graph } = tinyEncoder({ gemm: true });
    expect(found(graph)).toEqual(kinds);
    const sites = findSites(graph);
    expect(sites.find(({ kind }) => kind === 'intermediate')).toMatchObject({
      shape: [tiny.inner, tiny.width],
      transposed: false,
    });
  });

  it('takes Gemm without transB as a MatMul', () => {
    const { graph } = tinyEncoder({ gemm: true });
    for (const node of graph.node) if (node.opType === 'Gemm') node.attribute = [];
    expect(findSites(graph).find(({ kind }) => kind === 'intermediate')).toMatchObject({
      shape: [tiny.width, tiny.inner],
      transposed: true,
    });
  });

  it('knows a decoder whose weights are the word embedding, turned', () => {
    const { graph } = tinyEncoder();
    graph.initializer = graph.initializer.filter(({ name }) => name !== 'd.w');
    const at = graph.node.findIndex(({ name }) => name === 'd');
    graph.node.splice(at, 0, makeNode('Transpose', 'turned', ['embedding'], ['turned'], { perm: [1, 0] }));
    graph.node[at + 1].input[1] = 'turned';
    expect(findSites(graph).at(-1)).toMatchObject({
      name: 'head.decoder',
      initializer: 'embedding',
      shape: [tiny.vocabulary, tiny.width],
      transposed: false,
      tied: true,
    });
  });

  it('calls a matrix that makes query and key one of several', () => {
    const { graph } = tinyEncoder();
    const transpose = graph.node.find(({ opType }) => opType === 'Transpose')!;
    transpose.input = ['q'];
    graph.node = graph.node.filter(({ name }) => name !== 'k');
    expect(findSites(graph)[0]).toMatchObject({
      name: 'encoder.0.attention.query-key-value',
      kind: 'query-key-value',
      role: 'attention',
      initializer: 'q.w',
    });
    expect(found(graph).slice(1)).toEqual(kinds.slice(2));
  });

  it('sees through an operator that is a whole attention step', () => {
    const { graph } = tinyEncoder();
    const step = makeNode('MultiHeadAttention', 'fused', ['q', 'k', 'v'], ['context'], { num_heads: 1 });
    const at = graph.node.findIndex(({ name }) => name === 'context');
    graph.node.splice(at, 1, step);
    graph.node = graph.node.filter(({ name }) => !['kT', 'scores', 'softmax'].includes(name ?? ''));
    expect(found(graph)).toEqual(kinds);
  });

  it('tells a gate, which is activated, from what it is multiplied with, in either order', () => {
    for (const order of [
      ['relu', 'u'],
      ['u', 'relu'],
    ]) {
      const { graph } = tinyEncoder();
      graph.initializer.push(floatTensor('u.w', [tiny.width, tiny.inner], new Float32Array(tiny.width * tiny.inner)));
      const at = graph.node.findIndex(({ name }) => name === 'f');
      graph.node.splice(
        at,
        0,
        makeNode('MatMul', 'u', ['attended', 'u.w'], ['u']),
        makeNode('Mul', 'product', order, ['product']),
      );
      graph.node[at + 2].input[0] = 'product';
      expect(found(graph).slice(4, 7)).toEqual([
        ['gate', 'i.w'],
        ['intermediate', 'u.w'],
        ['output', 'f.w'],
      ]);
    }
  });

  it('lists layers that fit nothing, each under a name of its own and with a reason', () => {
    const { graph } = tinyEncoder();
    const { width } = tiny;
    const projection = (name: string, input: string) => {
      graph.initializer.push(floatTensor(`${name}.w`, [width, width], new Float32Array(width * width)));
      return makeNode('MatMul', name, [input, `${name}.w`], [name]);
    };
    // A projection with an activation between embedding and first block, and one that leads nowhere.
    const early = [
      projection('early', 'x'),
      makeNode('Relu', '', ['early'], ['started']),
      projection('late', 'started'),
    ];
    const gather = graph.node.shift()!;
    graph.node = [gather, ...early, ...graph.node, projection('aside', 'block')];
    for (const node of graph.node) if (['q', 'k', 'v'].includes(node.name ?? '')) node.input[0] = 'late';
    const odd = findSites(graph).filter(({ kind }) => kind === 'unclassified');
    expect(odd.map(({ initializer, name }) => [initializer, name])).toEqual([
      ['early.w', 'unclassified'],
      ['late.w', 'unclassified.2'],
      ['aside.w', 'unclassified.3'],
    ]);
    expect(odd[0].reason).toContain('before the first attention block');
    for (const { reason } of odd) expect(reason).toMatch(/\w{3}/);
    expect(found(graph).filter(([kind]) => kind !== 'unclassified')).toEqual(kinds);
  });

  it('leaves products of two computed tensors alone', () => {
    const { graph } = tinyEncoder();
    const nodes = findSites(graph).map(({ initializer }) => initializer);
    expect(graph.node.filter(({ opType }) => opType === 'MatMul')).toHaveLength(nodes.length + 2);
  });

  it('looks for no last layer in an encoder that feeds a decoder', () => {
    const { graph } = tinyEncoder();
    graph.node = graph.node.filter(({ name }) => !['t', 'tanh', 'd'].includes(name ?? ''));
    graph.output[0].name = 'block';
    const sites = find(graph, { family: 'encoder-decoder', stack: 'encoder', hasLogits: false });
    expect(sites.map(({ kind, initializer }) => [kind, initializer])).toEqual(kinds.slice(0, 6));
  });
});

describe('weights in Constant nodes', () => {
  it('are read as initializers are', () => {
    const model = tinyEncoder();
    const expected = findSites(model.graph).map(meaning);
    const copy = clone(ModelProtoSchema, model) as typeof model;
    const matrices = copy.graph.initializer.filter((tensor) => tensor.dims.length === 2);
    copy.graph.initializer = copy.graph.initializer.filter((tensor) => !matrices.includes(tensor));
    copy.graph.node.unshift(
      ...matrices.map((tensor) => {
        const node = makeNode('Constant', '', [], [tensor.name ?? '']);
        node.attribute = [
          create(AttributeProtoSchema, { name: 'value', type: AttributeProto_AttributeType.TENSOR, t: tensor }),
        ];
        return node;
      }),
    );
    const read = parseOnnx(writeOnnx(copy));
    expect(read.graph.node.some((node) => node.opType === 'Constant')).toBe(false);
    expect(findSites(read.graph).map(meaning)).toEqual(expected);
  });
});
