import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel, openSuite } from '../../../cli/folder.ts';
import { LabError } from '../errors.ts';
import { tiny, tinyEncoder } from '../model/fixture.ts';
import type { Model } from '../model/load.ts';
import { makeNode, writeOnnx } from '../model/onnx.ts';
import { findSites } from '../model/sites.ts';
import { transpose } from '../model/tensors.ts';
import { batchesByLength, makeFeeds } from '../probe/batches.ts';
import { makeProbes, type Probe } from '../probe/probes.ts';
import { scorePass } from '../probe/score.ts';
import type { Outputs, Session } from './engine.ts';
import { buildActivationGraph, buildProbeGraph, type ProbeGraph, probeIo } from './graph.ts';
import { createOrtEngine } from './ort.ts';

const engine = createOrtEngine(ort, { threads: 2 });
type Ask = Pick<Probe, 'ids' | 'mask' | 'gold'>;

/** A model's own output for token numbers, without any of the lab's surgery. */
async function openWhole(model: ReturnType<typeof tinyEncoder>, output = 'logits') {
  const graph = { ...model.graph, output: [{ ...model.graph.output[0], name: output }] };
  const skeleton = writeOnnx({ ...model, graph }) as Uint8Array<ArrayBuffer>;
  const session = await engine.open({ skeleton, weights: new Map() });
  return async (rows: readonly (readonly number[])[]) => {
    const data = BigInt64Array.from(rows.flat(), BigInt);
    const outputs = await session.run({ input_ids: { data, dims: [rows.length, rows[0].length] } });
    return outputs[output] as Float32Array;
  };
}

const descending = (values: Float32Array) => values.slice().sort().reverse();
const sumExp = (values: Float32Array) => values.reduce((sum, value) => sum + Math.exp(value), 0);
const bestOf = (values: Float32Array, gold: readonly number[]) => Math.max(...gold.map((id) => values[id]));
const countFrom = (values: Float32Array, limit: number) => values.filter((value) => value >= limit).length;

/** Compares a pass for one prompt with the logits of all words. */
function expectSame(outputs: Outputs, logits: Float32Array, { gold }: Ask) {
  const near = 1e-4;
  const values = outputs[probeIo.topValues] as Float32Array;
  const ids = Array.from(outputs[probeIo.topIds] as BigInt64Array, Number);
  const highest = descending(logits);
  ids.forEach((id, place) => {
    expect(Math.abs(values[place] - highest[place])).toBeLessThan(near);
    expect(Math.abs(values[place] - logits[id])).toBeLessThan(near);
  });
  expect(new Set(ids).size).toBe(ids.length);
  expect(Math.abs((outputs[probeIo.logSumExp] as Float32Array)[0] - Math.log(sumExp(logits)))).toBeLessThan(near);
  const { ranks } = scorePass(outputs, [{ gold }], logits.length);
  const best = bestOf(logits, gold);
  // The two sums differ in order, so words that are nearer than that may change places.
  expect(ranks[0]).toBeGreaterThanOrEqual(countFrom(logits, best + near));
  expect(ranks[0]).toBeLessThanOrEqual(countFrom(logits, best - near));
  return ranks[0];
}

