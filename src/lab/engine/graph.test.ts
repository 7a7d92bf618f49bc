import { readdirSync, readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../cli/folder.ts';
import { LabError } from '../errors.ts';
import type { ModelInput } from '../family/model-input.ts';
import { loadModel, type Model, type ModelFiles } from '../model/load.ts';
import type { Site } from '../model/site.ts';
import { findSites as find } from '../model/sites.ts';
import { makeNode, parseOnnx, writeOnnx } from '../onnx/onnx.ts';
import { transpose } from '../onnx/tensors.ts';
import { makeFeeds } from '../probe/batches.ts';
import { emptyAnswers, scorePass } from '../probe/score.ts';
import { tiny, tinyEncoder } from '../test/graphs.ts';
import { plainLogits, type TinyText, tinyFiles, tinyIds, tinyLogits, tinyModel } from '../test/tiny.ts';
import type { Outputs, Session } from './engine.ts';
import { buildProbeGraph, type ProbeGraph, probeIo } from './graph.ts';
import { createOrtEngine } from './ort.ts';

const engine = createOrtEngine(ort, { threads: 2 });
const near = 2e-5;

/** Compares what came out for each pick of a pass with the logits of all words at its place. */
function expectSame(
  outputs: Outputs,
  rows: readonly ModelInput[],
  logitsOf: (row: number, at: number) => ArrayLike<number>,
) {
  const [topIds, ...floats] = [
    outputs[probeIo.topIds] as BigInt64Array,
    ...[probeIo.topValues, probeIo.goldLogits, probeIo.atLeast, probeIo.logSumExp].map(
      (name) => outputs[name] as Float32Array,
    ),
  ];
  const [topValues, goldLogits, atLeast, logSumExp] = floats;
  const picks = rows.flatMap((row, number) => row.picks.map((pick) => ({ ...pick, number })));
  expect(logSumExp).toHaveLength(picks.length);
  const [k, golds] = [topIds, goldLogits].map(({ length }) => length / picks.length);
  picks.forEach(({ at, gold, number }, pick) => {
    const logits = Array.from(logitsOf(number, at));
    const highest = [...logits].sort((a, b) => b - a);
    const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(near);
    const ids = Array.from(topIds.subarray(pick * k, pick * k + k), Number);
    expect(new Set(ids).size).toBe(k);
    ids.forEach((id, place) => {
      close(topValues[pick * k + place], highest[place]);
      close(topValues[pick * k + place], logits[id]);
    });
    gold.forEach((word, i) => {
      close(goldLogits[pick * golds + i], logits[word]);
    });
    close(logSumExp[pick], Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0)));
    // Words that are nearer than the two sums' difference may change places.
    const best = Math.max(...gold.map((word) => logits[word]));
    expect(atLeast[pick]).toBeGreaterThanOrEqual(logits.filter((value) => value >= best + near).length);
    expect(atLeast[pick]).toBeLessThanOrEqual(logits.filter((value) => value >= best - near).length);
  });
}

/** Texts of the length of a tiny model's, all different. */
function texts({ ids, target }: TinyText, count: number): TinyText[] {
  const other = (list: readonly number[], seed: number) =>
    list.map((id, i) => (seed ? 5 + ((id * 7 + i + seed) % 55) : id));
  return Array.from({ length: count }, (_, seed) => ({ ids: other(ids, seed), target: target && other(target, seed) }));
}

