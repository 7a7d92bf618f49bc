import type * as Ort from 'onnxruntime-web';
import { LabError } from '../errors.ts';
import type { Backend, Engine, Feeds, Graph, Outputs, Session } from './engine.ts';

/** The part of onnxruntime-web that is used: which of its builds is loaded is the caller's choice. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>;

/** A GPU to run on. The lab is compiled without the DOM's types, so this is the part of a GPUDevice that it watches. */
export interface Gpu {
  device: { lost: Promise<{ reason?: string; message?: string }> };
  /** The adapter's name, for people. */
  name: string;
}

export interface OrtOptions {
  /** Threads for WebAssembly; more than one needs a cross-origin isolated page, or Node. */
  threads: number;
  /** Run on this GPU; WebAssembly without it. */
  gpu?: Gpu;
}

/** How long to wait, after a run failed, for the browser to say that the GPU is gone; in milliseconds. */
const lossDelay = 250;

/**
 * An engine on onnxruntime-web. This is the only file that knows that runtime.
 *
 * @param ort one of its builds, with `env.wasm.wasmPaths` set where needed
 */
export function createOrtEngine(ort: OrtModule, { threads, gpu }: OrtOptions): Engine {
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  const backend: Backend = gpu ? 'webgpu' : 'wasm';
  const device = gpu ? `WebGPU (${gpu.name})` : `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  let runs = 0;
  const isLost = (why: string) =>
    new LabError(
      'device-lost',
      `The graphics processor was lost (${why}).`,
      'What was finished is kept; the lab starts again by itself.',
    );
  // Rejects when the GPU goes away: a run in progress may then never settle.
  const lost = gpu?.device.lost.then(({ reason, message }): never => {
    throw isLost(message || reason || 'no reason given');
  });
  lost?.catch(() => {});

  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    if (!lost) return work;
    try {
      return await Promise.race([work, lost]);
    } catch (error) {
      // A run that fails because the GPU is gone often says so before the browser does.
      await Promise.race([lost, new Promise<void>((resolve) => setTimeout(resolve, lossDelay))]);
      throw new LabError(
        'device-wrong',
        `The graphics processor cannot run this model (${LabError.from(error).message.slice(0, 200)}).`,
        'The lab runs on WebAssembly instead; a newer browser or driver may help.',
        { cause: error },
      );
    }
  };

  const open = async (graph: Graph, changed: ReadonlyMap<string, Float32Array> = new Map()): Promise<Session> => {
    const base = [...graph.weights].map(([path, values]) => ({ path, data: bytesOf(values) }));
    let session: Ort.InferenceSession | undefined;
    let current: ReadonlyMap<string, Float32Array> = new Map();
    const release = async () => {
      const old = session;
      session = undefined;
      await old?.release();
    };
    const setWeights = async (changed: ReadonlyMap<string, Float32Array>) => {
      if (session && sameEntries(current, changed)) return;
      // The old session goes first: two at once would double the memory, which WebAssembly never gives back.
      await release();
      const externalData = base.map(({ path, data }) => {
        const values = changed.get(path);
        return { path, data: values ? bytesOf(values) : data };
      });
      session = await guarded(
        ort.InferenceSession.create(graph.skeleton, {
          executionProviders: gpu ? [webgpuProvider(gpu)] : ['wasm'],
          graphOptimizationLevel: 'all',
          // Errors alone: that shapes are computed on the CPU is as it should be.
          logSeverityLevel: 3,
          externalData,
        }),
      );
      current = changed;
    };
    const run = async (feeds: Feeds): Promise<Outputs> => {
      if (!session) throw new LabError('internal', 'The session was released.');
      const tensors = Object.entries(feeds).map(([name, { data, dims }]) => [
        name,
        new ort.Tensor('int64', data, dims),
      ]);
      runs++;
      const results = await guarded(session.run(Object.fromEntries(tensors)));
      const outputs: Outputs = {};
      for (const [name, tensor] of Object.entries(results)) {
        outputs[name] = (await guarded(tensor.getData())) as Outputs[string];
        tensor.dispose();
      }
      return outputs;
    };
    await setWeights(changed);
    return { run, setWeights, release };
  };

  return {
    backend,
    device,
    get runs() {
      return runs;
    },
    open,
  };
}

/** The provider on our own device: the runtime would otherwise make one that nobody can watch. */
function webgpuProvider(gpu: Gpu): Ort.InferenceSession.ExecutionProviderConfig {
  return { name: 'webgpu', device: gpu.device } as Ort.InferenceSession.ExecutionProviderConfig;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function sameEntries<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
