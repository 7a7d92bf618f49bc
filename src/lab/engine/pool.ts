import { LabError } from '../errors.ts';
import type { Engine, Feeds, Graph, Outputs, Session } from './engine.ts';
import { wasmBatch } from './ort.ts';

/**
 * A thread with a runtime of its own, which holds sessions by number. What it rejects with is a LabError, or a message of
 * the runtime.
 */
export interface Lane {
  open(session: number, graph: Graph, changed: ReadonlyMap<string, Float32Array>): Promise<void>;
  run(session: number, feeds: Feeds): Promise<Outputs>;
  setWeights(session: number, changed: ReadonlyMap<string, Float32Array>): Promise<void>;
  release(session: number): Promise<void>;
  /** Ends the thread, and gives its memory back. */
  end(): void;
}

export interface PoolOptions {
  lanes: number;
  /** Threads of each lane's runtime. */
  threads: number;
  /** After how many sessions a lane is replaced. */
  mostOpened?: number;
}

/** What is wanted of every lane; lanes come to it one after the other. */
interface Wanted {
  graph: Graph;
  changed: ReadonlyMap<string, Float32Array>;
  /** Rises with every change of weights. */
  version: number;
}

interface Place {
  lane: Lane;
  /** Sessions that are open there, with the version of their weights. */
  has: Map<number, number>;
  opened: number;
}

/**
 * An engine of several threads, each with a runtime of its own: all cores are used even where a page may not share memory
 * between threads, and the caller's thread stays free. As fast as one runtime of several threads, or faster (README.md).
 *
 * A lane is started when there is work for it and the ones before it are ready, so that the first answer does not wait
 * for all of them. WebAssembly's memory only grows: a lane that has opened many sessions is replaced by a fresh one in a
 * quiet moment.
 *
 * @param start starts a thread
 */
export function createPoolEngine(start: () => Lane, { lanes, threads, mostOpened = 24 }: PoolOptions): Engine {
  const sessions = new Map<number, Wanted>();
  const idle: Place[] = [];
  let started = 0;
  const waiting: ((place: Place) => void)[] = [];
  /** The lane that is being started: one at a time, as two would take the first answer's time. */
  let starting: Place | undefined;
  let runs = 0;
  let numbers = 0;

  const add = () => {
    starting = { lane: start(), has: new Map(), opened: 0 };
    started++;
    return starting;
  };
  const take = (): Promise<Place> => {
    const place = idle.pop();
    if (place) return Promise.resolve(place);
    if (started < lanes && !starting) return Promise.resolve(add());
    return new Promise((resolve) => waiting.push(resolve));
  };
  const give = (place: Place) => {
    if (starting === place) starting = undefined;
    const next = waiting.shift();
    if (next) next(place);
    else idle.push(place);
    // Whoever still waits may have another lane now.
    if (waiting.length > 0 && started < lanes && !starting) waiting.shift()!(add());
  };
  /** Does work on a lane that has a session as it is wanted now. */
  const on = async <T>(number: number, work: (lane: Lane) => Promise<T>): Promise<T> => {
    const place = await take();
    try {
      await prepare(place, number);
      return await work(place.lane);
    } finally {
      give(place);
    }
  };
  const prepare = async (place: Place, number: number) => {
    const wanted = sessions.get(number);
    if (!wanted) throw new LabError('internal', 'The session was released.');
    for (const other of place.has.keys())
      if (!sessions.has(other)) {
        place.has.delete(other);
        await place.lane.release(other);
      }
    if (place.opened >= mostOpened && place.has.size === 0) {
      place.lane.end();
      place.lane = start();
      place.opened = 0;
    }
    const { graph, changed, version } = wanted;
    const has = place.has.get(number);
    if (has === version) return;
    if (has === undefined) {
      place.opened++;
      await place.lane.open(number, graph, changed);
    } else await place.lane.setWeights(number, changed);
    place.has.set(number, version);
  };

  return {
    backend: 'wasm',
    device: `WebAssembly, ${lanes * threads} ${lanes * threads === 1 ? 'thread' : 'threads'}`,
    get runs() {
      return runs;
    },
    lanes,
    batch: wasmBatch,
    ranking: 'graph',
    async open(graph, changed = new Map()): Promise<Session> {
      const number = ++numbers;
      sessions.set(number, { graph, changed, version: 0 });
      try {
        // On one lane at once, so that a graph that cannot be run is refused here.
        await on(number, async () => {});
      } catch (error) {
        sessions.delete(number);
        throw error;
      }
      return {
        run(feeds) {
          runs++;
          return on(number, (lane) => lane.run(number, feeds));
        },
        async setWeights(changed) {
          const wanted = sessions.get(number);
          if (wanted) sessions.set(number, { ...wanted, changed, version: wanted.version + 1 });
        },
        async release() {
          sessions.delete(number);
        },
      };
    },
  };
}
