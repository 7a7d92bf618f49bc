import type { Backend } from '../src/lab/engine/engine.ts';
import { createGpuEngine, type Gpu } from '../src/lab/engine/gpu/ort.ts';
import { createOrtEngine } from '../src/lab/engine/ort.ts';
import { createPoolEngine } from '../src/lab/engine/pool.ts';
import { LabError } from '../src/lab/errors.ts';
import type { ModelInput } from '../src/lab/family/model-input.ts';
import type { Model } from '../src/lab/model/load.ts';
import { Prober } from '../src/lab/probe/prober.ts';
import type { Running } from './api.ts';
import { checkGpu } from './check.ts';
import { findGpu } from './gpu.ts';
import { startLane } from './lane.ts';
import { fetchWasm, loadWebGpu } from './ort.ts';

/** More cores than this are left to the machine's user. */
const mostCores = 8;

/** All lanes together may hold so many bytes of weights: each has them twice, once in its runtime. */
const mostWeights = 1.5 * 2 ** 30;

/** A model on its engine, and what the page is told about that. */
export interface Started {
  prober: Prober;
  running: Running;
}

/**
 * Starts the runtime on the GPU where there is a real one, else on WebAssembly, and opens the model on it.
 *
 * @param backend `auto`, or what the user insists on: `webgpu` takes a software adapter too
 * @param texts the suite's in its first wording, for measuring activations and checking a GPU
 * @throws LabError `device-wrong` where the GPU gives other logits than WebAssembly
 */
export async function startEngine(
  backend: Backend | 'auto',
  model: Model,
  texts: () => readonly ModelInput[],
): Promise<Started> {
  const notices: LabError[] = [];
  const gpu = backend === 'wasm' ? null : await findGpu(backend === 'webgpu');
  if (backend === 'webgpu' && !gpu)
    notices.push(
      new LabError(
        'no-webgpu',
        'This browser has no WebGPU adapter.',
        'The lab runs on WebAssembly instead: the same numbers, more slowly.',
      ),
    );
  const { prober, checkedTo } = gpu ? await onGpu(gpu, model, texts) : await onWasm(model, texts);
  const { backend: used, device } = prober.engine;
  return {
    prober,
    running: { backend: used, device, checkedTo, notices: notices.map((notice) => notice.toJSON()) },
  };
}

/** Begins to download the runtime while the model is still on its way, where it will be WebAssembly's. */
export async function prefetchRuntime(): Promise<void> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  // What fails here is tried again, and told, when the runtime starts.
  if (!adapter) await fetchWasm().catch(() => {});
}

interface OpenedProber {
  prober: Prober;
  checkedTo: number | null;
}

async function onWasm(model: Model, texts: () => readonly ModelInput[]): Promise<OpenedProber> {
  const cores = Math.min(navigator.hardwareConcurrency, mostCores);
  const lanes = Math.max(1, Math.min(cores, Math.floor(mostWeights / (2 * 4 * model.parameters))));
  // A runtime has several threads only where the page may share memory.
  const threads = crossOriginIsolated ? Math.floor(cores / lanes) : 1;
  const engine = createPoolEngine(() => startLane(threads), { lanes, threads });
  return { prober: await Prober.open(model, engine, texts), checkedTo: null };
}

async function onGpu(gpu: Gpu, model: Model, texts: () => readonly ModelInput[]): Promise<OpenedProber> {
  const ort = await loadWebGpu();
  const threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, mostCores) : 1;
  const prober = await Prober.open(model, createGpuEngine(ort, { gpu, threads }), texts);
  return { prober, checkedTo: await checkGpu(prober, () => createOrtEngine(ort, { threads }), texts, gpu.name) };
}
