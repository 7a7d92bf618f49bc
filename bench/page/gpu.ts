import { wrap } from 'comlink';
import { measure } from '../measure.ts';
import type { GpuData, GpuJob } from '../parts/gpu-data.ts';
import type { Measured } from '../parts/part.ts';
import type { GpuWorker } from './gpu.worker.ts';
import type { TransformersWorker } from './transformers.worker.ts';

/** To whoever serves the page, and to the console. */
const log = async (text: string) => {
  console.log(text);
  await fetch('/log', { method: 'POST', body: text }).catch(() => {});
};

/** Measures on this browser's GPU, each contestant in a worker. */
async function bench({
  prompts: count,
  few,
  probes,
  rounds,
  sizes,
  parity,
  software,
}: GpuJob): Promise<Measured<GpuData>> {
  const lab = wrap<GpuWorker>(new Worker(new URL('./gpu.worker.ts', import.meta.url), { type: 'module' }));
  const { prompts, versions, adapter, checkedTo } = await lab.open(count, software);
  await log(`${adapter}, logits within ${checkedTo} of WebAssembly`);
  const other = wrap<TransformersWorker>(
    new Worker(new URL('./transformers.worker.ts', import.meta.url), { type: 'module' }),
  );
  const theirs = await other.open('webgpu', 1, prompts);
  const rows = await measure(
    [
      { name: 'transformers.js, arrays of 32', kind: 'batched', ask: () => other.ask('batched') },
      { name: 'transformers.js, arrays of 32, sorted', kind: 'batched', ask: () => other.ask('sorted') },
      { name: 'transformers.js, arrays of 128', kind: 'batched', ask: () => other.ask('batched', 128) },
      { name: 'transformers.js, arrays of 128, sorted', kind: 'batched', ask: () => other.ask('sorted', 128) },
      { name: 'the lab', kind: 'lab', ask: () => lab.ask(count) },
    ],
    rounds,
  );
  const fewRows = await measure(
    [
      { name: 'transformers.js, one by one', kind: 'alone', ask: () => other.ask('alone', 1, few) },
      { name: 'transformers.js, arrays of 32', kind: 'batched', ask: () => other.ask('batched', 32, few) },
      { name: 'the lab', kind: 'lab', ask: () => lab.ask(few) },
    ],
    rounds,
  );
  for (const [asked, of] of [
    [count, rows],
    [few, fewRows],
  ] as const)
    await log(JSON.stringify(of.map(({ name, seconds }) => [name, seconds.map((time) => asked / time)])));
  const batches = await lab.batches(probes, rounds);
  await log(JSON.stringify(batches));
  const { found: passes, idle } = await lab.passes(rounds);
  await log(JSON.stringify({ passes, idle }));
  const peak = await lab.peak(probes, rounds);
  await log(JSON.stringify(peak));
  const levels = [];
  for (const size of sizes) {
    levels.push(await lab.slider(size, rounds));
    await log(JSON.stringify(levels.at(-1)));
  }
  const compared = [];
  for (const [model, seconds] of Object.entries(parity)) {
    const worker = new Worker(new URL('./gpu.worker.ts', import.meta.url), { type: 'module' });
    compared.push(await wrap<GpuWorker>(worker).parity(model, seconds, software));
    worker.terminate();
    await log(JSON.stringify({ ...compared.at(-1), off: undefined }));
  }
  return {
    versions: {
      ...versions,
      'transformers.js': theirs.transformers,
      'onnxruntime-web of transformers.js': theirs.runtime,
      browser: navigator.userAgent.match(/(?:Headless)?Chrome\/[\d.]+/)?.[0] ?? 'unknown',
    },
    data: {
      adapter,
      checkedTo,
      contest: { place: 'WebGPU', prompts: count, threads: 1, rows },
      few: { place: 'WebGPU', prompts: few, threads: 1, rows: fewRows },
      batches,
      passes,
      peak,
      slider: levels,
      parity: compared,
    },
  };
}

declare global {
  interface Window {
    benchGpu: typeof bench;
  }
}
window.benchGpu = bench;

// Where nobody can call it, the job stands in the address, and the result is sent to the page's own server.
const job = new URLSearchParams(location.search).get('job');
if (job)
  bench(JSON.parse(job))
    .catch((error) => ({ error: String(error), stack: error?.stack }))
    .then((result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) }));
