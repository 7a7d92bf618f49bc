import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivationQuantizer } from '../compress/method.ts';
import { methods } from '../compress/methods/index.ts';
import { parseRecipe } from '../compress/recipe.ts';
import { sitesOf } from '../compress/scope.ts';
import type { Engine } from '../engine/engine.ts';
import { buildProbeGraph, probeIo } from '../engine/graph.ts';
import { createOrtEngine } from '../engine/ort.ts';
import { LabError } from '../errors.ts';
import type { ModelInput } from '../family/model-input.ts';
import { loadModel, type ModelFiles } from '../model/load.ts';
import { parseOnnx, writeOnnx } from '../onnx/onnx.ts';
import { logProb, plainLogits, tinyFiles, tinyIds, tinyLogits, tinyModel } from '../test/tiny.ts';
import type { Preparing } from '../work.ts';
import { makeFeeds, modelFeeds } from './batches.ts';
import { type ProbeQuestion, Prober } from './prober.ts';

const engine = createOrtEngine(ort, { threads: 2 });
const recipe = (...steps: object[]) => parseRecipe(steps);

/** A fact whose only answer has one token. */
const fact = (row: Omit<ModelInput, 'picks'>, at: number, gold: number): ProbeQuestion => ({
  kind: 'fact',
  right: 0,
  rows: [[{ ...row, picks: [{ at, gold: [gold] }] }]],
});

describe('a prober', () => {
  const ids = (length: number, seed: number) => Array.from({ length }, (_, i) => 5 + ((i * 7 + seed * 11) % 50));
  const text = (length: number, seed: number) => ({ ids: ids(length, seed), target: null });
  /** Texts of several lengths in no order: facts, one with an answer of three tokens, and a choice. */
  const questions: ProbeQuestion[] = [
    fact(text(9, 1), 3, 20),
    fact(text(4, 2), 1, 21),
    { kind: 'fact', right: 0, rows: [[4, 5, 6].map((at) => ({ ...text(9, 3), picks: [{ at, gold: [at] }] }))] },
    {
      kind: 'choice',
      right: 1,
      rows: [4, 6, 5].map((length) => [
        {
          ...text(length, 4),
          picks: [
            { at: 1, gold: [9] },
            { at: 2, gold: [10] },
          ],
        },
      ]),
    },
    fact(text(4, 5), 2, 22),
    ...Array.from({ length: 40 }, (_, seed) => fact(text(6, seed), 2, 30)),
  ];
  let prober: Prober;
  beforeAll(async () => {
    prober = await Prober.open(tinyModel('tiny-bert', readFileSync), engine, () => []);
  });
  afterAll(() => prober.close());

  it('answers in the order asked, whatever lengths go together', async () => {
    const together = await prober.predict(questions);
    for (const at of [0, 1, 2, 3, 4, 20, 44]) {
      const alone = await prober.predict([questions[at]]);
      expect(together.ranks[at]).toBe(alone.ranks[0]);
      expect(together.goldLogProbs[at]).toBeCloseTo(alone.goldLogProbs[0], 4);
      expect([...together.topIds.subarray(5 * at, 5 * at + 2)]).toEqual([...alone.topIds.subarray(0, 2)]);
    }
    expect(new Set(together.goldLogProbs).size).toBeGreaterThan(40);
  });

  it('gives what the model’s own logits come to', async () => {
    const { ranks, goldLogProbs, topIds, topLogProbs } = await prober.predict(questions);
    const files = tinyFiles('tiny-bert', readFileSync);
    const [own] = await plainLogits(ort, files, [text(9, 1)]);
    const logits = own[3];
    expect(goldLogProbs[0]).toBeCloseTo(logProb(logits, 20), 4);
    expect(ranks[0]).toBe([...logits].filter((value) => value >= logits[20]).length);
    const best = logits.indexOf(Math.max(...logits));
    expect(topIds[0]).toBe(best);
    expect(topLogProbs[0]).toBeCloseTo(logProb(logits, best), 4);
    const sums: number[] = [];
    for (const length of [4, 6, 5]) {
      const [option] = await plainLogits(ort, files, [text(length, 4)]);
      sums.push(logProb(option[1], 9) + logProb(option[2], 10));
    }
    expect(goldLogProbs[3]).toBeCloseTo(sums[1], 4);
    expect(ranks[3]).toBe(sums.filter((sum) => sum >= sums[1]).length);
  });

  it('tells how far it is, up to all of them, and lets others work between its passes', async () => {
    const told: number[] = [];
    let breaths = 0;
    const runs = engine.runs;
    await prober.predict(questions, {
      onProgress: (done) => told.push(done),
      yieldNow: async () => {
        breaths++;
      },
    });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(questions.length);
    expect(breaths).toBe(engine.runs - runs);
    expect(told).toHaveLength(breaths);
  });

  it('stops between two passes when it is told to', async () => {
    const signal = { aborted: false };
    const runs = engine.runs;
    const work = prober.predict(questions, {
      signal: signal as AbortSignal,
      yieldNow: async () => {
        signal.aborted = true;
      },
    });
    await expect(work).rejects.toMatchObject({ kind: 'cancelled' });
    expect(engine.runs).toBe(runs + 1);
  });

  it('has nothing to say of nothing', async () => {
    expect((await prober.predict([])).ranks).toHaveLength(0);
  });

  it('gives raw logits: the highest ones and the sum that makes them probabilities', async () => {
    const row: ModelInput = { ...text(9, 1), picks: [{ at: 3, gold: [20] }] };
    const [own] = await plainLogits(ort, tinyFiles('tiny-bert', readFileSync), [row]);
    const [answer] = await prober.logits([row]);
    const falling = [...own[3].keys()].sort((a, b) => own[3][b] - own[3][a]);
    expect(answer.ids.slice(0, 3)).toEqual(falling.slice(0, 3));
    answer.ids.forEach((id, place) => {
      expect(answer.logits[place]).toBeCloseTo(own[3][id], 4);
    });
    expect(answer.logits[0] - answer.logSumExp).toBeCloseTo(logProb(own[3], answer.ids[0]), 4);
  });

  it('refuses a graph that the runtime cannot run', async () => {
    const model = tinyModel('tiny-bert', readFileSync);
    model.proto.graph.node[20].opType = 'Telepathy';
    const error = await Prober.open(model, engine, () => []).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ kind: 'bad-model', message: expect.stringContaining('Telepathy') });
  });
});