describe.each(tinyIds)('the probe graph of %s', (id) => {
  const { text, logits } = tinyLogits(id, readFileSync);
  const length = logits.length;
  let model: Model;
  let graph: ProbeGraph;
  let session: Session;
  beforeAll(async () => {
    model = tinyModel(id, readFileSync);
    graph = buildProbeGraph(model.proto, model.sites);
    session = await engine.open(graph);
  });
  afterAll(() => session.release());

  it('gives PyTorch’s logits at every position of a text', async () => {
    const picks = Array.from({ length }, (_, at) => ({ at, gold: [(17 * at + 3) % 64, 9, (5 * at) % 64] }));
    const rows = [{ ...text, picks }];
    const outputs = await session.run(makeFeeds(rows, graph.inputs));
    expectSame(outputs, rows, (_, at) => logits[at]);
  });

  it('gives the model’s own logits for several texts at once, each with its own picks', async () => {
    const several = texts(text, 3);
    // In any order, one place twice, and as many right words as a pick has.
    const rows = [
      { ...several[0], picks: [{ at: length - 1, gold: [7] }] },
      {
        ...several[1],
        picks: [
          { at: 2, gold: [1, 60, 33, 20] },
          { at: 0, gold: [12] },
          { at: 2, gold: [44] },
        ],
      },
      {
        ...several[2],
        picks: [
          { at: 1, gold: [8, 9] },
          { at: length - 1, gold: [10] },
        ],
      },
    ];
    const plain = await plainLogits(ort, tinyFiles(id, readFileSync), several);
    const outputs = await session.run(makeFeeds(rows, graph.inputs));
    expectSame(outputs, rows, (row, at) => plain[row][at]);
    // The texts differ: a pick that read another text's row would be seen.
    expect(Math.abs(plain[0][2][5] - plain[1][2][5])).toBeGreaterThan(10 * near);
  });

  it('hands every site over by itself, and no weights but those that it reads', () => {
    expect([...graph.sitePaths.keys()]).toEqual(model.sites.map(({ name }) => name));
    for (const { name, shape } of model.sites)
      expect(graph.weights.get(graph.sitePaths.get(name)!)).toHaveLength(shape[0] * shape[1]);
    const read = parseSkeleton(graph.skeleton);
    expect([...graph.matrices!.keys()]).toEqual([...graph.sitePaths.values()]);
    expect([...graph.weights.keys()].sort()).toEqual([...read, ...graph.matrices!.keys()].sort());
  });
});

/** Paths of the external data that a skeleton names. */
function parseSkeleton(skeleton: Uint8Array): Set<string> {
  const text = new TextDecoder('latin1').decode(skeleton);
  const found = new Set<string>();
  // StringStringEntryProto: field 1 "location", field 2 the path with its length before it.
  for (let at = text.indexOf('location'); at >= 0; at = text.indexOf('location', at + 1)) {
    const length = skeleton[at + 9];
    found.add(text.slice(at + 10, at + 10 + length));
  }
  return found;
}

/** A model's graph as it is, with other tensors as outputs. */
function showing({ proto }: Pick<Model, 'proto'>, names: readonly string[]) {
  const output = names.map((name) => ({ ...proto.graph.output[0], name, type: undefined }));
  const skeleton = writeOnnx({ ...proto, graph: { ...proto.graph, output } }) as Uint8Array<ArrayBuffer>;
  return { skeleton, weights: new Map<string, Float32Array>() };
}

/**
 * The model's files with some of a site's weights set to zero, in the file itself.
 *
 * @param gone which weights, by output and input
 */
function edited(
  files: ModelFiles,
  { initializer, shape, transposed }: Site,
  gone: (output: number, input: number) => boolean,
) {
  const [, stack, own] = initializer.match(/^(?:(encoder|decoder)::)?(.*)$/s)!;
  const file = stack ? `${stack}_model.onnx` : 'model.onnx';
  const proto = parseOnnx(files.graphs.get(file)!);
  const tensor = proto.graph.initializer.find(({ name }) => name === own)!;
  const [rows, columns] = shape;
  const width = tensor.rawData.length / (rows * columns);
  tensor.rawData = tensor.rawData.slice();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (!gone(row, column)) continue;
      const place = transposed ? column * rows + row : row * columns + column;
      tensor.rawData.fill(0, place * width, (place + 1) * width);
    }
  return { ...files, graphs: new Map(files.graphs).set(file, writeOnnx(proto)) };
}

/** One layer of each kind, from the last block that has it. */
function oneOfEach(sites: readonly Site[]): Site[] {
  return [...new Map(sites.map((site) => [`${site.stack} ${site.cross} ${site.kind}`, site])).values()];
}

