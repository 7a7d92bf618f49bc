import type * as Ort from 'onnxruntime-web';
import { LabError } from '../../errors.ts';
import type { Batch, Engine, Graph, Outputs, Session } from '../engine.ts';
import { probeIo } from '../graph.ts';
import { createSession, type OrtModule, prepareRuntime, tensorsOf } from '../ort.ts';
import { Kernels } from './kernels.ts';
import { Ranking } from './rank.ts';
import { GpuWeights } from './weights.ts';

export interface Gpu {
  device: GPUDevice;
  /** The adapter's name, for people. */
  name: string;
}

/** How long to wait, after a run failed, for the browser to say that the GPU is gone; in milliseconds. */
const lossDelay = 250;

/** Runs whose answers are on their way while the next one is prepared. */
const lanes = 3;

/** Measured on a data-centre GPU: a pass of some hundred texts takes no longer than one of a few. */
const gpuBatch: Batch = { rows: 2048, picks: 2048, tokens: 65_536, passCost: 8192 };

/**
 * An engine on onnxruntime-web's WebGPU. Weights that levels change stay on the GPU as inputs of the graph; logits are
 * ranked there.
 *
 * @param ort a build with WebGPU, with `env.wasm.wasmPaths` set where needed
 * @param threads for what the runtime computes on WebAssembly
 */
export function createGpuEngine(ort: OrtModule, { gpu, threads }: { gpu: Gpu; threads: number }): Engine {
  prepareRuntime(ort, threads);
  const { device } = gpu;
  const kernels = new Kernels(device);
  const ranking = new Ranking(kernels);
  let runs = 0;

  // Rejects when the GPU goes away: a run in progress may then never settle.
  const lost = device.lost.then(({ reason, message }): never => {
    throw new LabError(
      'device-lost',
      `The graphics processor was lost (${message || reason || 'no reason given'}).`,
      'What was finished is kept; the lab starts again by itself.',
    );
  });
  lost.catch(() => {});

  const guarded = async <T>(work: Promise<T>): Promise<T> => {
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

  const readRanks = (logits: Ort.Tensor, gold: BigInt64Array): Promise<Outputs> => {
    const ranks = ranking.rank(logits.gpuBuffer as GPUBuffer, logits.dims as [number, number], gold);
    logits.dispose();
    return ranks;
  };

  const open = async (graph: Graph, changed: ReadonlyMap<string, Float32Array> = new Map()): Promise<Session> => {
    let session: Ort.InferenceSession | undefined = await guarded(
      createSession(ort, graph, {
        // On our own device: the runtime would otherwise make one that nobody can watch.
        executionProviders: [{ name: 'webgpu', device } as Ort.InferenceSession.ExecutionProviderConfig],
        preferredOutputLocation: { [probeIo.logits]: 'gpu-buffer' },
      }),
    );
    const weights = new GpuWeights(kernels, graph.weights, graph.matrices ?? new Map());
    weights.write(changed);
    const held = Object.fromEntries(
      [...weights.buffers()].map(([path, buffer, dims]) => [
        path,
        ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims }),
      ]),
    );
    // The runtime takes one run at a time; answers of the last ones are read back meanwhile.
    let turn: Promise<unknown> = Promise.resolve();

    const run: Session['run'] = async ({ [probeIo.gold]: gold, ...feeds }) => {
      const running = session;
      if (!running) throw new LabError('internal', 'The session was released.');
      const mine = turn.then(async (): Promise<{ outputs: Promise<Outputs> }> => {
        runs++;
        const results = await running.run({ ...tensorsOf(ort, feeds), ...held });
        const logits = results[probeIo.logits];
        // Not awaited here: reading back must not hold the next run.
        const outputs = logits ? readRanks(logits, gold.data) : readAll(results);
        outputs.catch(() => {});
        return { outputs };
      });
      turn = mine.catch(() => {});
      return guarded(mine.then(({ outputs }) => outputs));
    };
    return {
      run,
      setWeights: async (changed) => weights.write(changed),
      compress: async (steps) => weights.compress(steps),
      async release() {
        const old = session;
        session = undefined;
        if (!old) return;
        weights.destroy();
        await old.release();
      },
    };
  };

  return {
    backend: 'webgpu',
    device: `WebGPU (${gpu.name})`,
    get runs() {
      return runs;
    },
    lanes,
    batch: gpuBatch,
    ranking: 'engine',
    open,
  };
}

async function readAll(results: Ort.InferenceSession.OnnxValueMapType): Promise<Outputs> {
  const outputs: Outputs = {};
  for (const [name, tensor] of Object.entries(results)) {
    outputs[name] = (await tensor.getData()) as Outputs[string];
    tensor.dispose();
  }
  return outputs;
}
