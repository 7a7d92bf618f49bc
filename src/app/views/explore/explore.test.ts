import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../../lab/errors.ts';
import { models } from '../../shipped.ts';
import { type FakeLab, freshLab, probeList } from '../../test/fixture.ts';

const of = probeList.order.length;

let lab: FakeLab;

/** A visit: nothing is left of the one before but what the browser keeps. */
async function visit() {
  lab = freshLab();
  const [explore, { useExplore, currentPoint }, { setModel, setCurrent }, { exportRecipe }] = await Promise.all([
    import('./explore.ts'),
    import('./explore-store.ts'),
    import('./edit.ts'),
    import('../../run/export.ts'),
  ]);
  const state = useExplore.getState;
  const until = (status: string) => vi.waitFor(() => expect(state().run.status).toBe(status), { timeout: 20_000 });
  return { ...explore, setModel, setCurrent, exportRecipe, state, until, point: () => currentPoint(state()) };
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('location', { search: '', origin: '', pathname: '/', hash: '' });
  vi.stubGlobal('history', { replaceState: () => {}, pushState: () => {} });
  vi.stubGlobal('document', { createElement: () => ({ click: () => {} }) });
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:', revokeObjectURL: () => {} }));
});
afterEach(() => vi.unstubAllGlobals());

describe('Explore', () => {
  it('asks the whole curve to its end, and computes nothing on the next visit', async () => {
    const first = await visit();
    void first.open('');
    await first.until('finished');
    expect(first.state().points.map(({ result }) => result?.summary.probes)).toEqual(Array(10).fill(of));

    const second = await visit();
    void second.open('');
    await vi.waitFor(() => expect(second.point()?.result?.summary.probes).toBe(of));
    await second.until('finished');
    expect(second.state().probes?.subjects).toHaveLength(of);
    expect(lab.pieces).toEqual([]);
  });

  it('never asks a level further than the uncompressed model that it is compared with', async () => {
    const { open, state, until } = await visit();
    lab.onPiece = () => {
      const { baseline, points } = state();
      const before = baseline.result?.summary.probes ?? 0;
      for (const { result, recipe } of points)
        if (recipe.length > 0) expect(result?.summary.probes ?? 0).toBeLessThanOrEqual(before);
    };
    void open('');
    await until('finished');
    expect(lab.pieces).toHaveLength(30);
  });

  it('exports with the worker that asks, and leaving ends it', async () => {
    const { open, leave, exportRecipe, state, until, point } = await visit();
    void open('');
    await until('finished');
    await expect(exportRecipe(state().choice, point()!.recipe, 'onnx', () => {})).resolves.toHaveProperty('name');
    expect(lab.workers).toHaveLength(1);
    leave();
    expect(lab.workers.map(({ ended }) => ended)).toEqual([true]);
  });

  it('goes on with another model in the middle of a run, and ends the first one’s worker', async () => {
    const { open, setModel, state, until } = await visit();
    const other = models.find(({ id }) => id !== state().choice.model)!;
    let asked = 0;
    lab.onPiece = () => {
      if (++asked === 4) setModel(other);
    };
    void open('');
    await vi.waitFor(() => expect(state().choice.model).toBe(other.id));
    await until('finished');
    // Whatever was waiting for the first worker fails quietly: an unhandled rejection would fail this run.
    expect(lab.workers.map(({ ended }) => ended)).toEqual([true, false]);
    expect(state().run.failures).toEqual({});
    expect(lab.opens).toContain(other.id);
  });

  it('says why a model cannot be opened, and tries again', async () => {
    const { open, start, state, until } = await visit();
    lab.plans.open = [new LabError('download', 'The file is not there.')];
    void open('');
    await until('failed');
    expect(Object.values(state().run.failures)).toMatchObject([{ message: 'The file is not there.' }]);
    void start();
    await until('finished');
    expect(state().run.failures).toEqual({});
  });

  it('keeps what was finished when it is paused, and goes on from there', async () => {
    const { open, pause, start, state, until } = await visit();
    let asked = 0;
    lab.onPiece = () => {
      if (++asked === 3) pause();
    };
    void open('');
    await until('paused');
    lab.onPiece = () => {};
    void start();
    await until('finished');
    expect(lab.pieces).toHaveLength(30);
    expect(state().run).toMatchObject({ done: 10 * of, of: 10 * of });
  });
});
