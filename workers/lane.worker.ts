import * as comlink from 'comlink';
import type { Session } from '../src/lab/engine/engine.ts';
import { createOrtEngine } from '../src/lab/engine/ort.ts';
import type { Lane } from '../src/lab/engine/pool.ts';
import { LabError, type PlainError } from '../src/lab/errors.ts';
import { loadWasm } from './ort.ts';

/** What crosses the border: errors travel as data. */
export type LaneOutcome<T> = { value: T } | { error: PlainError };

/** A lane's own thread. */
export interface LaneWorker {
  start(threads: number, wasm: ArrayBuffer): void;
  open: (...args: Parameters<Lane['open']>) => Promise<LaneOutcome<void>>;
  run: (...args: Parameters<Lane['run']>) => Promise<LaneOutcome<Awaited<ReturnType<Lane['run']>>>>;
  setWeights: (...args: Parameters<Lane['setWeights']>) => Promise<LaneOutcome<void>>;
  release: (...args: Parameters<Lane['release']>) => Promise<LaneOutcome<void>>;
}

const sessions = new Map<number, Session>();
let engine: ReturnType<typeof loadEngine> | undefined;

async function loadEngine(threads: number, wasm: ArrayBuffer) {
  return createOrtEngine(await loadWasm(wasm), { threads });
}

async function settle<T>(work: () => Promise<T>): Promise<LaneOutcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: LabError.from(error).toJSON() };
  }
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
    const buffers = 'value' in outcome ? Object.values(outcome.value).map(({ buffer }) => buffer as ArrayBuffer) : [];
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
