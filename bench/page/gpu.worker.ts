import { expose } from 'comlink';
import { parseRecipe, type Recipe } from '../../src/lab/compress/recipe.ts';
import type { Engine } from '../../src/lab/engine/engine.ts';
import { createGpuEngine, type Gpu } from '../../src/lab/engine/gpu/ort.ts';
import { createOrtEngine, type OrtModule } from '../../src/lab/engine/ort.ts';
import { loadModel, type Model, type ModelFiles } from '../../src/lab/model/load.ts';
import { calibrationTexts } from '../../src/lab/probe/calibration.ts';
import { Prober } from '../../src/lab/probe/prober.ts';
import { makeProbes } from '../../src/lab/probe/probes.ts';
import { LabSession } from '../../src/lab/session.ts';
import { parseSuite, type Suite } from '../../src/lab/suite/suite.ts';
import { hitTolerance, parseReference } from '../../src/lab/test/reference/reference.ts';
import { checkGpu } from '../../workers/check.ts';
import { findGpu } from '../../workers/gpu.ts';
import { loadWebGpu } from '../../workers/ort.ts';
import { encoderOf, encoderShapes } from '../encoder.ts';
import { flopsOfAll } from '../flops.ts';
import { GraphWriter } from '../graph.ts';
import { firstProbes, Lab, type Probe, promptsOf } from '../lab.ts';
import { secondsOf } from '../numbers.ts';
import { levelAt, roundedTo4 } from '../recipes.ts';
import { modelFiles, text } from './files.ts';

const threads = Math.min(navigator.hardwareConcurrency, 8);

let opened: {
  ort: OrtModule;
  gpu: Gpu;
  engine: Engine;
  files: ModelFiles;
  model: Model;
  suite: Suite;
  lab: Lab;
  probes: Probe[];
};

const untilReady = () => opened.gpu.device.queue.onSubmittedWorkDone();

async function start(software: boolean) {
  const ort = await loadWebGpu();
  const gpu = await findGpu(software);
  if (!gpu) throw new Error('There is no graphics processor.');
  const suite = parseSuite(await text('/suites/facts/suite.json'));
  return { ort, gpu, suite, engine: createGpuEngine(ort, { gpu, threads }) };
}

/** The lab's own check of a device: the largest difference of a logit from WebAssembly's. */
async function check({ ort, gpu, engine, suite }: Awaited<ReturnType<typeof start>>, model: Model): Promise<number> {
  const prober = await Prober.open(model, engine, () => []);
  const texts = () => calibrationTexts(makeProbes(suite, 'seen', model).probes);
  const checkedTo = await checkGpu(prober, () => createOrtEngine(ort, { threads }), texts, gpu.name);
  await prober.close();
  return checkedTo;
}

