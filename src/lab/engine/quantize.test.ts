import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-web';
import { afterAll, describe, expect, it } from 'vitest';
import type { ActivationQuantizer } from '../compress/method.ts';
import type { ModelInput } from '../family/model-input.ts';
import type { Model } from '../model/load.ts';
import { findSites as find } from '../model/sites.ts';
import { ModelProtoSchema, TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import { makeNode } from '../onnx/onnx.ts';
import { makeFeeds, modelFeeds } from '../probe/batches.ts';
import { floatTensor, makeModel, noise, tinyEncoder } from '../test/graphs.ts';
import { tinyLogits, tinyModel } from '../test/tiny.ts';
import type { Feeds, Outputs, Session } from './engine.ts';
import { buildProbeGraph, probeIo } from './graph.ts';
import { createOrtEngine } from './ort.ts';
import { type Quantizers, quantizeActivations } from './quantize.ts';
import { graphOf, layerOf, openGraph, valueInfo } from './surgery.ts';

const engine = createOrtEngine(ort, { threads: 2 });
const f32 = Math.fround;
const open: Session[] = [];
afterAll(() => Promise.all(open.map((session) => session.release())));

async function start(graph: Parameters<typeof engine.open>[0]) {
  const session = await engine.open(graph);
  open.push(session);
  return session;
}

const halfEven = (x: number) => {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(x);
};

/** x [tokens][columns] as the definition rounds it, a token at a time, in float32. */
function tokenByHand(x: number[][], { bits, columnScales, keptColumns }: ActivationQuantizer & { kind: 'token' }) {
  const factor = (c: number) => columnScales?.[c] ?? 1;
  const isKept = (c: number) => keptColumns?.includes(c) ?? false;
  return x.map((token) => {
    const scaled = token.map((value, c) => f32(value / factor(c)));
    const most = Math.max(...scaled.map((value, c) => (isKept(c) ? 0 : Math.abs(value))));
    const scale = f32(most / (2 ** (bits - 1) - 1)) || 1;
    return token.map((value, c) =>
      isKept(c) ? value : f32(f32(halfEven(f32(scaled[c] / scale)) * scale) * factor(c)),
    );
  });
}

/** One text as torch's dynamic quantization has it: the scale in double, codes in float32. */
function textByHand(x: number[][], top: number) {
  const low = Math.min(0, ...x.flat());
  const high = Math.max(0, ...x.flat());
  const exact = (high - low) / top;
  const scale = f32(Math.max(exact, f32(6.1e-5)));
  const zero = exact === 0 ? 0 : halfEven(-low / exact);
  const inverse = f32(1 / scale);
  return x.map((token) =>
    token.map((value) => {
      const code = Math.min(255, Math.max(0, halfEven(f32(f32(value * inverse) + zero))));
      return f32((code - zero) * scale);
    }),
  );
}

const rowsOf = (values: ArrayLike<number>, columns: number) =>
  Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, c) => values[row * columns + c]),
  );

/** A graph that gives what enters each layer, before and after rounding; logits, too. */
function showRounded({ proto, sites }: Pick<Model, 'proto' | 'sites'>, quantizers: Quantizers) {
  const opened = openGraph(proto, sites);
  const { graph } = opened;
  const layers = sites.map((site) => layerOf(new GraphIndex(graph), site));
  const before = layers.map(({ input }) => input[0]);
  quantizeActivations(opened, sites, quantizers);
  const after = layers.map(({ input }) => input[0]);
  const added = [...new Set([...before, ...after])].map((name) => valueInfo(name, Type.FLOAT, []));
  for (const output of added) output.type = undefined;
  graph.output = [...graph.output, ...added];
  return { ...graphOf(proto, opened), before, after };
}

