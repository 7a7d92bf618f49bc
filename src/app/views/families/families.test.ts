import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../../lab/errors.ts';
import { firstChunk } from '../../chunks.ts';
import { shippedFamilies } from '../../shipped.ts';
import { type FakeLab, freshLab, probeList } from '../../test/fixture.ts';

const of = probeList.order.length;
const levels = 10;
const models = shippedFamilies.length;

let lab: FakeLab;

/** A visit: nothing is left of the one before but what the browser keeps. */
async function visit() {
  lab = freshLab();
  const view = await import('./families.ts');
  const { useFamilies } = await import('./families-store.ts');
  const state = useFamilies.getState;
  const until = (status: string) => vi.waitFor(() => expect(state().run.status).toBe(status), { timeout: 20_000 });
  return { ...view, state, until };
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('location', { search: '', origin: '', pathname: '/' });
  vi.stubGlobal('history', { replaceState: () => {}, pushState: () => {} });
});
afterEach(() => vi.unstubAllGlobals());

describe('the families’ view', () => {
  it('asks a sample of every level of every model, then all to the end', async () => {
    const { open, state, until } = await visit();
    void open('#view=families');
    await until('finished');
    const samples = lab.pieces.slice(0, models * levels);
    expect(new Set(samples)).toEqual(new Set([`0-${firstChunk}`]));
    expect(lab.pieces).toHaveLength(models * levels * 3);
    expect(state().run).toMatchObject({ done: models * levels * of, of: models * levels * of, sample: null });
    for (const { points, baseline } of state().tracks) {
      expect(points.map(({ result }) => result?.summary.probes)).toEqual(Array(levels).fill(of));
      expect(baseline?.summary.probes).toBe(of);
    }
  });

  it('has a worker for each model, and ends them when it is left', async () => {
    const { open, leave, until } = await visit();
    void open('');
    await until('finished');
    expect(lab.workers.map(({ ended }) => ended)).toEqual(Array(models).fill(false));
    leave();
    expect(lab.workers.every(({ ended }) => ended)).toBe(true);
  });

  it('shows on the next visit what was computed, without any worker', async () => {
    const first = await visit();
    void first.open('');
    await first.until('finished');
    const shares = first.state().tracks.map(({ points }) => points.map(({ result }) => result?.outcomes));

    const second = await visit();
    void second.open('');
    await second.until('finished');
    expect(lab.workers).toEqual([]);
    expect(second.state().tracks.map(({ points }) => points.map(({ result }) => result?.outcomes))).toEqual(shares);
  });

  it('goes on where it was paused', async () => {
    const { open, pause, start, state, until } = await visit();
    let asked = 0;
    lab.onPiece = () => {
      if (++asked === 5) pause();
    };
    void open('');
    await until('paused');
    await vi.waitFor(() => expect(lab.pieces).toHaveLength(5));
    lab.onPiece = () => {};
    void start();
    await until('finished');
    expect(lab.pieces).toHaveLength(models * levels * 3);
    expect(state().run.failures).toEqual({});
  });

  it('names a model that cannot be loaded, and goes on with the others', async () => {
    const { open, state, until } = await visit();
    lab.plans.open = [new LabError('download', 'The file is not there.')];
    void open('');
    await until('failed');
    const [first] = state().tracks;
    expect(state().run.failures).toMatchObject({ [first.model.id]: { message: 'The file is not there.' } });
    expect(Object.keys(state().run.failures)).toHaveLength(1);
    expect(lab.pieces).toHaveLength((models - 1) * levels * 3);
  });

  it('leaves out models without the chosen layers', async () => {
    const { open, setStep, stop, state } = await visit();
    void open('');
    stop();
    setStep({ ...state().choice.step, scope: 'cross-attention' });
    expect(state().tracks.map(({ family, status }) => [family, status === 'absent'])).toEqual(
      shippedFamilies.map((family) => [family, family !== 'encoder-decoder']),
    );
  });
});

describe('other kinds of questions', () => {
  it('are asked when that is wanted: a sample of each, uncompressed and at the level', async () => {
    const { open, startKinds, stop, state } = await visit();
    void open('#view=families&by=kind');
    stop();
    await startKinds();
    expect(state().asksKinds).toBe(false);
    // Both suites in all of their wordings: the fake lab has the same probes for each.
    for (const { model } of state().tracks) {
      const kinds = state().kinds.get(model.id) ?? [];
      expect(kinds.map(({ suite, template }) => `${suite}/${template}`)).toEqual([
        'facts/seen',
        'facts/paraphrase',
        'facts/held-out',
        'choice/given',
      ]);
      for (const { baseline, level } of kinds)
        expect([baseline.summary.probes, level.summary.probes]).toEqual([firstChunk, firstChunk]);
    }
    expect(new Set(lab.pieces)).toEqual(new Set([`0-${firstChunk}`]));
  });
});
