import type * as Ort from 'onnxruntime-web';
import { LabError } from '../errors.ts';
import type { Batch, Engine, Feeds, Graph, Outputs, Session } from './engine.ts';

/** The part of onnxruntime-web that is used: which of its builds is loaded is the caller's choice. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>;

export interface OrtOptions {
  /** Threads for WebAssembly; more than one needs a cross-origin isolated page, or Node. */
  threads: number;
}

/**
 * Texts in a pass on WebAssembly: measured on two cores, more gains nothing, and delays progress and cancelling. Each
 * prediction brings a row of logits as long as the vocabulary.
 */
export const wasmBatch: Batch = { rows: 32, picks: 512, tokens: Number.POSITIVE_INFINITY, passCost: 0 };

/**
 * An engine on onnxruntime-web's WebAssembly, in the thread of the caller. Weights that levels change are fed to each
 * run: copying them does not show in the time of a pass, and another level needs no other session.
 *
 * @param ort one of its builds, with `env.wasm.wasmPaths` set where needed
 */
export function createOrtEngine(ort: OrtModule, { threads }: OrtOptions): Engine {
  prepareRuntime(ort, threads);
  let runs = 0;

  const open = async (graph: Graph, changed: ReadonlyMap<string, Float32Array> = new Map()): Promise<Session> => {
    let session: Ort.InferenceSession | undefined = await createSession(ort, graph, { executionProviders: ['wasm'] });
    const own = new Map(
      [...(graph.matrices ?? [])].map(([path, dims]) => [
        path,
        new ort.Tensor('float32', graph.weights.get(path)!, dims),
      ]),
    );
    let weights: Record<string, Ort.Tensor> = {};
    const setWeights = async (changed: ReadonlyMap<string, Float32Array>) => {
      weights = Object.fromEntries(
        [...own].map(([path, tensor]) => {
          const values = changed.get(path);
          return [path, values ? new ort.Tensor('float32', values, tensor.dims) : tensor];
        }),
      );
    };
    await setWeights(changed);
    return {
      async run(feeds) {
        if (!session) throw new LabError('internal', 'The session was released.');
        runs++;
        const results = await session.run({ ...tensorsOf(ort, feeds), ...weights });
        const outputs: Outputs = {};
        for (const [name, tensor] of Object.entries(results)) outputs[name] = tensor.data as Outputs[string];
        return outputs;
      },
      setWeights,
      async release() {
        const old = session;
        session = undefined;
        weights = {};
        own.clear();
        await old?.release();
      },
    };
  };

  return {
    backend: 'wasm',
    device: `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    get runs() {
      return runs;
    },
    lanes: 1,
    batch: wasmBatch,
    ranking: 'graph',
    open,
  };
}

export function prepareRuntime(ort: OrtModule, threads: number): void {
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
}

/** A session of a graph, with the weights that never change. */
export function createSession(
  ort: OrtModule,
  { skeleton, weights, matrices }: Graph,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Ort.InferenceSession> {
  const external = [...weights].filter(([path]) => !matrices?.has(path));
  return ort.InferenceSession.create(skeleton, {
    graphOptimizationLevel: 'all',
    // Errors alone: that shapes are computed on the CPU is as it should be.
    logSeverityLevel: 3,
    externalData: external.map(([path, values]) => ({
      path,
      data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    })),
    ...options,
  });
}

export function tensorsOf(ort: OrtModule, feeds: Feeds): Record<string, Ort.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, dims }]) => [name, new ort.Tensor('int64', data, dims)]),
  );
}
