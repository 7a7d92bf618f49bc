import { IDBFactory } from 'fake-indexeddb';
import { createStore, set } from 'idb-keyval';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mostTags } from '../../../lab/result/file.ts';
import { Tags } from './tags.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The next visit. */
async function later(): Promise<Tags> {
  const tags = new Tags();
  await tags.read();
  return tags;
}

it('are there on the next visit, each once, and can be taken away', async () => {
  const tags = new Tags();
  await tags.add(['a', 'b'], 'lesson');
  await tags.add(['a'], 'lesson');
  await tags.add(['a'], 'draft');
  expect((await later()).get('a')).toEqual(['lesson', 'draft']);
  expect((await later()).get('b')).toEqual(['lesson']);
  await tags.remove(['a', 'b'], 'lesson');
  expect((await later()).get('a')).toEqual(['draft']);
  expect((await later()).get('b')).toEqual([]);
});

it('are forgotten with their results', async () => {
  const tags = new Tags();
  await tags.add(['a'], 'lesson');
  await tags.forget(['a']);
  expect((await later()).get('a')).toEqual([]);
});

it('that are damaged count as not there', async () => {
  await set('a', [''], createStore('lossy-tags', 'tags'));
  await set('b', 'x', createStore('lossy-tags', 'tags'));
  const tags = await later();
  expect([tags.get('a'), tags.get('b')]).toEqual([[], []]);
});

it('are no more than a result may have', async () => {
  const tags = new Tags();
  for (let at = 0; at <= mostTags; at++) await tags.add(['a'], `tag ${at}`);
  expect(tags.get('a')).toHaveLength(mostTags);
});

it('are known until the page is closed where the browser keeps nothing', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const tags = new Tags();
  await tags.add(['a'], 'lesson');
  expect(tags.get('a')).toEqual(['lesson']);
});
