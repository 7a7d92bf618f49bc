import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { ModelFiles } from '../../src/lab/model/load.ts';

/** Where the lab's runtime lies on the page's own server. */
export const wasmPaths = { mjs, wasm };

export const text = async (url: string) => (await fetch(url)).text();

/** The files of bert-small from the page's own server. */
export async function modelFiles(): Promise<ModelFiles> {
  const folder = '/models/bert-small';
  const graph = new Uint8Array(await (await fetch(`${folder}/onnx/model.onnx`)).arrayBuffer());
  return {
    graphs: new Map([['model.onnx', graph]]),
    config: await text(`${folder}/config.json`),
    tokenizer: await text(`${folder}/tokenizer.json`),
    tokenizerConfig: await text(`${folder}/tokenizer_config.json`),
  };
}