const api = {
  async open(count: number, software: boolean) {
    const started = await start(software);
    const { ort, gpu, suite, engine } = started;
    const files = await modelFiles();
    const model = loadModel(files);
    const checkedTo = await check(started, model);
    const probes = firstProbes(model, suite, count);
    opened = { ort, gpu, engine, files, model, suite, lab: await Lab.on(engine, model), probes };
    return {
      prompts: promptsOf(probes),
      adapter: gpu.name,
      checkedTo,
      versions: { 'onnxruntime-web of the lab': String(ort.env.versions.web) },
    };
  },

  ask: (count: number) => opened.lab.ask(opened.probes.slice(0, count)),

  /** Probes per second of the lab alone, by the most texts of a pass. */
  async batches(count: number, rounds: number) {
    const { engine, model, suite } = opened;
    const all = firstProbes(model, suite, count);
    const found = [];
    for (const rows of [32, 128, 512, 1024, 2048]) {
      const sized: Engine = {
        ...engine,
        get runs() {
          return engine.runs;
        },
        batch: { ...engine.batch, rows },
      };
      const lab = await Lab.on(sized, model);
      await lab.predict(all);
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round++) seconds.push(await secondsOf(() => lab.predict(all)));
      await lab.close();
      found.push({ rows, probes: all.length, seconds });
    }
    return found;
  },

  /** Seconds that one pass takes, from tokens to ranks, by how many texts of one length it has. */
  async passes(rounds: number) {
    const { model, suite, lab } = opened;
    const { probes } = makeProbes(suite, 'seen', model);
    const lengths = probes.map((probe) => probe.rows[0][0].ids.length);
    const [length] = [...new Set(lengths)].sort(
      (a, b) => lengths.filter((other) => other === b).length - lengths.filter((other) => other === a).length,
    );
    const same = probes.filter((_, at) => lengths[at] === length);
    const found = [];
    for (const texts of [1, 32, 256, 1024]) {
      const asked = Array.from({ length: texts }, (_, at) => same[at % same.length]);
      await lab.predict(asked);
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round++) seconds.push(await secondsOf(() => lab.predict(asked)));
      found.push({ texts, length, seconds });
    }
    const idle: number[] = [];
    for (let round = 0; round < rounds; round++) idle.push(await secondsOf(untilReady));
    return { found, idle };
  },

  /** One large product of matrices, and what the lab reaches of its speed. */
  async peak(count: number, rounds: number) {
    const { ort, gpu, model, suite, lab } = opened;
    const size = 2048;
    const graph = new GraphWriter();
    const [a, b] = [graph.input('a', 'float'), graph.input('b', 'float')];
    const session = await ort.InferenceSession.create(graph.bytes([graph.op('MatMul', 'c', [a, b])]), {
      executionProviders: [{ name: 'webgpu', device: gpu.device } as never],
      preferredOutputLocation: 'gpu-buffer',
    });
    const values = Float32Array.from({ length: size * size }, (_, i) => ((i * 7) % 13) - 6);
    const tensors = [0, 1].map(() => {
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const buffer = gpu.device.createBuffer({ size: values.byteLength, usage });
      gpu.device.queue.writeBuffer(buffer, 0, values);
      return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [size, size] });
    });
    const repeats = 10;
    const run = async () => {
      for (let i = 0; i < repeats; i++) (await session.run({ a: tensors[0], b: tensors[1] })).c.dispose();
      await untilReady();
    };
    const all = firstProbes(model, suite, count);
    await run();
    const seconds: number[] = [];
    const asked: number[] = [];
    for (let round = 0; round < rounds; round++) {
      seconds.push((await secondsOf(run)) / repeats);
      asked.push(await secondsOf(() => lab.predict(all)));
    }
    await session.release();
    const rows = all.flatMap((probe) => probe.rows.flat());
    return { flops: 2 * size ** 3, seconds, lab: { flops: flopsOfAll(model.sites, rows).needed, seconds: asked } };
  },

  /** From a new level to weights that are ready, and to the first answers. */
  async slider(size: 1 | 9 | 90, rounds: number) {
    const { engine, files, suite } = opened;
    const model = encoderOf(encoderShapes[size], files);
    const probes = firstProbes(model, suite, 192);
    const lab = await Lab.on(engine, model);
    const pattern = (n: number) => parseRecipe([{ method: 'magnitude-n-m', n, m: 4 }]);
    const kinds: { name: string; recipe(round: number): Recipe }[] = [
      { name: 'a share removed, smallest first (magnitude-global)', recipe: (round) => levelAt(round, rounds + 2) },
      { name: '2 of 4 (magnitude-n-m)', recipe: (round) => pattern(1 + (round % 3)) },
      { name: '4 bits, one scale a row (rtn)', recipe: () => roundedTo4 },
    ];
    const levels = [];
    for (const { name, recipe } of kinds) {
      const times = { name, ready: [] as number[], first: [] as number[], more: [] as number[] };
      for (let round = 0; round <= rounds; round++) {
        await untilReady();
        const ready = await secondsOf(async () => {
          await lab.compress(recipe(round));
          await untilReady();
        });
        const first = await secondsOf(() => lab.predict(probes.slice(0, 64)));
        const more = await secondsOf(() => lab.predict(probes.slice(64)));
        // The first round compiles.
        if (round === 0) continue;
        times.ready.push(ready);
        times.first.push(first);
        times.more.push(more);
      }
      levels.push(times);
    }
    await lab.close();
    return { parameters: model.parameters, levels };
  },

  /**
   * Hits of the reference's runs, as many as there is time for, spread over all of them. In a worker of its own, as the product
   * has one for each model: two models on one device were seen to disturb each other.
   */
  async parity(id: string, seconds: number, software: boolean) {
    const started = await start(software);
    const { engine, suite } = started;
    const model = loadModel(await modelFiles(id));
    const checkedTo = await check(started, model);
    const begun = performance.now();
    const reference = parseReference(await text(`/reference/${id}.json`));
    const session = new LabSession({ model: { ...model, name: id }, suite: { ...suite, name: 'facts' }, engine });
    const prober = await session.start();
    const off: { steps: unknown; template: string; hits: number; expected: number }[] = [];
    let [runs, exact, worst, asked] = [0, 0, 0, 0];
    const order = reference.runs
      .map((run, at) => ({ run, key: (at * 7919) % reference.runs.length }))
      .sort((a, b) => a.key - b.key);
    for (const { run } of order) {
      if (performance.now() - begun > seconds * 1000) break;
      const { probes } = session.probes(run.template);
      await prober.make(parseRecipe(run.steps));
      const { ranks } = await prober.predict(probes);
      const hits = ranks.filter((rank) => rank === 1).length;
      const by = Math.abs(hits - run.hits);
      runs++;
      asked += probes.length;
      worst = Math.max(worst, by);
      if (by === 0) exact++;
      if (by > 3) off.push({ steps: run.steps, template: run.template, hits, expected: run.hits });
    }
    await session.close();
    const most = reference.runs.reduce((largest, run) => Math.max(largest, run.probes), 0);
    return {
      model: id,
      checkedTo,
      of: reference.runs.length,
      runs,
      exact,
      worst,
      asked,
      tolerance: hitTolerance(most),
      off,
    };
  },
};

export type GpuWorker = typeof api;
expose(api);