/** The files with each matrix of some sites changed by hand, in [outputs, inputs] order, where the weights stay float16. */
function prunedFiles(
  files: ModelFiles,
  names: readonly string[],
  keep: (values: Float32Array, columns: number) => boolean[],
) {
  const model = loadModel(files);
  const graphs = new Map([...files.graphs].map(([file, bytes]) => [file, parseOnnx(bytes)]));
  for (const { site, values } of model.weights.filter((entry) => names.includes(entry.site.name))) {
    const [, stack, own] = site.initializer.match(/^(?:(encoder|decoder)::)?(.*)$/s)!;
    const { graph } = graphs.get(stack ? `${stack}_model.onnx` : 'model.onnx')!;
    const tensor = graph.initializer.find(({ name }) => name === own)!;
    const [rows, columns] = site.shape;
    const width = tensor.rawData.length / values.length;
    const kept = keep(values, columns);
    tensor.rawData = tensor.rawData.slice();
    kept.forEach((stays, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const place = site.transposed ? column * rows + row : i;
      if (!stays) tensor.rawData.fill(0, place * width, (place + 1) * width);
    });
  }
  return { ...files, graphs: new Map([...graphs].map(([file, proto]) => [file, writeOnnx(proto)])) };
}

/** Half of the smallest values go. */
const halfOf = (values: readonly number[]) => {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const gone = new Set(order.slice(0, Math.round(values.length / 2)));
  return values.map((_, i) => !gone.has(i));
};

