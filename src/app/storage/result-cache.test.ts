import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { createStore, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Size } from '../../lab/compress/size.ts';
import type { LabError } from '../../lab/errors.ts';
import { answersTo, makeStored, report } from '../test/fixture.ts';
import { ResultCache } from './result-cache.ts';

let notices: LabError[];
let cache: ResultCache;

const openCache = () => new ResultCache((error) => notices.push(error));

/** The next visit, or another tab: it knows nothing but what was stored. */
const readElsewhere = (key: string) => new ResultCache().read(key);

/** Puts something into the database past the cache, as an older version or a fault of the disk might have. */
const putRecord = (name: string, value: unknown) => set(name, value, createStore('lossy', 'results'));

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  notices = [];
  cache = openCache();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a kept result', () => {
  it('is there on the next visit as it was written', async () => {
    const stored = makeStored('k', 192);
    await cache.write(stored);
    expect(await cache.read('k')).toStrictEqual(stored);
    expect(await readElsewhere('k')).toStrictEqual(stored);
    expect(notices).toEqual([]);
  });

  it('is found under no other key', async () => {
    await cache.write(makeStored('k', 192));
    expect(await cache.read('K')).toBeNull();
    expect(await cache.read('')).toBeNull();
  });

  it('is replaced by a longer one, and by another one of the same length', async () => {
    await cache.write(makeStored('k', 192));
    await cache.write(makeStored('k', 704));
    expect((await readElsewhere('k'))?.entry.asked).toBe(704);
    await cache.write(makeStored('k', 704, { seconds: 9 }));
    expect(await readElsewhere('k')).toStrictEqual(makeStored('k', 704, { seconds: 9 }));
  });

  it('is never replaced by a shorter one, which another tab may still bring', async () => {
    await cache.write(makeStored('k', 704));
    await openCache().write(makeStored('k', 192));
    expect(await cache.read('k')).toStrictEqual(makeStored('k', 704));
  });

  it('is listed with the others, the latest first', async () => {
    expect(await cache.list()).toEqual([]);
    const older = makeStored('a', 192, { savedAt: 1 });
    const newer = makeStored('b', 704, { savedAt: 3, report: { ...report, touched: null } });
    const between = makeStored('c', 10, { savedAt: 2, recipe: [], template: 'paraphrase' });
    for (const stored of [older, newer, between]) await cache.write(stored);
    expect(await openCache().list()).toStrictEqual([newer.entry, between.entry, older.entry]);
  });

  it('is gone once it was removed, and the others stay', async () => {
    for (const key of ['a', 'b', 'c']) await cache.write(makeStored(key, 192));
    await cache.remove(['a', 'c', 'never there']);
    expect(await readElsewhere('a')).toBeNull();
    expect((await cache.list()).map(({ key }) => key)).toEqual(['b']);
    // Nothing of it is left to hold a shorter one back.
    await cache.write(makeStored('a', 10));
    expect((await readElsewhere('a'))?.entry.asked).toBe(10);
  });
});

describe('a result of a version that counted fewer layouts', () => {
  it('is read, with nothing in the place of the others', async () => {
    const { entry, predictions } = makeStored('old', 192);
    const older = ({ compact: _, factors: __, entropy: ___, ...bytes }: Size['bytes']) => bytes;
    const shorten = <T extends Size>(size: T) => ({ ...size, bytes: older(size.bytes) });
    const { sites, total } = report;
    const old = { ...report, sites: sites.map(shorten), touched: shorten(total), total: shorten(total) };
    await putRecord('entry:old', { ...entry, report: old });
    await putRecord('answers:old', predictions);
    const found = (await cache.read('old'))?.entry.report;
    const { dense, quantized, bitmap, csr, nm, smallest } = total.bytes;
    expect(found?.total.bytes).toEqual({
      ...{ dense, quantized, bitmap, csr, nm, smallest },
      ...{ compact: null, factors: null, entropy: null },
    });
    expect(found?.sites).toHaveLength(1);
    expect((await cache.list()).map(({ key }) => key)).toEqual(['old']);
  });
});

describe('a damaged record', () => {
  const { entry, predictions } = makeStored('bad', 192);

  it.each([
    ['nothing', null],
    ['a text', 'entry'],
    ['an empty object', {}],
    ['an entry without its key', { ...entry, key: undefined }],
    ['an entry with half a probe', { ...entry, asked: 0.5 }],
    ['an entry of another template', { ...entry, template: 'both' }],
    ['an entry whose recipe has a method that is gone', { ...entry, recipe: [{ method: 'gzip' }] }],
    ['an entry whose recipe is out of range', { ...entry, recipe: [{ method: 'magnitude-global', sparsity: 2 }] }],
    ['an entry whose recipe is no list', { ...entry, recipe: 'rtn' }],
    ['an entry of a time that no Date can hold', { ...entry, savedAt: 8.64e15 + 1 }],
    ['an entry without sizes', { ...entry, report: { ...report, total: null } }],
  ])('that is %s counts as not there, and the list goes on without it', async (_, record) => {
    await cache.write(makeStored('good', 192));
    await putRecord('entry:bad', record);
    await putRecord('answers:bad', predictions);
    expect(await cache.read('bad')).toBeNull();
    expect((await cache.list()).map(({ key }) => key)).toEqual(['good']);
    expect(notices).toEqual([]);
    await cache.write(makeStored('bad', 10));
    expect((await readElsewhere('bad'))?.entry.asked).toBe(10);
  });

  it.each([
    ['missing', undefined],
    ['of another result', answersTo([1, 2, 3])],
    ['lists instead of arrays', { ...predictions, ranks: [...predictions.ranks] }],
    ['of another type', { ...predictions, ranks: new Float64Array(192) }],
    ['without one of their parts', { ...predictions, topIds: undefined }],
    ['short of log-probabilities', { ...predictions, topLogProbs: predictions.topLogProbs.slice(1) }],
  ])('with answers that are %s counts as not there, and does not stand in the way of new ones', async (_, answers) => {
    await putRecord('entry:bad', entry);
    await putRecord('answers:bad', answers);
    expect(await cache.read('bad')).toBeNull();
    await cache.write(makeStored('bad', 100));
    expect(await readElsewhere('bad')).toStrictEqual(makeStored('bad', 100));
  });
});

