import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import type { Model } from '../model/load.ts';
import type { Site } from '../model/site.ts';
import { findSites as find } from '../model/sites.ts';
import { writeOnnx } from '../onnx/onnx.ts';
import { modelFeeds } from '../probe/batches.ts';
import { tinyEncoder } from '../test/graphs.ts';
import { tinyIds, tinyLogits, tinyModel } from '../test/tiny.ts';
import { type ActivationGraph, buildActivationGraph } from './activation-graph.ts';
import type { Feeds, Graph, Outputs } from './engine.ts';
import { buildProbeGraph } from './graph.ts';
import { createOrtEngine } from './ort.ts';

const engine = createOrtEngine(ort, { threads: 2 });

/** One pass through a graph. */
async function run(graph: Graph, feeds: Feeds): Promise<Outputs> {
  const session = await engine.open(graph);
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

/** What enters each site, from the graph as it is: none of the lab's surgery. */
async function inputsOf({ proto, sites }: Pick<Model, 'proto' | 'sites'>, feeds: Feeds) {
  const tensors = sites.map(({ node }) => proto.graph.node.find(({ output }) => output[0] === node)!.input[0]);
  const output = [...new Set(tensors)].map((name) => ({ ...proto.graph.output[0], name, type: undefined }));
  const skeleton = writeOnnx({ ...proto, graph: { ...proto.graph, output } }) as Uint8Array<ArrayBuffer>;
  const outputs = await run({ skeleton, weights: new Map() }, feeds);
  return new Map(sites.map(({ name }, i) => [name, outputs[tensors[i]] as Float32Array]));
}

const total = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0);

/** Compares what came out for each site with sums over its inputs. */
async function expectSums(
  graph: ActivationGraph,
  outputs: Outputs,
  model: Pick<Model, 'proto' | 'sites'>,
  feeds: Feeds,
) {
  const inputs = await inputsOf(model, feeds);
  expect([...graph.outputs.keys()]).toEqual(model.sites.map(({ name }) => name));
  for (const { name, shape } of model.sites as Site[]) {
    const columns = shape[1];
    const values = inputs.get(name)!;
    const tokens = values.length / columns;
    const names = graph.outputs.get(name)!;
    expect(Array.from(outputs[names.tokens] as BigInt64Array, Number)).toEqual([tokens, columns]);
    const features = Array.from({ length: columns }, (_, c) =>
      Array.from({ length: tokens }, (_, t) => values[t * columns + c]),
    );
    const part = (output: string) => outputs[output] as Float32Array;
    const worst = new Map<string, number>();
    // Sums of float32 are off by what their terms are large, not by what is left of them.
    const compare = (output: string, at: number, terms: readonly number[]) => {
      const off = Math.abs(part(output)[at] - total(terms)) / Math.max(0.01, total(terms.map(Math.abs)));
      worst.set(output, Math.max(worst.get(output) ?? 0, off));
    };
    expect(part(names.energy)).toHaveLength(columns);
    features.forEach((x, c) => {
      compare(names.sum, c, x);
      compare(names.absSum, c, x.map(Math.abs));
      compare(
        names.energy,
        c,
        x.map((value) => value * value),
      );
      compare(names.absMax, c, [Math.max(...x.map(Math.abs))]);
      if (names.gram === null) return;
      features.forEach((y, d) => {
        compare(
          names.gram!,
          c * columns + d,
          x.map((value, t) => value * y[t]),
        );
      });
    });
    expect([...worst.values()].filter((off) => !(off < 1e-4))).toEqual([]);
    expect(worst.size).toBe(names.gram === null ? 4 : 5);
    expect(Math.max(...part(names.energy))).toBeGreaterThan(1e-4);
  }
}

