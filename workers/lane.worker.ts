import * as comlink from 'comlink';
import type { Session } from '../src/lab/engine/engine.ts';
import { createOrtEngine } from '../src/lab/engine/ort.ts';
import type { Lane } from '../src/lab/engine/pool.ts';
import type { Settled } from './api.ts';
import { loadWasm } from './ort.ts';
import { settle } from './outcome.ts';

/** A lane's own thread. */
export interface LaneWorker {
  start(threads: number, wasm: ArrayBuffer): void;
  open: (...args: Parameters<Lane['open']>) => Promise<Settled<void>>;
  run: (...args: Parameters<Lane['run']>) => Promise<Settled<Awaited<ReturnType<Lane['run']>>>>;
  setWeights: (...args: Parameters<Lane['setWeights']>) => Promise<Settled<void>>;
  release: (...args: Parameters<Lane['release']>) => Promise<Settled<void>>;
}

const sessions = new Map<number, Session>();
let engine: ReturnType<typeof loadEngine> | undefined;

async function loadEngine(threads: number, wasm: ArrayBuffer) {
  return createOrtEngine(await loadWasm(wasm), { threads });
}

const lane: LaneWorker = {
  start(threads, wasm) {
    engine = loadEngine(threads, wasm);
    // Whoever opens a session hears of it.
    engine.catch(() => {});
  },
  open: (number, graph, changed) =>
    settle(async () => {
      sessions.set(number, await (await engine!).open(graph, changed));
    }),
  run: async (number, feeds) => {
    const outcome = await settle(() => sessions.get(number)!.run(feeds));
    const buffers = outcome.ok ? Object.values(outcome.value).map(({ buffer }) => buffer as ArrayBuffer) : [];
    return comlink.transfer(outcome, [...new Set(buffers)]);
  },
  setWeights: (number, changed) => settle(() => sessions.get(number)!.setWeights(changed)),
  release: (number) =>
    settle(async () => {
      await sessions.get(number)?.release();
      sessions.delete(number);
    }),
};

comlink.expose(lane);
