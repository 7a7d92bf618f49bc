import { IDBFactory } from 'fake-indexeddb';
import { createStore, get, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseSuite } from '../../lab/suite/suite.ts';
import { failure, importedSuite } from '../test/fixture.ts';
import { isUserSuite, userSuiteId } from './user-suite-id.ts';
import { UserSuites } from './user-suites.ts';

let notices: string[];
const open = () => new UserSuites(({ kind }) => notices.push(kind));
const store = () => createStore('lossy-suites', 'suites');

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  notices = [];
});
afterEach(() => vi.unstubAllGlobals());

const id = userSuiteId(importedSuite.sha256);

describe('a suite that the visitor brought', () => {
  it('is there on the next visit as it was, under a name that follows from what is in it', async () => {
    const entry = await open().add(importedSuite);
    expect(entry).toMatchObject({ id, title: 'Brought', kind: 'facts', wordings: ['given'], probes: 1 });
    expect(isUserSuite(entry.id)).toBe(true);
    expect(await open().list()).toEqual([entry]);
    expect(await open().read(id)).toEqual(importedSuite);
    expect(notices).toEqual([]);
  });

  it('says what the importer left out', async () => {
    const entry = await open().add(importedSuite);
    expect(entry.skipped).toEqual([{ reason: 'no object', count: 2 }]);
  });

  it('may be tasks', async () => {
    const tasks = parseSuite(
      JSON.stringify({
        format: 'lossy-tasks-1',
        title: 'Mine',
        licence: 'own',
        tasks: [
          { task: 'piqa', label: 'Better', docs: [{ goal: 'Sit', sol1: 'on a chair', sol2: 'on air', label: 0 }] },
        ],
      }),
    );
    const entry = await open().add(tasks);
    expect(entry).toMatchObject({ kind: 'tasks', probes: 1 });
    expect(await open().read(entry.id)).toEqual(tasks);
  });

  it('is the same one when it is brought again', async () => {
    const own = open();
    await own.add(importedSuite);
    await own.add(importedSuite);
    expect(await own.list()).toHaveLength(1);
  });

  it('is gone when it was deleted', async () => {
    const own = open();
    await own.add(importedSuite);
    await own.remove(id);
    expect(await own.list()).toEqual([]);
    expect((await failure(() => own.read(id))).kind).toBe('bad-suite');
  });
});

describe('a suite of somebody else', () => {
  it('is said to be on another machine', async () => {
    const { kind, message } = await failure(() => open().read('own-0123456789ab'));
    expect(kind).toBe('bad-suite');
    expect(message).toContain('stay with whoever chose them');
  });
});

describe('what this browser kept', () => {
  const suiteKey = `suite:${id}`;

  it.each([
    ['of another shape', { title: 'Brought' }],
    [
      'with a relation without facts',
      { ...importedSuite, relations: [{ ...importedSuite.relations[0], facts: 'none' }] },
    ],
    ['with another content than its name says', { ...importedSuite, sha256: 'f'.repeat(64) }],
  ])('%s is refused, and no longer listed', async (_, damaged) => {
    await open().add(importedSuite);
    await set(suiteKey, damaged, store());
    const { kind, message } = await failure(() => open().read(id));
    expect([kind, message]).toEqual(['bad-suite', `What this browser kept of ${id} is damaged.`]);
    expect(await open().list()).toEqual([]);
  });

  it('of an entry that is damaged is not listed', async () => {
    await open().add(importedSuite);
    await set(`entry:${id}`, { id }, store());
    expect(await open().list()).toEqual([]);
    expect(await get(suiteKey, store())).toBeDefined();
  });
});

describe('a browser that keeps nothing', () => {
  it('has the suite until the page is closed, and says so once', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const own = open();
    const entry = await own.add(importedSuite);
    expect(await own.list()).toEqual([entry]);
    expect(await own.read(id)).toEqual(importedSuite);
    await own.remove(id);
    expect(await own.list()).toEqual([]);
    expect(notices).toEqual(['storage']);
  });
});
