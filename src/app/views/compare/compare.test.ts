import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstChunk } from '../../chunks.ts';
import { type FakeLab, freshLab } from '../../test/fixture.ts';

let lab: FakeLab;

/** A visit: nothing is left of the one before but what the browser keeps. */
async function visit() {
  lab = freshLab();
  const view = await import('./compare.ts');
  const { useCompare } = await import('./compare-store.ts');
  const state = useCompare.getState;
  const until = (status: string) => vi.waitFor(() => expect(state().run.status).toBe(status), { timeout: 20_000 });
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
    const { open, state, until, named } = await visit();
    void open('#view=compare');
    await until('finished');
    await named();
    expect(lab.pieces).toEqual([`0-${firstChunk}`, `0-${firstChunk}`]);
    expect(state().results.map((result) => result?.summary.probes)).toEqual([firstChunk, firstChunk]);
    await vi.waitFor(() => expect(state().kept).toHaveLength(2));
  });

  it('asks more only when that is wanted', async () => {
    const { open, setAmount, state, until, named } = await visit();
    void open('#view=compare&n=1000');
    await until('finished');
    await named();
    expect(lab.pieces).toHaveLength(2);
    setAmount(1000);
    await vi.waitFor(() => expect(state().results[1]?.summary.probes).toBe(1000), { timeout: 20_000 });
    expect(state().results[0]?.summary.probes).toBe(1000);
  });

  it('shows on the next visit what was computed, without asking again', async () => {
    const first = await visit();
    void first.open('#view=compare');
    await first.until('finished');
    const second = await visit();
    void second.open('#view=compare');
    await second.named();
    // Nothing is left to run, so nothing is offered.
    await second.until('finished');
    expect(second.state().results[0]?.summary.probes).toBe(firstChunk);
    expect(lab.pieces).toEqual([]);
  });

  it('computes nothing for another recipe after it was stopped', async () => {
    const { open, applyPreset, stop, until, named } = await visit();
    void open('#view=compare');
    await until('finished');
    await named();
    stop();
    applyPreset('scope');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lab.pieces).toHaveLength(2);
  });

  it('moves B to the level that comes closest, and tells how close', async () => {
    const { open, applyPreset, matchTo, state, until, named } = await visit();
    void open('#view=compare');
    await until('finished');
    await named();
    applyPreset('kind');
    await vi.waitFor(() => expect(state().results[1]?.summary.probes).toBe(firstChunk), { timeout: 20_000 });
    await matchTo('size');
    // The fake lab gives every level the same size: the mildest is as close as any.
    expect(state().matches).toMatchObject([
      { kind: 'size', side: 'b', level: 1, n: firstChunk, wanted: 713, value: 713 },
    ]);
    expect(state().choice.recipes[1][0].level).toBe(1);
  });

  it('moves every other recipe, too', async () => {
    const { open, matchTo, state, until, named } = await visit();
    void open('#view=compare&v=2&a=rtn,overall,3&b=magnitude-global,overall,4&c=&d=wanda,overall,4');
    await until('finished');
    await named();
    await matchTo('size');
    // An uncompressed one has nothing to move.
    expect(state().matches.map(({ side, level }) => [side, level])).toEqual([
      ['b', 1],
      ['d', 1],
    ]);
    expect(state().choice.recipes.map((steps) => steps.map(({ level }) => level))).toEqual([[3], [1], [], [1]]);
  });

  it('takes up to four recipes, of which one is looked at beside the first', async () => {
    const { open, addRecipe, removeRecipe, setLevel, look, swap, state, until, named } = await visit();
    void open('#view=compare&v=2&a=magnitude-global,overall,1&b=magnitude-global,overall,2');
    await until('finished');
    await named();
    const levels = () => state().choice.recipes.map(([{ level }]) => level);
    // At first like the last one: nothing is asked for it.
    addRecipe();
    expect([levels(), state().choice.against]).toEqual([[1, 2, 2], 2]);
    setLevel(2, 0, 3);
    await vi.waitFor(() => expect(state().results[2]?.summary.probes).toBe(firstChunk), { timeout: 20_000 });
    expect(lab.pieces).toHaveLength(3);
    addRecipe();
    setLevel(3, 0, 4);
    addRecipe();
    expect([levels(), state().choice.against]).toEqual([[1, 2, 3, 4], 3]);
    swap();
    expect([levels(), state().choice.against]).toEqual([[4, 2, 3, 1], 3]);
    // The one that is looked at stays so under its new letter.
    removeRecipe(1);
    expect([levels(), state().choice.against]).toEqual([[4, 3, 1], 2]);
    look({ against: 1 });
    removeRecipe(1);
    expect([levels(), state().choice.against]).toEqual([[4, 1], 1]);
    // Two are the fewest.
    removeRecipe(0);
    expect(levels()).toEqual([4, 1]);
  });

  it('tells of a link that cannot be read, and shows what it begins with', async () => {
    const { open, state, until } = await visit();
    const { usePage } = await import('../../page/page.ts');
    void open('#view=compare&model=bert-huge');
    await until('finished');
    expect(usePage.getState().notices.map(({ kind }) => kind)).toContain('bad-link');
    expect(state().choice.recipes[0]).toHaveLength(2);
  });
});
