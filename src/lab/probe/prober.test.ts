import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecipe } from '../compress/recipe.ts';
import { sitesOf } from '../compress/scope.ts';
import { createOrtEngine } from '../engine/ort.ts';
import { LabError } from '../errors.ts';
import type { Row } from '../family/row.ts';
import { loadModel, type ModelFiles } from '../model/load.ts';
import { parseOnnx, writeOnnx } from '../model/onnx.ts';
import { logProb, plainLogits, tinyFiles, tinyIds, tinyLogits, tinyModel } from '../model/tiny.ts';
import { modelFeeds } from './batches.ts';
import { Prober, type Question } from './prober.ts';

const engine = createOrtEngine(ort, { threads: 2 });
const recipe = (...steps: object[]) => parseRecipe(steps);

/** A fact whose only answer has one token. */
const fact = (row: Omit<Row, 'picks'>, at: number, gold: number): Question => ({
  kind: 'fact',
  right: 0,
  rows: [[{ ...row, picks: [{ at, gold: [gold] }] }]],
});

describe('a prober', () => {
  const ids = (length: number, seed: number) => Array.from({ length }, (_, i) => 5 + ((i * 7 + seed * 11) % 50));
  const text = (length: number, seed: number) => ({ ids: ids(length, seed), target: null });
  /** Texts of several lengths in no order: facts, one with an answer of three tokens, and a choice. */
  const questions: Question[] = [
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
      breathe: async () => {
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
      breathe: async () => {
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
    const row: Row = { ...text(9, 1), picks: [{ at: 3, gold: [20] }] };
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
  const row: Row = { ...text, picks: [{ at, gold: [7] }] };
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

  /** √Σx² of what enters each of the layers, of the text, from the graph as it is. */
  async function inputNorms(): Promise<number[][]> {
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
      const energy = Array<number>(width).fill(0);
      (outputs[tensor] as Float32Array).forEach((value, i) => {
        energy[i % width] += value * value;
      });
      return energy.map(Math.sqrt);
    });
  }
});
