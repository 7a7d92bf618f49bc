import type * as Transformers from '@huggingface/transformers';
import { inArrays, type Prompt, wordsAsked } from './measure.ts';

export interface Setup {
  /** Where the folder of the model lies: a path, or an address on the page's own server. */
  models: string;
  model: string;
  threads: number;
  /** `wasm`, `webgpu`: its own runtime. `injected`: the WebAssembly runtime given to it. `native`: Node's. */
  runtime: 'wasm' | 'webgpu' | 'injected' | 'native';
  /** Where its own WebAssembly lies. Without it, the runtime knows. */
  wasmPaths?: { mjs: string; wasm: string };
}

/** How transformers.js takes a runtime: it uses the one that it finds under this name when it is loaded. */
export function inject(runtime: object): void {
  Object.assign(globalThis, { [Symbol.for('onnxruntime')]: runtime });
}

/** transformers.js, ready to fill blanks. */
export class Other {
  readonly versions: Record<'transformers' | 'runtime', string>;
  readonly #fill: Transformers.FillMask;
  readonly #prompts: readonly Prompt[];

  private constructor(versions: Other['versions'], fill: Transformers.FillMask, prompts: readonly Prompt[]) {
    this.versions = versions;
    this.#fill = fill;
    this.#prompts = prompts;
  }

  /** @param prompts what {@link ask} asks */
  static async open(library: typeof Transformers, setup: Setup, prompts: readonly Prompt[]): Promise<Other> {
    const { env } = library;
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = setup.models;
    env.useBrowserCache = env.useFSCache = env.useWasmCache = false;
    const { wasm, versions } = env.backends.onnx;
    const native = setup.runtime === 'native';
    if (wasm && !native) {
      wasm.numThreads = setup.threads;
      // Also where it is undefined: what transformers.js enters is an address outside this machine.
      if (setup.runtime !== 'injected') wasm.wasmPaths = setup.wasmPaths;
    }
    const fill = await library.pipeline('fill-mask', setup.model, {
      // The name of the file that is loaded, onnx/model.onnx: its weights are what they are.
      dtype: 'fp32',
      // With a runtime from outside, transformers.js knows of no device: 'auto' makes it ask for none.
      device: native ? 'cpu' : setup.runtime === 'webgpu' ? 'webgpu' : 'auto',
      session_options: native
        ? { intraOpNumThreads: setup.threads }
        : setup.runtime === 'webgpu'
          ? {}
          : { executionProviders: ['wasm'] },
    });
    const version = native ? versions.node : versions.web;
    return new Other({ transformers: env.version, runtime: String(version) }, fill, prompts);
  }

  /**
   * @param how one prompt a call, or an array of them in their order, or those of like length together
   * @param count asks only the first so many prompts
   * @returns the token number of the highest word for each prompt
   */
  async ask(how: 'alone' | 'batched' | 'sorted', size?: number, count = this.#prompts.length): Promise<Uint32Array> {
    const prompts = this.#prompts.slice(0, count);
    const top = new Uint32Array(count);
    const options = { top_k: wordsAsked };
    if (how === 'alone') {
      for (const [i, { text }] of prompts.entries()) top[i] = (await this.#fill(text, options))[0].token;
      return top;
    }
    for (const batch of inArrays(prompts, how, size)) {
      const texts = batch.map((i) => prompts[i].text);
      const answers = await this.#fill(texts, options);
      batch.forEach((i, place) => {
        top[i] = answers[place][0].token;
      });
    }
    return top;
  }
}
