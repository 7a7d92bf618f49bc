import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeLab } from '../fixture.ts';
import { firstPiece } from '../pieces.ts';

let lab: FakeLab;

/** A visit: nothing is left of the one before but what the browser keeps. */
async function visit() {
  vi.resetModules();
  lab = new FakeLab();
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        // biome-ignore lint/correctness/noConstructorReturn: what `new Worker` gives is the fake lab's worker
        return lab.make();
      }
    },
  );
  const view = await import('./compare.ts');
  const { useCompare } = await import('./store.ts');
  const state = useCompare.getState;
  const until = (status: string) => vi.waitFor(() => expect(state().work.status).toBe(status), { timeout: 20_000 });
  const named = () => vi.waitFor(() => expect(state().probes).not.toBeNull(), { timeout: 20_000 });
  return { ...view, state, until, named };
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('location', { search: '', origin: '', pathname: '/', hash: '' });
  vi.stubGlobal('history', { replaceState: () => {}, pushState: () => {} });
});
afterEach(() => vi.unstubAllGlobals());

describe('the comparison', () => {
  it('asks a sample of both recipes, then names the facts', async () => {
    const { openCompare, state, until, named } = await visit();
    void openCompare('#view=compare');
    await until('finished');
    await named();
    expect(lab.pieces).toEqual([`0-${firstPiece}`, `0-${firstPiece}`]);
    expect([state().a, state().b].map((result) => result?.summary.probes)).toEqual([firstPiece, firstPiece]);
    await vi.waitFor(() => expect(state().kept).toHaveLength(2));
  });

  it('asks more only when that is wanted', async () => {
    const { openCompare, setAmount, state, until, named } = await visit();
    void openCompare('#view=compare&n=1000');
    await until('finished');
    await named();
    expect(lab.pieces).toHaveLength(2);
    setAmount(1000);
    await vi.waitFor(() => expect(state().b?.summary.probes).toBe(1000), { timeout: 20_000 });
    expect(state().a?.summary.probes).toBe(1000);
  });

  it('shows on the next visit what was computed, without asking again', async () => {
    const first = await visit();
    void first.openCompare('#view=compare');
    await first.until('finished');
    const second = await visit();
    void second.openCompare('#view=compare');
    await second.named();
    expect(second.state().a?.summary.probes).toBe(firstPiece);
    expect(lab.pieces).toEqual([]);
  });

  it('computes nothing for another recipe after it was stopped', async () => {
    const { openCompare, applyPreset, stop, until, named } = await visit();
    void openCompare('#view=compare');
    await until('finished');
    await named();
    stop();
    applyPreset('scope');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lab.pieces).toHaveLength(2);
  });

  it('moves B to the level that comes closest, and tells how close', async () => {
    const { openCompare, applyPreset, matchTo, state, until, named } = await visit();
    void openCompare('#view=compare');
    await until('finished');
    await named();
    applyPreset('kind');
    await vi.waitFor(() => expect(state().b?.summary.probes).toBe(firstPiece), { timeout: 20_000 });
    await matchTo('size');
    // The fake lab gives every level the same size: the mildest is as close as any.
    expect(state().match).toMatchObject({ kind: 'size', level: 1, n: firstPiece, a: 713, b: 713 });
    expect(state().choice.b[0].level).toBe(1);
  });

  it('tells of a link that cannot be read, and shows what it begins with', async () => {
    const { openCompare, state, until } = await visit();
    const { usePage } = await import('../page.ts');
    void openCompare('#view=compare&model=bert-huge');
    await until('finished');
    expect(usePage.getState().notices.map(({ kind }) => kind)).toContain('bad-link');
    expect(state().choice.a).toHaveLength(2);
  });
});
