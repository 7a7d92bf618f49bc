import type { Backend, Engine } from '../src/lab/engine/engine.ts';
import { createOrtEngine, type Gpu } from '../src/lab/engine/ort.ts';
import { LabError } from '../src/lab/errors.ts';
import type { Row } from '../src/lab/family/row.ts';
import type { Model } from '../src/lab/model/load.ts';
import { Prober } from '../src/lab/probe/prober.ts';
import type { Running } from './api.ts';

/** On how many prompts a GPU is compared with WebAssembly before it is trusted. */
const checkedPrompts = 8;

/** Among how many of the first ones of the suite they are spread. */
const checkedAmong = 256;

/** How far a GPU's logits may be off: ten times what float32 sums in another order were seen to differ by. */
const gpuTolerance = 5e-3;

/** More threads than this gain nothing on matrices of this size, and take the machine from its user. */
const mostThreads = 8;

const threads = () => (crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, mostThreads) : 1);

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
  texts: () => readonly Row[],
): Promise<{ prober: Prober; running: Running }> {
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
  const engine = gpu ? await webgpuEngine(gpu) : await wasmEngine();
  const prober = await Prober.open(model, engine.engine, texts);
  const checkedTo = engine.reference ? await check(prober, engine.reference, texts) : null;
  return {
    prober,
    running: {
      backend: engine.engine.backend,
      device: engine.engine.device,
      checkedTo,
      notices: notices.map((notice) => notice.toJSON()),
    },
  };
}

async function wasmEngine(): Promise<{ engine: Engine; reference?: Engine }> {
  const [ort, wasm, mjs] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
  ]);
  ort.env.wasm.wasmPaths = absolute({ wasm: wasm.default, mjs: mjs.default });
  return { engine: createOrtEngine(ort, { threads: threads() }) };
}

async function webgpuEngine(gpu: Gpu): Promise<{ engine: Engine; reference: Engine }> {
  const [ort, wasm, mjs] = await Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
  ]);
  ort.env.wasm.wasmPaths = absolute({ wasm: wasm.default, mjs: mjs.default });
  const settings = { threads: threads() };
  return { engine: createOrtEngine(ort, { ...settings, gpu }), reference: createOrtEngine(ort, settings) };
}

/** The runtime starts workers of its own, which resolve addresses against other places. */
const absolute = (paths: { wasm: string; mjs: string }) => ({
  wasm: new URL(paths.wasm, location.href).href,
  mjs: new URL(paths.mjs, location.href).href,
});

/** Compares the GPU with WebAssembly on a few prompts. */
async function check(prober: Prober, reference: Engine, texts: () => readonly Row[]): Promise<number> {
  const first = texts().slice(0, checkedAmong);
  const step = Math.max(1, Math.floor(first.length / checkedPrompts));
  const prompts = first.filter((_, index) => index % step === 0).slice(0, checkedPrompts);
  const other = await Prober.open(prober.model, reference, texts);
  let worst = 0;
  try {
    const [ours, theirs] = [await prober.logits(prompts), await other.logits(prompts)];
    ours.forEach((answer, index) => {
      const differences = answer.logits.map((logit, place) => Math.abs(logit - theirs[index].logits[place]));
      worst = Math.max(worst, ...differences, Math.abs(answer.logSumExp - theirs[index].logSumExp));
    });
  } finally {
    await other.close();
  }
  // Not "worst > tolerance": NaN must fail, too.
  if (worst <= gpuTolerance) return worst;
  throw new LabError(
    'device-wrong',
    `The graphics processor answers differently from WebAssembly: logits differ by up to ${worst.toPrecision(2)}.`,
    'The lab runs on WebAssembly instead; a newer browser or driver may help.',
  );
}

/** What TypeScript's worker library does not know of WebGPU yet. */
interface Adapter {
  info: { vendor: string; architecture: string; description: string; isFallbackAdapter?: boolean };
  isFallbackAdapter?: boolean;
  features: ReadonlySet<string>;
  limits: Record<string, number>;
  requestDevice(wanted: { requiredFeatures: string[]; requiredLimits: Record<string, number> }): Promise<Gpu['device']>;
}

/** Limits that the runtime's kernels ask for beyond the defaults. */
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
];
const features = ['shader-f16', 'subgroups', 'timestamp-query'];

async function findGpu(takeSoftware: boolean): Promise<Gpu | null> {
  const { gpu } = navigator as { gpu?: { requestAdapter(options: object): Promise<Adapter | null> } };
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return null;
  const { info } = adapter;
  // A processor that plays GPU is slower than WebAssembly.
  const isSoftware =
    info.isFallbackAdapter === true ||
    adapter.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${info.description}`);
  if (isSoftware && !takeSoftware) return null;
  const device = await adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(
      limits.filter((name) => name in adapter.limits).map((name) => [name, adapter.limits[name]]),
    ),
  });
  const name = [info.vendor, info.architecture].filter(Boolean).join(' ') || info.description || 'unnamed adapter';
  return { device, name: isSoftware ? `${name}, software` : name };
}