describe.each(tinyIds)('compressing %s', (id) => {
  const files = tinyFiles(id, readFileSync);
  const { text, logits } = tinyLogits(id, readFileSync);
  const at = logits.length - 1;
  const row: ModelInput = { ...text, picks: [{ at, gold: [7] }] };
  const names = sitesOf('mlp', loadModel(files).sites).map(({ name }) => name);
  let prober: Prober;
  beforeAll(async () => {
    prober = await Prober.open(loadModel(files), engine, () => [row]);
  });
  afterAll(() => prober.close());

  const expectLike = async (changed: ModelFiles) => {
    const [answer] = await prober.logits([row]);
    const [own] = await plainLogits(ort, changed, [text]);
    answer.ids.forEach((word, place) => {
      expect(Math.abs(answer.logits[place] - own[at][word])).toBeLessThan(2e-5);
    });
    expect(answer.logits[0] - answer.logSumExp).toBeCloseTo(logProb(own[at], answer.ids[0]), 4);
    return answer;
  };

  it('gives what the files give with the same weights pruned in them, and says how many', async () => {
    const before = await expectLike(files);
    const report = await prober.compress(recipe({ method: 'magnitude-layer', scope: 'mlp', sparsity: 0.5 }));
    const after = await expectLike(prunedFiles(files, names, (values) => halfOf([...values].map(Math.abs))));
    expect(after).not.toEqual(before);
    expect(report.sites.map(({ name }) => name)).toEqual(names);
    expect(report.touched?.sparsity).toBeCloseTo(0.5, 2);
  });

  it('starts from the uncompressed model each time', async () => {
    await prober.compress(recipe({ method: 'rtn', scope: 'overall', bits: 2 }));
    const [rounded] = await prober.logits([row]);
    await prober.compress([]);
    expect(await expectLike(files)).not.toEqual(rounded);
  });

  it('weighs by activations of the uncompressed model on the texts that it was opened with', async () => {
    const norms = await inputNorms();
    const report = await prober.compress(
      recipe({ method: 'rtn', scope: 'attention', bits: 3 }, { method: 'wanda', scope: 'mlp', sparsity: 0.5 }),
    );
    expect(report.sites.length).toBeGreaterThan(names.length);
    await prober.compress(recipe({ method: 'wanda', scope: 'mlp', sparsity: 0.5 }));
    let number = 0;
    await expectLike(
      prunedFiles(files, names, (values, columns) => {
        const norm = norms[number++];
        return Array.from({ length: values.length / columns }, (_, row) =>
          halfOf(
            Array.from(values.subarray(row * columns, (row + 1) * columns), (value, i) => Math.abs(value) * norm[i]),
          ),
        ).flat();
      }),
    );
  });

  it('tells how far the outputs of the changed layers are from what they were', async () => {
    await prober.compress(recipe({ method: 'magnitude-layer', scope: 'mlp', sparsity: 0.5 }));
    const made = await prober.reconstruction();
    expect(made.map(({ site }) => site)).toEqual(names);
    const inputs = await inputsOf();
    made.forEach(({ site, relativeError, varianceShare, snrDb }, i) => {
      const { values, site: place } = prober.model.weights.find((entry) => entry.site.name === site)!;
      const kept = halfOf([...values].map(Math.abs));
      const [, columns] = place.shape;
      let [error, signal] = [0, 0];
      for (const x of inputs[i])
        for (let start = 0; start < values.length; start += columns) {
          let [whole, lost] = [0, 0];
          x.forEach((value, c) => {
            whole += values[start + c] * value;
            if (!kept[start + c]) lost += values[start + c] * value;
          });
          signal += whole * whole;
          error += lost * lost;
        }
      expect(relativeError / (error / signal)).toBeCloseTo(1, 4);
      expect(varianceShare).toBeGreaterThan(relativeError);
      expect(snrDb).toBeCloseTo(-10 * Math.log10(relativeError), 9);
    });
    await prober.compress([]);
    expect(await prober.reconstruction()).toEqual([]);
  });

  it('counts a layer’s weights before and after, and says of an untouched one that nothing changed', async () => {
    const { sites, family } = prober.model;
    const scope = family === 'encoder-decoder' ? 'encoder-block-1.output' : 'block-1.output';
    await prober.compress(recipe({ method: 'magnitude-layer', scope, sparsity: 0.5 }));
    const touched = sitesOf(scope, sites)[0].name;
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    const { before, after, zerosBefore, zerosAfter } = await prober.histogram(touched, 21);
    expect(zerosBefore).toBe(0);
    expect(zerosAfter).toBe(sum(before) / 2);
    expect(sum(after)).toBe(zerosAfter);
    // The smallest half is gone: what is left at the ends is all that was there.
    expect([after[0], after.at(-1)]).toEqual([before[0], before.at(-1)]);
    const other = names.find((name) => name !== touched)!;
    const same = await prober.histogram(other, 21);
    expect(same.after).toEqual(same.before);
    await expect(prober.histogram('encoder.99.attention.query', 21)).rejects.toMatchObject({ kind: 'internal' });
  });

  /** √Σx² of what enters each of the layers, of the text. */
  async function inputNorms(): Promise<number[][]> {
    return (await inputsOf()).map((tokens) =>
      tokens[0].map((_, c) => Math.sqrt(tokens.reduce((sum, x) => sum + x[c] * x[c], 0))),
    );
  }

  /** What enters each of the layers, a list of tokens, from the graph as it is. */
  async function inputsOf(): Promise<number[][][]> {
    const model = loadModel(files);
    const wanted = names.map((name) => {
      const { node, shape } = model.sites.find((site) => site.name === name)!;
      const { input } = model.proto.graph.node.find(({ output }) => output[0] === node)!;
      return { tensor: input[0], width: shape[1] };
    });
    const [output] = model.proto.graph.output;
    model.proto.graph.output = [...new Set(wanted.map(({ tensor }) => tensor))].map((name) => ({
      ...output,
      name,
      type: undefined,
    }));
    const skeleton = writeOnnx(model.proto) as Uint8Array<ArrayBuffer>;
    const session = await engine.open({ skeleton, weights: new Map() });
    const inputs = model.proto.graph.input.map(({ name = '' }) => name);
    const outputs = await session.run(modelFeeds([row], inputs));
    await session.release();
    return wanted.map(({ tensor, width }) => {
      const values = Array.from(outputs[tensor] as Float32Array);
      return Array.from({ length: values.length / width }, (_, t) => values.slice(t * width, (t + 1) * width));
    });
  }
});