describe('against torch’s own dynamic int8', () => {
  const golden = JSON.parse(readFileSync('src/lab/engine/torch-dynamic.json', 'utf8'));
  const { width } = golden;
  const bytes = Uint8Array.from(atob(golden.table), (letter) => letter.charCodeAt(0));
  const table = new Float32Array(bytes.buffer);
  const size = table.length / width;
  /** Tokens become the table's rows, and a unit matrix makes the logits of them. */
  const unit = Float32Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0));
  const proto = makeModel(
    [makeNode('Gather', 'x', ['table', 'input_ids'], ['x']), makeNode('MatMul', 'logits', ['x', 'unit'], ['logits'])],
    [floatTensor('table', [size, width], table), floatTensor('unit', [width, width], unit)],
    'logits',
  );
  const sites = find(proto.graph, { family: 'encoder', stack: 'encoder', hasLogits: true });
  type Case = { top: 127 | 255; text: number[]; scale: number; zero: number; codes: number[][] };

  it.each([127, 255] as const)('gives every code of every text, in a batch with others (codes to %i)', async (top) => {
    const quantizers = new Map(sites.map(({ name }) => [name, { kind: 'text-affine', top } as const]));
    const graph = buildProbeGraph(proto, sites, { topK: 1, quantizers });
    const session = await start(graph);
    const cases: Case[] = golden.cases.filter((entry: Case) => entry.top === top);
    expect(cases.length).toBeGreaterThan(50);
    for (const length of [1, 2, 3, 4]) {
      const batch = cases.filter(({ text }) => text.length === length);
      // The logits of all words at all places are the layer's input.
      const gold = Array.from({ length: width }, (_, i) => i);
      const rows: ModelInput[] = batch.map(({ text }) => ({
        ids: text,
        target: null,
        picks: text.map((_, at) => ({ at, gold })),
      }));
      const outputs = await session.run(makeFeeds(rows, graph.inputs));
      const made = rowsOf(outputs[probeIo.goldLogits] as Float32Array, width);
      const theirs = batch.flatMap(({ codes, scale }) => codes.map((token) => token.map((code) => f32(code * scale))));
      // Zeros have no sign that counts.
      expect(made.map((token) => token.map((value) => value + 0))).toEqual(
        theirs.map((token) => token.map((value) => value + 0)),
      );
    }
  });
});

