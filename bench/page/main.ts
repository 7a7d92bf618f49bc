import { wrap } from 'comlink';
import { type Contest, measure, usualContestants } from '../measure.ts';
import type { Measured } from '../parts/part.ts';
import type { BenchWorker } from './lab.worker.ts';
import type { PlainWorker } from './plain.worker.ts';
import type { TransformersWorker } from './transformers.worker.ts';

/** Measures in this browser, each contestant in a worker. Called by bench/chromium.ts. */
async function bench(probes: number, rounds: number): Promise<Measured<Contest>> {
  if (!crossOriginIsolated) throw new Error('The page is not cross-origin isolated: there are no threads.');
  const threads = Math.min(navigator.hardwareConcurrency, 8);
  const lab = wrap<BenchWorker>(new Worker(new URL('./lab.worker.ts', import.meta.url), { type: 'module' }));
  const { prompts, version } = await lab.open(threads, probes);
  const [other, otherOnOurs] = [0, 1].map(() =>
    wrap<TransformersWorker>(new Worker(new URL('./transformers.worker.ts', import.meta.url), { type: 'module' })),
  );
  const versions = await other.open('wasm', threads, prompts);
  await otherOnOurs.open('injected', threads, prompts);
  const plain = wrap<PlainWorker>(new Worker(new URL('./plain.worker.ts', import.meta.url), { type: 'module' }));
  await plain.open(threads, prompts);
  const rows = await measure(
    [...usualContestants(other, otherOnOurs, plain), { name: 'the lab', kind: 'lab', ask: () => lab.ask() }],
    rounds,
  );
  return {
    versions: {
      'transformers.js': versions.transformers,
      'onnxruntime-web of transformers.js': versions.runtime,
      'onnxruntime-web of the lab': version,
    },
    data: { place: 'Chromium', prompts: prompts.length, threads, rows },
  };
}

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
