import { IDBFactory } from 'fake-indexeddb';
import { createStore, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeList } from '../test/fixture.ts';
import { ProbeLayouts, probeLayoutOf } from './probe-layouts.ts';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

const layout = probeLayoutOf(probeList);

/** What the next visit finds. */
async function found(key: string) {
  const layouts = new ProbeLayouts();
  await layouts.read(key);
  return layouts.get(key);
}

describe('a layout', () => {
  it('is there on the next visit, with the order in which the probes are asked', async () => {
    await new ProbeLayouts().write('key', layout);
    expect(await found('key')).toEqual(layout);
    expect(await found('other')).toBeUndefined();
  });

  it('knows frequencies, and where they are unknown', () => {
    expect([...probeLayoutOf({ ...probeList, frequency: [4, null, 0] }).frequency]).toEqual([4, -1, 0]);
  });

  it.each([
    ['of another shape', { relations: 'many', frequency: new Int32Array(1) }],
    ['with another number of probes', { relations: probeList.relations, frequency: new Int32Array(7), skipped: [] }],
  ])('%s counts as not there', async (_, damaged) => {
    await set('key', damaged, createStore('lossy-layouts', 'layouts'));
    expect(await found('key')).toBeUndefined();
  });
});