describe('where the browser keeps nothing', () => {
  const throwing = {
    open: () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  };
  const failing = {
    open: () => {
      const request = { error: new DOMException('No.', 'InvalidStateError'), onerror: () => {} };
      queueMicrotask(() => request.onerror());
      return request;
    },
  };

  it.each([
    ['there is no IndexedDB', undefined],
    ['opening it throws', throwing],
    ['opening it fails', failing],
  ])('as %s, results stay in memory and the page is told once', async (_, database) => {
    vi.stubGlobal('indexedDB', database);
    expect(await cache.list()).toEqual([]);
    expect(await cache.read('k')).toBeNull();
    await cache.write(makeStored('k', 192));
    await cache.write(makeStored('l', 704, { savedAt: 2000 }));
    expect(await cache.read('k')).toStrictEqual(makeStored('k', 192));
    expect((await cache.list()).map(({ key, asked }) => [key, asked])).toEqual([
      ['l', 704],
      ['k', 192],
    ]);
    await cache.remove(['l']);
    expect(await cache.read('l')).toBeNull();
    expect((await cache.list()).map(({ key }) => key)).toEqual(['k']);

    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ kind: 'storage', message: 'This browser keeps no data for this page.' });
    expect(notices[0].advice).toContain('private mode');
  });

  it('a shorter result does not replace a longer one in memory either', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await cache.write(makeStored('k', 704));
    await cache.write(makeStored('k', 192));
    expect((await cache.read('k'))?.entry.asked).toBe(704);
  });

  it('what is written after it was allowed again is kept', async () => {
    const database = indexedDB;
    vi.stubGlobal('indexedDB', undefined);
    await cache.write(makeStored('k', 192));
    vi.stubGlobal('indexedDB', database);
    await cache.write(makeStored('l', 192));
    expect(await readElsewhere('l')).toStrictEqual(makeStored('l', 192));
    expect((await cache.list()).map(({ key }) => key).sort()).toEqual(['k', 'l']);
  });
});

describe('where the browser has no space left', () => {
  /** As browsers do it: the transaction is given up after the records were handed over. */
  function fillDisk() {
    const { put } = IDBObjectStore.prototype;
    return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...record) {
      const request = put.apply(this, record);
      const { transaction } = this as unknown as { transaction: { error: unknown; _abort(name: string): void } };
      queueMicrotask(() => transaction.error ?? transaction._abort('QuotaExceededError'));
      return request;
    });
  }

  it('what was kept stays, what is new stays in memory, and the page is told once that it is full', async () => {
    await cache.write(makeStored('old', 192));
    fillDisk();
    await cache.write(makeStored('new', 192, { savedAt: 2000 }));
    await cache.write(makeStored('old', 704));
    expect(await cache.read('new')).toStrictEqual(makeStored('new', 192, { savedAt: 2000 }));
    expect(await readElsewhere('new')).toBeNull();
    expect((await readElsewhere('old'))?.entry.asked).toBe(192);
    expect((await cache.list()).map(({ key, asked }) => [key, asked])).toEqual([
      ['new', 192],
      ['old', 704],
    ]);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ kind: 'storage', message: 'This browser has no space left for results.' });
    expect(notices[0].advice).toContain('delete old ones');
  });

  it('a write after space was freed is stored again, and memory lets go of it', async () => {
    const full = fillDisk();
    await cache.write(makeStored('k', 192));
    expect(await readElsewhere('k')).toBeNull();
    full.mockRestore();
    await cache.write(makeStored('k', 704));
    expect(await readElsewhere('k')).toStrictEqual(makeStored('k', 704));
    // What another tab adds would be hidden behind what is in memory.
    await openCache().write(makeStored('k', 1000));
    expect((await cache.read('k'))?.entry.asked).toBe(1000);
  });

  it('a shorter write after space was freed does not lose what memory has', async () => {
    const full = fillDisk();
    await cache.write(makeStored('k', 704));
    full.mockRestore();
    await cache.write(makeStored('k', 192));
    expect((await cache.read('k'))?.entry.asked).toBe(704);
  });
});
