import { expose } from 'comlink';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { loadModel } from '../../src/lab/model/load.ts';
import { parseSuite } from '../../src/lab/probe/suite.ts';
import { Lab } from '../lab.ts';
import type { Prompt } from '../measure.ts';

let lab: Lab | undefined;

const text = async (url: string) => (await fetch(url)).text();

const api = {
  async open(threads: number, count: number): Promise<{ prompts: Prompt[]; version: string }> {
    ort.env.wasm.wasmPaths = { mjs, wasm };
    const folder = '/models/bert-small';
    const model = loadModel({
      graphs: new Map([['model.onnx', new Uint8Array(await (await fetch(`${folder}/onnx/model.onnx`)).arrayBuffer())]]),
      config: await text(`${folder}/config.json`),
      tokenizer: await text(`${folder}/tokenizer.json`),
      tokenizerConfig: await text(`${folder}/tokenizer_config.json`),
    });
    lab = await Lab.open(ort, model, parseSuite(await text('/suites/facts/suite.json')), threads, count);
    return { prompts: lab.prompts, version: String(ort.env.versions.web) };
  },
  ask: () => lab!.ask(),
};

export type LabWorker = typeof api;
expose(api);
