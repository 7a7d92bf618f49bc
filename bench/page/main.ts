import { wrap } from 'comlink';
import { measure, type Part } from '../measure.ts';
import type { LabWorker } from './lab.worker.ts';
import type { TransformersWorker } from './transformers.worker.ts';

/** Measures in this browser, each contestant in a worker. Called by bench/chromium.mjs. */
async function bench(probes: number, rounds: number): Promise<Omit<Part, 'place'>> {
  if (!crossOriginIsolated) throw new Error('The page is not cross-origin isolated: there are no threads.');
  const threads = Math.min(navigator.hardwareConcurrency, 8);
  const lab = wrap<LabWorker>(new Worker(new URL('./lab.worker.ts', import.meta.url), { type: 'module' }));
  const { prompts, version } = await lab.open(threads, probes);
  const [other, otherOnOurs] = [0, 1].map(() =>
    wrap<TransformersWorker>(new Worker(new URL('./transformers.worker.ts', import.meta.url), { type: 'module' })),
  );
  const versions = await other.open('wasm', threads, prompts);
  await otherOnOurs.open('injected', threads, prompts);
  const rows = await measure(
    [
      { name: 'transformers.js, one by one', kind: 'alone', ask: () => other.ask('alone') },
      { name: 'transformers.js, arrays of 32', kind: 'batched', ask: () => other.ask('batched') },
      { name: 'transformers.js, arrays of 32, sorted', kind: 'batched', ask: () => other.ask('sorted') },
      { name: 'transformers.js, sorted, lab’s runtime', kind: 'batched', ask: () => otherOnOurs.ask('sorted') },
      { name: 'the lab', kind: 'lab', ask: () => lab.ask() },
    ],
    rounds,
  );
  return {
    prompts: prompts.length,
    threads,
    versions: {
      'transformers.js': versions.transformers,
      'onnxruntime-web of transformers.js': versions.runtime,
      'onnxruntime-web of the lab': version,
    },
    rows,
  };
}

Object.assign(window, { bench });