describe.each(tinyIds)('texts of several lengths in one pass of %s', (id) => {
  const isTwoHalves = id === 'tiny-t5';
  const questions = Array.from({ length: 60 }, (_, seed): ProbeQuestion => {
    const ids = Array.from({ length: 4 + (seed % 7) }, (_, at) => 5 + ((at * 7 + seed * 11) % 50));
    const target = isTwoHalves ? [0, 40 + (seed % 9)] : null;
    return fact({ ids, target }, isTwoHalves ? 1 : ids.length - 2, 6 + (seed % 40));
  });

  it('are padded where that is cheaper, and get the answers that they have by themselves', async () => {
    const model = tinyModel(id, readFileSync);
    const padding: Engine = {
      ...engine,
      get runs() {
        return engine.runs;
      },
      batch: { rows: 64, picks: 64, tokens: 4096, passCost: 1000 },
    };
    const [alone, together] = [await Prober.open(model, engine, () => []), await Prober.open(model, padding, () => [])];
    const expected = await alone.predict(questions);
    const before = engine.runs;
    const found = await together.predict(questions);
    // Models that cannot be told what padding is are asked length by length.
    const passes = engine.runs - before;
    expect(passes).toBe(model.proto.graph.input.some(({ name }) => name === 'attention_mask') ? 1 : 7);
    found.goldLogProbs.forEach((value, at) => {
      expect(Math.abs(value - expected.goldLogProbs[at])).toBeLessThan(2e-5);
    });
    expect(Array.from(found.ranks)).toEqual(Array.from(expected.ranks));
    await Promise.all([alone.close(), together.close()]);
  });
});

