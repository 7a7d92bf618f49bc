import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import type { Graph } from './engine.ts';
import { createPoolEngine, type Lane } from './pool.ts';

const graph: Graph = { skeleton: new Uint8Array(1), weights: new Map(), matrices: new Map() };
const level = (value: number) => new Map([['w', Float32Array.of(value)]]);

/** Lanes that answer with the weights that they have, when they are told to. */
function lanes() {
  const made: { log: string[]; has: Map<number, number>; ended: boolean }[] = [];
  const held: (() => void)[] = [];
  let isHeld = false;
  let refuses = false;
  const start = (): Lane => {
    const lane = { log: [] as string[], has: new Map<number, number>(), ended: false };
    made.push(lane);
    const put = (session: number, changed: ReadonlyMap<string, Float32Array>) =>
      lane.has.set(session, changed.get('w')?.[0] ?? 0);
    return {
      async open(session, _, changed) {
        if (refuses) throw new LabError('bad-model', 'No.');
        lane.log.push(`open ${session}`);
        put(session, changed);
      },
      async run(session) {
        if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
        lane.log.push(`run ${session}`);
        return { w: Float32Array.of(lane.has.get(session)!) };
      },
      async setWeights(session, changed) {
        lane.log.push(`weights ${session}`);
        put(session, changed);
      },
      async release(session) {
        lane.log.push(`release ${session}`);
        lane.has.delete(session);
      },
      end() {
        lane.ended = true;
      },
    };
  };
  return {
    made,
    start,
    hold: () => {
      isHeld = true;
    },
    letGo: () => {
      isHeld = false;
      for (const resolve of held.splice(0)) resolve();
    },
    refuse: (value: boolean) => {
      refuses = value;
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a pool of runtimes', () => {
  it('starts lanes as there is work for them, and no more than it has', async () => {
    const { made, start, hold, letGo } = lanes();
    const session = await createPoolEngine(start, { lanes: 2, threads: 1 }).open(graph);
    expect(made).toHaveLength(1);
    hold();
    const runs = Array.from({ length: 5 }, () => session.run({}));
    await settled();
    expect(made).toHaveLength(2);
    letGo();
    await Promise.all(runs);
    expect(made).toHaveLength(2);
    expect(made.flatMap(({ log }) => log).filter((entry) => entry.startsWith('run'))).toHaveLength(5);
  });

  it('answers with the weights that were set last, on every lane', async () => {
    const { start } = lanes();
    const session = await createPoolEngine(start, { lanes: 3, threads: 1 }).open(graph, level(1));
    const all = async () => (await Promise.all(Array.from({ length: 6 }, () => session.run({})))).map(({ w }) => w[0]);
    expect(await all()).toEqual(Array(6).fill(1));
    await session.setWeights(level(2));
    expect(await all()).toEqual(Array(6).fill(2));
    await session.setWeights(new Map());
    expect(await all()).toEqual(Array(6).fill(0));
  });

  it('gives memory back: what was released is released on its lane, and a lane that opened many is replaced', async () => {
    const { made, start } = lanes();
    const engine = createPoolEngine(start, { lanes: 1, threads: 1, mostOpened: 3 });
    for (let round = 0; round < 7; round++) {
      const session = await engine.open(graph, level(round));
      expect((await session.run({})).w[0]).toBe(round);
      await session.release();
    }
    expect(made.map(({ ended }) => ended)).toEqual([true, true, false]);
    for (const { has } of made) expect(has.size).toBeLessThanOrEqual(1);
  });

  it('does not replace a lane whose other session is in use', async () => {
    const { made, start } = lanes();
    const engine = createPoolEngine(start, { lanes: 1, threads: 1, mostOpened: 2 });
    const kept = await engine.open(graph, level(9));
    for (let round = 0; round < 4; round++) await (await engine.open(graph)).release();
    expect((await kept.run({})).w[0]).toBe(9);
    expect(made).toHaveLength(1);
  });

  it('hands on what a lane refuses, and goes on', async () => {
    const { start, refuse } = lanes();
    const engine = createPoolEngine(start, { lanes: 2, threads: 1 });
    refuse(true);
    await expect(engine.open(graph)).rejects.toMatchObject({ kind: 'bad-model' });
    refuse(false);
    const session = await engine.open(graph, level(4));
    expect((await session.run({})).w[0]).toBe(4);
    await session.release();
    await expect(session.run({})).rejects.toMatchObject({ kind: 'internal' });
  });
});