describe.each(tinyIds)('the activation graph of %s', (id) => {
  const { text } = tinyLogits(id, readFileSync);
  const model = tinyModel(id, readFileSync);
  const rows = [0, 1].map((seed) => {
    const other = (ids: readonly number[]) => ids.map((word, i) => (seed ? 5 + ((word * 7 + i) % 55) : word));
    return { ids: other(text.ids), target: text.target && other(text.target), picks: [] };
  });

  it('sums up what enters each layer, over all tokens of all texts', async () => {
    const graph = buildActivationGraph(model.proto, model.sites, { withGram: true });
    const feeds = modelFeeds(rows, graph.inputs);
    const whole = modelFeeds(
      rows,
      model.proto.graph.input.map(({ name = '' }) => name),
    );
    const outputs = await run(graph, feeds);
    await expectSums(graph, outputs, model, whole);
    // What is asked for beside them changes no bit of the others, nor do weights that were read before.
    const { weights } = buildProbeGraph(model.proto, model.sites);
    const few = buildActivationGraph(model.proto, model.sites, { weights });
    const same = await run(few, feeds);
    for (const names of graph.outputs.values()) {
      const { gram, ...others } = names;
      for (const output of Object.values(others)) expect(same[output]).toEqual(outputs[output]);
      expect(Object.keys(same)).not.toContain(gram);
    }
    expect([...few.outputs.values()].every(({ gram }) => gram === null)).toBe(true);
    expect(few.weights.get('site/head.decoder')).toBeUndefined();
    for (const [path, values] of few.weights) expect(values).toBe(weights.get(path));
  });
});

describe('the activation graph of a graph made by hand', () => {
  const findSites = (model: ReturnType<typeof tinyEncoder>) =>
    find(model.graph, { family: 'encoder', stack: 'encoder', hasLogits: true });
  const ids = [3n, 7n, 1n, 11n, 2n, 2n];
  const feeds = { input_ids: { data: BigInt64Array.from(ids), dims: [2, 3] } };

  it.each([
    ['with MatMul', 17, false],
    ['with Gemm, without node names', 17, true],
    ['where all reductions take their axes as tensors', 18, false],
  ])('sums up what enters each layer (%s)', async (_, opset, gemm) => {
    const proto = tinyEncoder({ gemm });
    proto.opsetImport[0].version = BigInt(opset);
    if (gemm) for (const node of proto.graph.node) node.name = '';
    const model = { proto, sites: findSites(proto) };
    const graph = buildActivationGraph(proto, model.sites, { withGram: true });
    await expectSums(graph, await run(graph, feeds), model, feeds);
  });

  it('gives layers that read the same tensor the same sums', () => {
    const proto = tinyEncoder();
    const { outputs } = buildActivationGraph(proto, findSites(proto));
    expect(outputs.get('encoder.0.attention.key')).toBe(outputs.get('encoder.0.attention.query'));
    expect(outputs.get('encoder.0.attention.output')).not.toBe(outputs.get('encoder.0.attention.query'));
    expect(new Set(outputs.values()).size).toBe(6);
  });

  it('measures what enters the first layers as the embeddings have it', async () => {
    const proto = tinyEncoder();
    const graph = buildActivationGraph(proto, findSites(proto));
    const outputs = await run(graph, { input_ids: { data: BigInt64Array.of(5n, 5n, 9n), dims: [1, 3] } });
    const embedding = proto.graph.initializer.find(({ name }) => name === 'embedding')!;
    const rows = new Float32Array(new Uint8Array(embedding.rawData).buffer);
    const { energy } = graph.outputs.get('encoder.0.attention.key')!;
    for (const [i, value] of (outputs[energy] as Float32Array).entries())
      expect(value).toBeCloseTo(2 * rows[20 + i] ** 2 + rows[36 + i] ** 2, 5);
  });

  it('does not carry the decoder, whose result nobody asks for', () => {
    const proto = tinyEncoder();
    const graph = buildActivationGraph(proto, findSites(proto));
    expect(graph.weights.has('site/head.transform')).toBe(true);
    expect(graph.weights.has('site/head.decoder')).toBe(false);
  });
});