describe('what a recipe needs', () => {
  const texts = Array.from(
    { length: 40 },
    (_, seed): ModelInput => ({
      ids: [2, ...Array.from({ length: 2 + (seed % 4) }, (_, at) => 5 + ((at * 7 + seed * 11) % 50)), 3],
      target: null,
      picks: [{ at: 1, gold: [7] }],
    }),
  );
  const wanda = (more: object = {}) =>
    recipe({ method: 'wanda', scope: 'attention', sparsity: 0.5, prompts: 16, ...more });
  let opened = 0;
  let asked = 0;
  const counting: Engine = {
    backend: 'wasm',
    device: 'counting',
    lanes: 1,
    batch: engine.batch,
    ranking: 'graph',
    get runs() {
      return engine.runs;
    },
    open: (graph, changed) => {
      opened++;
      return engine.open(graph, changed);
    },
  };
  let prober: Prober;
  beforeEach(async () => {
    prober = await Prober.open(tinyModel('tiny-bert', readFileSync), counting, () => {
      asked++;
      return texts;
    });
    [opened, asked] = [0, 0];
    return () => prober.close();
  });

  it('is not even asked for while nothing needs it', async () => {
    await prober.compress(recipe({ method: 'rtn', bits: 4 }));
    expect([opened, asked]).toEqual([0, 0]);
  });

  it('is measured once for each set of texts, of the last few of them', async () => {
    const sets = [{}, { seed: 3 }, { text: 'random' }, { prompts: 24 }];
    const logits = [];
    for (const more of sets) {
      await prober.compress(wanda(more));
      logits.push(JSON.stringify(await prober.logits([texts[5]])));
    }
    expect([opened, asked]).toEqual([4, 4]);
    // Other texts, other norms, other weights.
    expect(new Set(logits).size).toBe(4);
    const runs = engine.runs;
    for (const [i, more] of sets.entries()) {
      await prober.compress(wanda({ sparsity: 0.25, ...more }));
      await prober.compress(wanda(more));
      expect(JSON.stringify(await prober.logits([texts[5]]))).toBe(logits[i]);
    }
    expect([opened, engine.runs - runs]).toEqual([4, 4]);
    await prober.compress(wanda({ seed: 4 }));
    await prober.compress(wanda({ text: 'random', sparsity: 0.75 }));
    expect(opened).toBe(5);
    // The first one has not been asked for longest.
    await prober.compress(wanda({ sparsity: 0.75 }));
    expect(opened).toBe(6);
  });

  it('takes norms from what was measured with a Gram matrix, to the same bits', async () => {
    await prober.compress(wanda({ prompts: 256 }));
    const before = await prober.logits([texts[5]]);
    expect(opened).toBe(1);
    await prober.reconstruction();
    expect(opened).toBe(2);
    await prober.reconstruction();
    await prober.compress(wanda({ prompts: 256 }));
    expect(opened).toBe(2);
    expect(await prober.logits([texts[5]])).toEqual(before);
  });

  it('is told while it is measured, and then that weights are changed', async () => {
    const told: Preparing[] = [];
    let breaths = 0;
    const yieldNow = async () => {
      breaths++;
    };
    await prober.compress(wanda(), { onProgress: (step) => told.push(step), yieldNow });
    expect(told[0]).toEqual({ phase: 'calibrating', share: 0 });
    const calibrating = told.filter(({ phase }) => phase === 'calibrating').map(({ share }) => share);
    expect(calibrating).toEqual([...calibrating].sort((a, b) => a - b));
    expect(calibrating.at(-1)).toBe(1);
    // Four lengths, a pass each.
    expect(breaths).toBeGreaterThanOrEqual(4);
    expect(told[calibrating.length]).toEqual({ phase: 'compressing', share: 0 });
  });

  it('stops in the middle of measuring, and leaves the model as it was', async () => {
    await prober.compress(recipe({ method: 'rtn', bits: 3 }));
    const before = await prober.logits([texts[5]]);
    const controller = new AbortController();
    const runs = engine.runs;
    const stopped = prober.compress(wanda(), {
      signal: controller.signal,
      yieldNow: async () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
    expect(engine.runs).toBe(runs + 1);
    expect(await prober.logits([texts[5]])).toEqual(before);
    await prober.compress(wanda());
    expect(await prober.logits([texts[5]])).not.toEqual(before);
  });

  it('stops in the middle of compressing, and leaves the model as it was', async () => {
    const before = await prober.logits([texts[5]]);
    const controller = new AbortController();
    const spy = vi.spyOn(methods.rtn, 'apply').mockImplementation(function* (matrices) {
      const end = performance.now() + 60;
      while (performance.now() < end);
      yield 0.5;
      expect.unreachable('it was stopped');
      return [...matrices];
    });
    const told: Preparing[] = [];
    const stopped = prober.compress(recipe({ method: 'rtn', bits: 2 }), {
      signal: controller.signal,
      onProgress: (step) => told.push(step),
      yieldNow: async () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
    spy.mockRestore();
    expect(told).toEqual([{ phase: 'compressing', share: 0.5 }]);
    expect(await prober.logits([texts[5]])).toEqual(before);
  });

  describe('of activations', () => {
    const quantizer: ActivationQuantizer = { kind: 'text-affine', top: 127 };
    /** Leaves weights as they are, and has activations rounded. */
    const rounding = () =>
      vi.spyOn(methods.rtn, 'apply').mockImplementation(function* (matrices) {
        yield 1;
        return matrices.map((matrix) => ({ ...matrix, values: matrix.values.slice(), activations: quantizer }));
      });

    it('is rounded in the graph, in one session more, and not any more afterwards', async () => {
      const plain = await prober.logits([texts[5]]);
      const spy = rounding();
      await prober.compress(recipe({ method: 'rtn', scope: 'attention' }));
      spy.mockRestore();
      expect(opened).toBe(1);
      const rounded = await prober.logits([texts[5]]);
      const { proto, sites } = prober.model;
      const quantizers = new Map(sitesOf('attention', sites).map(({ name }) => [name, quantizer]));
      const graph = buildProbeGraph(proto, sites, { quantizers });
      const session = await engine.open(graph);
      const outputs = await session.run(makeFeeds([texts[5]], graph.inputs));
      await session.release();
      expect(rounded[0].logits).toEqual(Array.from(outputs[probeIo.topValues] as Float32Array));
      expect(rounded).not.toEqual(plain);
      // The weights are the same; how activations are rounded is no part of it.
      expect((await prober.reconstruction()).map(({ relativeError }) => relativeError)).toEqual([0, 0, 0, 0, 0, 0]);
      opened = 0;
      await prober.compress([]);
      expect(await prober.logits([texts[5]])).toEqual(plain);
      await prober.compress([]);
      expect(opened).toBe(1);
    });

    it('can be tried again where the runtime refused it', async () => {
      const plain = await prober.logits([texts[5]]);
      const spy = rounding();
      const fails = vi.spyOn(counting, 'open').mockRejectedValueOnce(new LabError('device-lost', 'Gone.'));
      const failed = prober.compress(recipe({ method: 'rtn' }));
      await expect(failed).rejects.toMatchObject({ kind: 'device-lost' });
      await expect(prober.logits([texts[5]])).rejects.toMatchObject({ kind: 'internal' });
      spy.mockRestore();
      fails.mockRestore();
      await prober.compress([]);
      expect(await prober.logits([texts[5]])).toEqual(plain);
    });
  });
});
