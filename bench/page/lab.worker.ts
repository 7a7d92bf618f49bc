import { expose } from 'comlink';
import { env } from 'onnxruntime-web/wasm';
import { createPoolEngine } from '../../src/lab/engine/pool.ts';
import { loadModel } from '../../src/lab/model/load.ts';
import { parseSuite } from '../../src/lab/suite/suite.ts';
import { startLane } from '../../workers/lane.ts';
import { firstProbes, Lab, type Probe, promptsOf } from '../lab.ts';
import type { Prompt } from '../measure.ts';
import { modelFiles, text } from './files.ts';

let opened: { lab: Lab; probes: Probe[] } | undefined;

const api = {
  async open(threads: number, count: number): Promise<{ prompts: Prompt[]; version: string }> {
    const model = loadModel(await modelFiles());
    const probes = firstProbes(model, parseSuite(await text('/suites/facts/suite.json')), count);
    // As in the product: a runtime of one thread on each core.
    const engine = createPoolEngine(() => startLane(1), { lanes: threads, threads: 1 });
    opened = { lab: await Lab.on(engine, model), probes };
    return { prompts: promptsOf(probes), version: String(env.versions.web) };
  },
  ask: () => opened!.lab.ask(opened!.probes),
};

export type BenchWorker = typeof api;
expose(api);
