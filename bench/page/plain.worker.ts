import { expose } from 'comlink';
import * as ort from 'onnxruntime-web/wasm';
import { readTokenizer } from '../../src/lab/tokens/tokenizer.ts';
import type { Prompt } from '../measure.ts';
import { Plain } from '../plain.ts';
import { modelFiles, wasmPaths } from './files.ts';

let plain: Plain | undefined;

const api = {
  async open(threads: number, prompts: Prompt[]): Promise<void> {
    ort.env.wasm.wasmPaths = wasmPaths;
    const { graphs, tokenizer, tokenizerConfig } = await modelFiles();
    const file = {
      model: graphs.get('model.onnx')!,
      tokenizer: readTokenizer(tokenizer, tokenizerConfig),
      where: 'wasm' as const,
      threads,
    };
    plain = await Plain.open(ort, file, prompts);
  },
  ask: (how: Parameters<Plain['ask']>[0]) => plain!.ask(how),
};

export type PlainWorker = typeof api;
expose(api);
