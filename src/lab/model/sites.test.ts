import { readFileSync } from 'node:fs';
import { clone, create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ScopeId, sitesOf } from '../compress/scope.ts';
import { floatTensor, tiny, tinyEncoder } from './fixture.ts';
import { AttributeProto_AttributeType, AttributeProtoSchema, ModelProtoSchema } from './gen/onnx_pb.ts';
import { type GraphProto, type ModelProto, makeNode, parseOnnx, writeOnnx } from './onnx.ts';
import type { Site } from './site.ts';
import { findSites } from './sites.ts';

const perBlock = {
  'attention.query': ['query', 'attention', [256, 256]],
  'attention.key': ['key', 'attention', [256, 256]],
  'attention.value': ['value', 'attention', [256, 256]],
  'attention.output': ['attention-output', 'attention', [256, 256]],
  'feed-forward.intermediate': ['intermediate', 'feed-forward', [1024, 256]],
  'feed-forward.output': ['output', 'feed-forward', [256, 1024]],
} as const;

/** Every name in a graph replaced by one that says nothing; names that nodes do not have to have are left out. */
function anonymous(model: ModelProto & { graph: GraphProto }): ModelProto & { graph: GraphProto } {
  const copy = clone(ModelProtoSchema, model) as typeof model;
  const { graph } = copy;
  const given = new Map<string, string>([['', '']]);
  const rename = (name = '') => {
    if (!given.has(name)) given.set(name, `t${given.size}`);
    return given.get(name)!;
  };
  for (const entry of [...graph.initializer, ...graph.input, ...graph.output]) entry.name = rename(entry.name);
  for (const node of graph.node) {
    node.name = '';
    node.input = node.input.map(rename);
    node.output = node.output.map(rename);
  }
  graph.valueInfo = [];
  return copy;
}

const meaning = ({ name, kind, role, layer, shape, transposed, dtype, tied }: Site) => ({
  name,
  kind,
  role,
  layer,
  shape,
  transposed,
  dtype,
  tied,
});

describe('the sites of the shipped model', () => {
  let model: ModelProto & { graph: GraphProto };
  let sites: Site[];
  beforeAll(() => {
    model = parseOnnx(readFileSync('public/models/bert-small/model.onnx'));
    sites = findSites(model.graph);
  });

  it('are six in each of six blocks, and the two of the head, in the graph’s order', () => {
    const wanted = Array.from({ length: 6 }, (_, layer) =>
      Object.entries(perBlock).map(([name, [kind, role, shape]]) => ({
        name: `encoder.${layer}.${name}`,
        kind,
        role,
        layer,
        shape: [...shape],
        transposed: true,
        dtype: 'float16',
        tied: false,
      })),
    ).flat();
    expect(sites.slice(0, 36).map(meaning)).toEqual(wanted);
    expect(sites.slice(36)).toMatchObject([
      { name: 'head.transform', kind: 'transform', role: 'head', layer: null, shape: [256, 256], tied: false },
      { name: 'head.decoder', kind: 'decoder', role: 'head', layer: null, shape: [16384, 256], transposed: false },
    ]);
    expect(sites).toHaveLength(38);
  });

  it('share one matrix between decoder and word embedding', () => {
    const decoder = sites[37];
    expect(decoder.tied).toBe(true);
    const reads = (name: string): string[] =>
      model.graph.node
        .filter((node) => node.input.includes(name))
        .flatMap((node) => (node.opType === 'Cast' ? reads(node.output[0]) : [node.opType ?? '']));
    expect(reads(decoder.initializer)).toEqual(['Gather', 'Transpose']);
  });

  it.each([
    ['overall', 37],
    ['attention', 18],
    ['feed-forward', 18],
    ['attention-block', 24],
    ['mlp', 12],
    ['decoder', 1],
  ] as [ScopeId, number][])('make the scope %s of %i matrices, as in reference.py', (scope, count) => {
    expect(sitesOf(scope, sites)).toHaveLength(count);
  });

  it('are found in the same way where no name means anything', () => {
    expect(findSites(anonymous(model).graph).map(meaning)).toEqual(sites.map(meaning));
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

  it('lists one matrix that makes query and key as unclassified, and says so', () => {
    const { graph } = tinyEncoder();
    const transpose = graph.node.find(({ opType }) => opType === 'Transpose')!;
    transpose.input = ['q'];
    graph.node = graph.node.filter(({ name }) => name !== 'k');
    expect(findSites(graph)[0]).toMatchObject({
      name: 'unclassified',
      kind: 'unclassified',
      role: 'other',
      layer: null,
      initializer: 'q.w',
      reason: 'one matrix makes query and key',
    });
    expect(found(graph).slice(1)).toEqual(kinds.slice(2));
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