describe('the probe graph of the shipped model', () => {
  let model: Model;
  let graph: ProbeGraph;
  let session: Session;
  let asked: Probe[];

  beforeAll(async () => {
    const suite = await openSuite('facts');
    model = await openModel('bert-small');
    const set = makeProbes(suite, 'paraphrase', model);
    asked = Array.from(set.order.subarray(0, 40), (number) => set.probes[number]);
    graph = buildProbeGraph(model.proto, model.sites);
    session = await engine.open(graph);
  });
  afterAll(() => session.release());

  const ask = async (probes: readonly Ask[]) =>
    scorePass(await session.run(makeFeeds(probes, graph.inputs)), probes, model.vocabulary);

  it('hands every site over by itself and keeps no large weights', () => {
    expect([...graph.sitePaths.keys()]).toEqual(model.sites.map(({ name }) => name));
    expect(new Set(graph.sitePaths.values()).size).toBe(model.sites.length);
    for (const { name, shape } of model.sites)
      expect(graph.weights.get(graph.sitePaths.get(name)!)).toHaveLength(shape[0] * shape[1]);
    expect(graph.skeleton.length).toBeLessThan(300_000);
  });

  it('says what the model itself says', async () => {
    const file = new Uint8Array(readFileSync('public/models/bert-small/model.onnx'));
    const whole = await ort.InferenceSession.create(file, { executionProviders: ['wasm'] });
    const ranks: number[] = [];
    for (const probe of asked.slice(0, 25)) {
      const dims = [1, probe.ids.length];
      const tensor = (data: BigInt64Array) => new ort.Tensor('int64', data, dims);
      const { logits } = await whole.run({
        input_ids: tensor(BigInt64Array.from(probe.ids, BigInt)),
        attention_mask: tensor(new BigInt64Array(probe.ids.length).fill(1n)),
        token_type_ids: tensor(new BigInt64Array(probe.ids.length)),
      });
      const all = logits.data as Float32Array;
      const atMask = all.subarray(probe.mask * model.vocabulary, (probe.mask + 1) * model.vocabulary);
      ranks.push(expectSame(await session.run(makeFeeds([probe], graph.inputs)), atMask, probe));
    }
    await whole.release();
    expect(Math.min(...ranks)).toBe(1);
    expect(Math.max(...ranks)).toBeGreaterThan(graph.topK);
  });

  it('ranks a batch as it ranks one by one', async () => {
    const batch = batchesByLength(asked.map(({ ids }) => ids.length)).sort((a, b) => b.length - a.length)[0];
    expect(batch.length).toBeGreaterThan(3);
    const probes = batch.map((position) => asked[position]);
    const together = await ask(probes);
    for (const [row, probe] of probes.entries()) {
      const alone = await ask([probe]);
      expect(together.ranks[row]).toBe(alone.ranks[0]);
      expect(together.goldLogProbs[row]).toBeCloseTo(alone.goldLogProbs[0], 4);
      expect(together.topIds.slice(row * 5, row * 5 + 5)).toEqual(alone.topIds);
    }
  });

  it('answers by other weights, and by its own again afterwards', async () => {
    const probes = asked.filter(({ ids }) => ids.length === asked[0].ids.length);
    const before = await ask(probes);
    const { site, values } = model.weights.find((entry) => entry.site.kind === 'intermediate')!;
    const path = graph.sitePaths.get(site.name)!;
    await session.setWeights(new Map([[path, values.map((value) => -value)]]));
    expect((await ask(probes)).goldLogProbs).not.toEqual(before.goldLogProbs);
    // The same weights, handed over in the orientation that a method works in.
    await session.setWeights(new Map([[path, transpose(values, site.shape[0], site.shape[1])]]));
    expect(await ask(probes)).toEqual(before);
    await session.setWeights(new Map([[path, new Float32Array(values.length)]]));
    expect((await ask(probes)).goldLogProbs).not.toEqual(before.goldLogProbs);
    await session.setWeights(new Map());
    expect(await ask(probes)).toEqual(before);
  });

  it('leaves the word embedding alone where the decoder’s weights change', async () => {
    const { site, values } = model.weights.find((entry) => entry.site.kind === 'decoder')!;
    const before = await session.run(makeFeeds([asked[0]], graph.inputs));
    const doubled = transpose(values, site.shape[0], site.shape[1]).map((value) => 2 * value);
    await session.setWeights(new Map([[graph.sitePaths.get(site.name)!, doubled]]));
    const after = await session.run(makeFeeds([asked[0]], graph.inputs));
    await session.setWeights(new Map());
    // A doubled decoder on the same hidden state gives 2 · logit - bias; with a changed embedding it would not.
    const bias = graph.weights.get('cls.predictions.bias_fp16')!;
    asked[0].gold.forEach((word, i) => {
      const [one, two] = [before, after].map((outputs) => (outputs[probeIo.goldLogits] as Float32Array)[i]);
      expect(two).toBeCloseTo(2 * one - bias[word], 3);
    });
  });
});

describe('the probe graph of a small model', () => {
  const ids = [
    [3, 7, 1, 0],
    [11, 2, 2, 5],
    [4, 6, 8, 10],
  ];
  const asked: Ask[] = ids.map((row, index) => ({ ids: row, mask: index, gold: [index, 9] }));

  it.each([
    ['with MatMul', tinyEncoder()],
    ['with Gemm and transB', tinyEncoder({ gemm: true })],
  ])('says what the model itself says (%s)', async (_, model) => {
    const logits = await (await openWhole(model))(ids);
    const graph = buildProbeGraph(model, findSites(model.graph), 3);
    expect(graph.topK).toBe(3);
    const session = await engine.open(graph);
    const together = scorePass(await session.run(makeFeeds(asked, graph.inputs)), asked, tiny.vocabulary).ranks;
    for (const [row, probe] of asked.entries()) {
      const at = (row * probe.ids.length + probe.mask) * tiny.vocabulary;
      const outputs = await session.run(makeFeeds([probe], graph.inputs));
      const rank = expectSame(outputs, logits.subarray(at, at + tiny.vocabulary), probe);
      expect(rank).toBe(together[row]);
    }
    await session.release();
  });

  it('does not need its nodes to have names', async () => {
    const named = tinyEncoder();
    const nameless = tinyEncoder();
    for (const node of nameless.graph.node) node.name = '';
    const answers = [];
    for (const model of [named, nameless]) {
      const graph = buildProbeGraph(model, findSites(model.graph), 3);
      const session = await engine.open(graph);
      const only = [...graph.sitePaths].find(([site]) => site.endsWith('feed-forward.output'))![1];
      await session.setWeights(new Map([[only, graph.weights.get(only)!.map((value) => 3 * value)]]));
      answers.push(await session.run(makeFeeds(asked, graph.inputs)));
      await session.release();
    }
    expect(answers[1]).toEqual(answers[0]);
  });

  it('ranks a model that gives no numbers last, not first', async () => {
    const model = tinyEncoder();
    const graph = buildProbeGraph(model, findSites(model.graph), 3);
    const session = await engine.open(graph);
    const decoder = graph.sitePaths.get('head.decoder')!;
    await session.setWeights(new Map([[decoder, graph.weights.get(decoder)!.map(() => Number.NaN)]]));
    const outputs = await session.run(makeFeeds(asked, graph.inputs));
    expect([...scorePass(outputs, asked, tiny.vocabulary).ranks]).toEqual([12, 12, 12]);
    await session.release();
  });

  it('refuses old operator sets', () => {
    const model = tinyEncoder();
    model.opsetImport[0].version = 12n;
    expect(() => buildProbeGraph(model, findSites(model.graph))).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('operator set 12') }),
    );
  });

  it('refuses logits in which words of several prompts are mixed', () => {
    const model = tinyEncoder();
    model.graph.node.push(makeNode('Softmax', 'mixed', ['logits'], ['mixed'], { axis: 0 }));
    model.graph.output[0].name = 'mixed';
    expect(() => buildProbeGraph(model, findSites(model.graph))).toThrow(
      expect.objectContaining({ kind: 'bad-model' }),
    );
  });
});

