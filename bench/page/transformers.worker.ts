import { expose } from 'comlink';
import ownMjs from 'transformers-ort/dist/ort-wasm-simd-threaded.asyncify.mjs?url';
import ownWasm from 'transformers-ort/dist/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { Prompt } from '../measure.ts';
import { inject, Other } from '../transformers.ts';
import { wasmPaths } from './files.ts';

let other: Other | undefined;

const api = {
  /** @param runtime its own, in the build that it takes by itself, or the lab's */
  async open(runtime: 'wasm' | 'webgpu' | 'injected', threads: number, prompts: Prompt[]): Promise<Other['versions']> {
    if (runtime === 'injected') {
      const ort = await import('onnxruntime-web/wasm');
      ort.env.wasm.wasmPaths = wasmPaths;
      inject(ort);
    }
    // Loaded only now: which runtime it uses is settled then.
    const library = await import('@huggingface/transformers');
    other = await Other.open(
      library,
      { models: '/models/', model: 'bert-small', threads, runtime, wasmPaths: { mjs: ownMjs, wasm: ownWasm } },
      prompts,
    );
    return other.versions;
  },
  ask: (...how: Parameters<Other['ask']>) => other!.ask(...how),
};

export type TransformersWorker = typeof api;
expose(api);