describe.each(['tiny-bert', 'tiny-gpt2', 'tiny-llama', 'tiny-t5'] as const)('rounded inputs of %s', (id) => {
  const { text } = tinyLogits(id, readFileSync);
  const model = tinyModel(id, readFileSync);
  const other = (ids: readonly number[], seed: number) =>
    ids.map((word, i) => (seed ? 5 + ((word * 7 + i + seed) % 55) : word));
  const rows: ModelInput[] = [0, 1, 2].map((seed) => ({
    ids: other(text.ids, seed),
    target: text.target && other(text.target, seed),
    picks: [],
  }));
  const inputs = model.proto.graph.input.map(({ name = '' }) => name);
  const feeds = modelFeeds(rows, inputs);
  const every = (make: (columns: number, number: number) => ActivationQuantizer): Quantizers =>
    new Map(model.sites.map(({ name, shape }, number) => [name, make(shape[1], number)]));

  async function expectRounded(quantizers: Quantizers, byHand: (x: number[][], quantizer: never) => number[][]) {
    const graph = showRounded(model, quantizers);
    const outputs = (await (await start(graph)).run(feeds)) as Record<string, Float32Array>;
    let changed = 0;
    model.sites.forEach(({ name, shape }, i) => {
      const x = rowsOf(outputs[graph.before[i]], shape[1]);
      const made = rowsOf(outputs[graph.after[i]], shape[1]);
      const expected = byHand(x, quantizers.get(name) as never);
      const off = made.flatMap((token, t) => token.filter((value, c) => value !== expected[t][c]));
      expect([name, off.length, made.length]).toEqual([name, 0, x.length]);
      changed += made.flatMap((token, t) => token.filter((value, c) => value !== x[t][c])).length;
    });
    expect(changed).toBeGreaterThan(1000);
    return graph;
  }

  it('are what the definition says, a token at a time', async () => {
    const plain = await expectRounded(
      every(() => ({ kind: 'token', bits: 8 })),
      tokenByHand,
    );
    // Query, key and value are given the same tensor.
    expect(new Set(plain.after).size).toBe(new Set(plain.before).size);
    await expectRounded(
      every((columns, number) => ({
        kind: 'token',
        bits: 4,
        columnScales: Float32Array.from(noise(columns, number), (value) => 0.1 + Math.abs(value)),
        keptColumns: Uint32Array.of(1, columns - 2),
      })),
      tokenByHand,
    );
  });

  it('are what the definition says, a text at a time', async () => {
    // A text's tokens lie together, whether the layer reads [batch, length, columns] or [batch · length, columns].
    await expectRounded(
      every(() => ({ kind: 'text-affine', top: 127 })),
      (x, { top }: ActivationQuantizer & { kind: 'text-affine' }) => {
        const each = x.length / rows.length;
        return rows.flatMap((_, row) => textByHand(x.slice(row * each, (row + 1) * each), top));
      },
    );
  });

  it.each<[string, ActivationQuantizer]>([
    ['token', { kind: 'token', bits: 5 }],
    ['text', { kind: 'text-affine', top: 255 }],
  ])('give the same logits whichever rows are picked, and whatever stands beside a text (%s)', async (_, quantizer) => {
    const quantizers = every(() => quantizer);
    const graph = buildProbeGraph(model.proto, model.sites, { topK: 1, quantizers });
    const length = (text.target ?? text.ids).length;
    const asked = rows.map((row, number) => ({
      ...row,
      picks: [length - 1, number % length].map((at) => ({ at, gold: [3, 17, 40] })),
    }));
    const session = await start(graph);
    const gold = (outputs: Outputs) => Array.from(outputs[probeIo.goldLogits] as Float32Array);
    const together = gold(await session.run(makeFeeds(asked, graph.inputs)));
    const alone = [];
    for (const row of asked) alone.push(...gold(await session.run(makeFeeds([row], graph.inputs))));
    const whole = (await (await start(showRounded(model, quantizers))).run(feeds)) as Record<string, Float32Array>;
    const logits = rowsOf(whole[model.proto.graph.output[0].name!], model.vocabulary);
    const direct = asked.flatMap(({ picks }, row) =>
      picks.flatMap((pick) => pick.gold.map((word) => logits[row * length + pick.at][word])),
    );
    const off = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    expect(off(together, direct)).toBeLessThan(1e-5);
    expect(off(together, alone)).toBeLessThan(1e-5);
    const session0 = await start(buildProbeGraph(model.proto, model.sites, { topK: 1 }));
    expect(off(together, gold(await session0.run(makeFeeds(asked, graph.inputs))))).toBeGreaterThan(1e-4);
  });

  it('keep rows from being picked early only where a text’s range has to be known', () => {
    const gathers = (quantizer?: ActivationQuantizer) => {
      const graph = buildProbeGraph(model.proto, model.sites, quantizer && { quantizers: every(() => quantizer) });
      const { node } = fromBinary(ModelProtoSchema, graph.skeleton).graph!;
      return node
        .filter(({ opType, input }) => opType === 'Gather' && input[1] === probeIo.position)
        .map(({ input }) => input[0]);
    };
    expect(gathers({ kind: 'token', bits: 8, keptColumns: Uint32Array.of(0) })).toEqual(gathers());
    const late = gathers({ kind: 'text-affine', top: 127 });
    expect(late).toHaveLength(1);
    expect(late[0]).toMatch(/^lossy_rounded/);
  });
});

describe('rounding the inputs of some layers', () => {
  const findSites = (model: ReturnType<typeof tinyEncoder>) =>
    find(model.graph, { family: 'encoder', stack: 'encoder', hasLogits: true });
  const feeds: Feeds = { input_ids: { data: BigInt64Array.of(3n, 7n, 1n, 11n, 2n, 2n), dims: [2, 3] } };

  it('leaves the others alone, though they read the same tensor', async () => {
    const proto = tinyEncoder();
    const sites = findSites(proto);
    const name = 'encoder.0.attention.key';
    const graph = showRounded({ proto, sites }, new Map([[name, { kind: 'token', bits: 3 }]]));
    const at = sites.findIndex((site) => site.name === name);
    expect(graph.after.filter((tensor, i) => tensor !== graph.before[i])).toEqual([graph.after[at]]);
  });

  it.each([17, 18])('works with operator set %i', async (version) => {
    const proto = tinyEncoder({ gemm: true });
    proto.opsetImport[0].version = BigInt(version);
    const sites = findSites(proto);
    const quantizers = new Map(
      sites.map(({ name }, i) => [
        name,
        i % 2 ? ({ kind: 'token', bits: 8 } as const) : ({ kind: 'text-affine', top: 127 } as const),
      ]),
    );
    const outputs = await (await start(showRounded({ proto, sites }, quantizers))).run(feeds);
    expect(outputs.logits).toHaveLength(6 * 12);
    expect((outputs.logits as Float32Array).every(Number.isFinite)).toBe(true);
  });
});