describe('a session', () => {
  it('counts its passes, and refuses to run once it was released', async () => {
    const model = tinyEncoder();
    const graph = buildProbeGraph(model, findSites(model.graph), 3);
    const session = await engine.open(graph);
    const feeds = makeFeeds([{ ids: [1, 2], mask: 1, gold: [3] }], graph.inputs);
    const runs = engine.runs;
    await session.run(feeds);
    await session.run(feeds);
    expect(engine.runs).toBe(runs + 2);
    await session.release();
    await session.release();
    await expect(session.run(feeds)).rejects.toThrow(LabError);
    await expect(session.run(feeds)).rejects.toThrow('released');
    expect(engine.runs).toBe(runs + 2);
  });
});

describe('buildActivationGraph', () => {
  const ids = [
    [3, 7, 1],
    [11, 2, 2],
  ];
  /** The tensor that enters each layer of the small model. */
  const entering = {
    'encoder.0.attention.query': 'x',
    'encoder.0.attention.key': 'x',
    'encoder.0.attention.value': 'x',
    'encoder.0.attention.output': 'context',
    'encoder.0.feed-forward.intermediate': 'attended',
    'encoder.0.feed-forward.output': 'relu',
    'head.transform': 'block',
    'head.decoder': 'tanh',
  };

  it.each([
    ['with MatMul', false],
    ['with Gemm, without node names', true],
  ])('sums the squares of what enters each layer over all tokens (%s)', async (_, gemm) => {
    const model = tinyEncoder({ gemm });
    if (gemm) for (const node of model.graph.node) node.name = '';
    const sites = findSites(model.graph);
    const graph = buildActivationGraph(model, sites);
    const session = await engine.open(graph);
    const data = BigInt64Array.from(ids.flat(), BigInt);
    const outputs = await session.run({ input_ids: { data, dims: [2, 3] } });
    await session.release();
    expect([...graph.outputs.keys()]).toEqual(Object.keys(entering));
    for (const { name, shape } of sites) {
      const values = await (await openWhole(model, entering[name as keyof typeof entering]))(ids);
      const width = shape[1];
      const energy = Array.from({ length: width }, (_, column) =>
        values.reduce((sum, value, i) => (i % width === column ? sum + value * value : sum), 0),
      );
      const measured = outputs[graph.outputs.get(name)!] as Float32Array;
      expect(measured).toHaveLength(width);
      measured.forEach((value, column) => {
        expect(value).toBeCloseTo(energy[column], 4);
      });
      expect(Math.max(...energy)).toBeGreaterThan(0.01);
    }
  });

  it('measures what enters the first layers as the embeddings have it', async () => {
    const model = tinyEncoder();
    const graph = buildActivationGraph(model, findSites(model.graph));
    const session = await engine.open(graph);
    const outputs = await session.run({ input_ids: { data: BigInt64Array.of(5n, 5n, 9n), dims: [1, 3] } });
    await session.release();
    const embedding = model.graph.initializer.find(({ name }) => name === 'embedding')!;
    const rows = new Float32Array(new Uint8Array(embedding.rawData).buffer);
    const energy = [0, 1, 2, 3].map((i) => 2 * rows[20 + i] ** 2 + rows[36 + i] ** 2);
    for (const [i, value] of (outputs[graph.outputs.get('encoder.0.attention.key')!] as Float32Array).entries())
      expect(value).toBeCloseTo(energy[i], 5);
  });

  it('does not carry the decoder, whose result nobody asks for', () => {
    const model = tinyEncoder();
    const graph = buildActivationGraph(model, findSites(model.graph));
    expect(graph.weights.has('site/head.transform')).toBe(true);
    expect(graph.weights.has('site/head.decoder')).toBe(false);
  });
});
