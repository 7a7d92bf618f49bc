import * as comlink from 'comlink';
import type { Graph } from '../src/lab/engine/engine.ts';
import type { Lane } from '../src/lab/engine/pool.ts';
import { LabError } from '../src/lab/errors.ts';
import type { Settled } from './api.ts';
import type { LaneWorker } from './lane.worker.ts';
import { fetchWasm } from './ort.ts';
import { unwrap } from './outcome.ts';

/** Weights in memory that all lanes read, where the page may have such memory: copied once instead of once a lane. */
const shared = new WeakMap<Float32Array, Float32Array>();

function share(values: Float32Array): Float32Array {
  if (!crossOriginIsolated) return values;
  const known = shared.get(values);
  if (known) return known;
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  shared.set(values, copy);
  return copy;
}

const shareAll = (weights: ReadonlyMap<string, Float32Array>) =>
  new Map([...weights].map(([path, values]) => [path, share(values)]));

/** Starts a thread with a runtime of its own. */
export function startLane(threads: number): Lane {
  const worker = new Worker(new URL('./lane.worker.ts', import.meta.url), { type: 'module', name: 'lossy-lane' });
  const remote = comlink.wrap<LaneWorker>(worker);
  let fail: (error: LabError) => void = () => {};
  const crashed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  crashed.catch(() => {});
  worker.addEventListener('error', ({ message }) =>
    fail(
      new LabError(
        'worker',
        `A computing thread stopped${message ? ` (${message})` : ''}.`,
        'What was finished is kept; the lab starts it again.',
      ),
    ),
  );
  const call = async <T>(answer: Promise<Settled<T>>): Promise<T> => unwrap(await Promise.race([answer, crashed]));
  const started = fetchWasm().then((wasm) => remote.start(threads, wasm));
  // Whoever opens a session hears of it.
  started.catch(() => {});
  return {
    open: async (session, graph, changed) => {
      await Promise.race([started, crashed]);
      const all: Graph = { ...graph, weights: shareAll(graph.weights) };
      return call(remote.open(session, all, shareAll(changed)) as Promise<Settled<void>>);
    },
    run: (session, feeds) => call(remote.run(session, feeds)),
    setWeights: (session, changed) => call(remote.setWeights(session, shareAll(changed)) as Promise<Settled<void>>),
    release: (session) => call(remote.release(session) as Promise<Settled<void>>),
    end: () => worker.terminate(),
  };
}