describe.each(tinyIds)('other weights for a layer of %s', (id) => {
  const { text } = tinyLogits(id, readFileSync);
  const files = tinyFiles(id, readFileSync);
  const model = loadModel(files);
  const graph = buildProbeGraph(model.proto, model.sites);
  const last = (text.target ?? text.ids).length - 1;
  const rows = [
    {
      ...text,
      picks: [
        { at: 1, gold: [7] },
        { at: last, gold: [30] },
      ],
    },
  ];
  const feeds = makeFeeds(rows, graph.inputs);
  let session: Session;
  let before: Outputs;
  beforeAll(async () => {
    session = await engine.open(graph);
    before = await session.run(feeds);
  });
  afterAll(() => session.release());

  it.each(oneOfEach(model.sites).map((site) => [site.name, site] as const))(
    'give what the file gives with the same weights in it: %s',
    async (_, site) => {
      // Some outputs' weights, or of a matrix that makes query, key and value the key's.
      const gone = (row: number) => (site.kind === 'query-key-value' ? row >= 16 && row < 32 : row % 3 !== 1);
      const { values } = model.weights.find((entry) => entry.site === site)!;
      const [outputs, inputs] = site.shape;
      const changed = values.map((value, i) => (gone(Math.floor(i / inputs)) ? 0 : value));
      await session.setWeights(new Map([[graph.sitePaths.get(site.name)!, transpose(changed, outputs, inputs)]]));
      const after = await session.run(feeds);
      const [plain] = await plainLogits(ort, edited(files, site, gone), [text]);
      expectSame(after, rows, (_, at) => plain[at]);
      expect(after[probeIo.topValues]).not.toEqual(before[probeIo.topValues]);
    },
  );

  it('are gone again afterwards', async () => {
    const [site] = model.sites;
    await session.setWeights(
      new Map([[graph.sitePaths.get(site.name)!, new Float32Array(site.shape[0] * site.shape[1])]]),
    );
    expect(await session.run(feeds)).not.toEqual(before);
    await session.setWeights(new Map());
    expect(await session.run(feeds)).toEqual(before);
  });
});

describe.each(['tiny-bert', 'tiny-gpt2', 'tiny-t5'] as const)('a last layer that shares its weights (%s)', (id) => {
  /** The files with the last layer's matrix left out: the word embedding, turned, stands for it. */
  function tied(): ModelFiles {
    const files = tinyFiles(id, readFileSync);
    const file = id === 'tiny-t5' ? 'decoder_model.onnx' : 'model.onnx';
    const proto = parseOnnx(files.graphs.get(file)!);
    const { graph } = proto;
    const head = loadModel(files).sites.at(-1)!.initializer.replace('decoder::', '');
    const cast = graph.node.find(({ input }) => input[0] === head)!;
    const embedding = graph.initializer.find(({ dims }) => dims.join() === '64,16')!;
    graph.initializer = graph.initializer.filter(({ name }) => name !== head);
    const at = graph.node.indexOf(cast);
    const turn = makeNode('Transpose', 'turn', [embedding.name!], ['turned'], { perm: [1, 0] });
    cast.input[0] = 'turned';
    graph.node.splice(at, 0, turn);
    return { ...files, graphs: new Map(files.graphs).set(file, writeOnnx(proto)) };
  }
  const { text, logits } = tinyLogits(id, readFileSync);
  const model = loadModel(tied());
  const site = model.sites.at(-1)!;
  const graph = buildProbeGraph(model.proto, model.sites);
  const rows = [{ ...text, picks: logits.map((_, at) => ({ at, gold: [at, 40] })) }];

  it('is known to be tied, and its weights are counted once', () => {
    expect(site).toMatchObject({ kind: 'decoder', tied: true, transposed: false, shape: [64, 16] });
    const apart = tinyModel(id, readFileSync);
    expect(apart.parameters - model.parameters).toBe(64 * 16);
    expect(model.weights.at(-1)!.values).toEqual(apart.weights.at(-1)!.values);
  });

  it('leaves the word embedding as it was when it is compressed', async () => {
    const session = await engine.open(graph);
    expectSame(await session.run(makeFeeds(rows, graph.inputs)), rows, (_, at) => logits[at]);
    const gone = (row: number, column: number) => (row + column) % 2 === 0;
    const { values } = model.weights.at(-1)!;
    const changed = values.map((value, i) => (gone(Math.floor(i / 16), i % 16) ? 0 : value));
    await session.setWeights(new Map([[graph.sitePaths.get(site.name)!, transpose(changed, 64, 16)]]));
    const outputs = await session.run(makeFeeds(rows, graph.inputs));
    await session.release();
    // The file in which the two lie apart, with the last layer's copy changed and the embedding's not.
    const files = tinyFiles(id, readFileSync);
    const [plain] = await plainLogits(ort, edited(files, loadModel(files).sites.at(-1)!, gone), [text]);
    expectSame(outputs, rows, (_, at) => plain[at]);
  });
});

describe.each(readdirSync('public/models'))('the probe graph of the shipped %s', (id) => {
  it('is small without its weights, which it reads once each', async () => {
    const model = await openModel(id);
    const graph = buildProbeGraph(model.proto, model.sites);
    expect(graph.skeleton.length).toBeLessThan(400_000);
    expect(new Set(graph.sitePaths.values()).size).toBe(model.sites.length);
    const handed = [...graph.weights.values()].reduce((sum, { length }) => sum + length, 0);
    // The last layer's weights stand there a second time: compressing it leaves the word embedding alone.
    const twice = model.weights.filter(({ site }) => site.tied).reduce((sum, { values }) => sum + values.length, 0);
    expect(handed).toBeLessThanOrEqual(model.parameters + twice);
    expect(handed).toBeGreaterThan(0.95 * (model.parameters + twice));
  });
});

