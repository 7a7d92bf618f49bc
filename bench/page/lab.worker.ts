import { expose } from 'comlink';
import * as ort from 'onnxruntime-web/wasm';
import { loadModel } from '../../src/lab/model/load.ts';
import { parseSuite } from '../../src/lab/probe/suite.ts';
import { firstProbes, Lab, type Probe, promptsOf } from '../lab.ts';
import type { Prompt } from '../measure.ts';
import { modelFiles, text, wasmPaths } from './files.ts';

let opened: { lab: Lab; probes: Probe[] } | undefined;

const api = {
  async open(threads: number, count: number): Promise<{ prompts: Prompt[]; version: string }> {
    ort.env.wasm.wasmPaths = wasmPaths;
    const model = loadModel(await modelFiles());
    const probes = firstProbes(model, parseSuite(await text('/suites/facts/suite.json')), count);
    opened = { lab: await Lab.open(ort, model, threads), probes };
    return { prompts: promptsOf(probes), version: String(ort.env.versions.web) };
  },
  ask: () => opened!.lab.ask(opened!.probes),
};

export type LabWorker = typeof api;
expose(api);
