import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { ModelFiles } from '../../src/lab/model/load.ts';
import { parseCard } from '../../workers/card.ts';

/** Where the lab's runtime lies on the page's own server. */
export const wasmPaths = { mjs, wasm };

export const text = async (url: string) => (await fetch(url)).text();

/** The files of a model from the page's own server. */
export async function modelFiles(id = 'bert-small'): Promise<ModelFiles> {
  const folder = `/models/${id}`;
  const { files } = parseCard(await text(`${folder}/card.json`));
  const graphs = files.filter(({ name }) => name.endsWith('.onnx'));
  const read = async (name: string) => new Uint8Array(await (await fetch(`${folder}/${name}`)).arrayBuffer());
  return {
    graphs: new Map(await Promise.all(graphs.map(async ({ name }) => [name, await read(name)] as const))),
    config: await text(`${folder}/config.json`),
    tokenizer: await text(`${folder}/tokenizer.json`),
    tokenizerConfig: await text(`${folder}/tokenizer_config.json`),
  };
}