const findSites = (model: ReturnType<typeof tinyEncoder>) =>
  find(model.graph, { family: 'encoder', stack: 'encoder', hasLogits: true });

/** A small graph's own output for token numbers, without any of the lab's surgery. */
async function openWhole(model: ReturnType<typeof tinyEncoder>, output = 'logits') {
  const session = await engine.open(showing({ proto: model }, [output]));
  return async (rows: readonly (readonly number[])[]) => {
    const data = BigInt64Array.from(rows.flat(), BigInt);
    const outputs = await session.run({ input_ids: { data, dims: [rows.length, rows[0].length] } });
    return outputs[output] as Float32Array;
  };
}

describe('the probe graph of a graph made by hand', () => {
  const ids = [
    [3, 7, 1, 0],
    [11, 2, 2, 5],
    [4, 6, 8, 10],
  ];
  const asked: ModelInput[] = ids.map((row, index) => ({
    ids: row,
    target: null,
    picks: [{ at: index, gold: [index, 9] }],
  }));

  /** A graph that subtracts each token's mean before its head. */
  function centred() {
    const model = tinyEncoder();
    const at = model.graph.node.findIndex(({ name }) => name === 't');
    model.graph.node[at].input[0] = 'centred';
    const mean = makeNode('ReduceMean', '', ['block'], ['mean'], { axes: [-1], keepdims: 1 });
    model.graph.node.splice(at, 0, mean, makeNode('Sub', '', ['block', 'mean'], ['centred']));
    return model;
  }

  it.each([
    ['with MatMul', tinyEncoder()],
    ['with Gemm and transB', tinyEncoder({ gemm: true })],
    ['with a mean of each token', centred()],
  ])('says what the graph itself says (%s)', async (_, model) => {
    const logits = await (await openWhole(model))(ids);
    const graph = buildProbeGraph(model, findSites(model), { topK: 3 });
    expect(graph.topK).toBe(3);
    const session = await engine.open(graph);
    expectSame(await session.run(makeFeeds(asked, graph.inputs)), asked, (row, at) => {
      const start = (row * ids[0].length + at) * tiny.vocabulary;
      return logits.subarray(start, start + tiny.vocabulary);
    });
    await session.release();
  });

  it('does not need its nodes to have names', async () => {
    const named = tinyEncoder();
    const nameless = tinyEncoder();
    for (const node of nameless.graph.node) node.name = '';
    const answers = [];
    for (const model of [named, nameless]) {
      const graph = buildProbeGraph(model, findSites(model), { topK: 3 });
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
    const graph = buildProbeGraph(model, findSites(model));
    const session = await engine.open(graph);
    const decoder = graph.sitePaths.get('head.decoder')!;
    await session.setWeights(new Map([[decoder, graph.weights.get(decoder)!.map(() => Number.NaN)]]));
    const outputs = await session.run(makeFeeds(asked, graph.inputs));
    const answers = emptyAnswers(3);
    scorePass(outputs, asked, tiny.vocabulary, answers, [0, 1, 2]);
    expect([...answers.ranks]).toEqual([12, 12, 12]);
    await session.release();
  });

  it('refuses old operator sets', () => {
    const model = tinyEncoder();
    model.opsetImport[0].version = 12n;
    expect(() => buildProbeGraph(model, findSites(model))).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('operator set 12') }),
    );
  });

  it('refuses logits in which words of several prompts are mixed', () => {
    const model = tinyEncoder();
    model.graph.node.push(makeNode('Softmax', 'mixed', ['logits'], ['mixed'], { axis: 0 }));
    model.graph.output[0].name = 'mixed';
    expect(() => buildProbeGraph(model, findSites(model))).toThrow(expect.objectContaining({ kind: 'bad-model' }));
  });
});

describe('a session', () => {
  it('counts its passes, and refuses to run once it was released', async () => {
    const model = tinyEncoder();
    const graph = buildProbeGraph(model, findSites(model), { topK: 3 });
    const session = await engine.open(graph);
    const feeds = makeFeeds([{ ids: [1, 2], target: null, picks: [{ at: 1, gold: [3] }] }], graph.inputs);
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
