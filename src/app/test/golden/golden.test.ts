import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../../lab/compress/size.ts';
import { usePage } from '../../page/page.ts';
import { ResultCache } from '../../storage/result-cache.ts';
import { readClassroomLink } from '../../views/classroom/classroom-choice.ts';
import { readCompareLink } from '../../views/compare/compare-choice.ts';
import { readCurvesLink } from '../../views/curves/curves-choice.ts';
import { readDecideLink } from '../../views/decide/decide-choice.ts';
import { readExploreLink, writeExploreLink } from '../../views/explore/explore-link.ts';
import { readFamiliesLink } from '../../views/families/families-choice.ts';
import { readLayersLink } from '../../views/layers/layers-choice.ts';
import { readFile, toItem, writeFile } from '../../views/library/envelope.ts';
import { readLibraryLink } from '../../views/library/library-choice.ts';

const text = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const json = (name: string) => JSON.parse(text(name));

/** Arrays as the files hold them: hits as a row of 0 and 1, other numbers as a list. */
const plain = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (_, part) =>
      part instanceof Uint8Array ? part.join('') : ArrayBuffer.isView(part) ? Array.from(part as Int32Array) : part,
    ),
  );

describe('a link', () => {
  const subject = { model: 'bert-mini', suite: 'facts', template: 'seen' as const };
  const readers: Record<string, (fragment: string) => unknown> = {
    explore: readExploreLink,
    curves: (fragment) => readCurvesLink(fragment, subject),
    families: readFamiliesLink,
    compare: readCompareLink,
    layers: readLayersLink,
    decide: readDecideLink,
    classroom: readClassroomLink,
    library: readLibraryLink,
  };
  const links: { view: string; form: string; fragment: string; means: unknown }[] = json('links.json');
  beforeEach(() => usePage.setState({ subject }));

  it('is there for every view', () => {
    expect([...new Set(links.map(({ view }) => view))].sort()).toEqual(Object.keys(readers).sort());
  });

  it.each(links)('to $view, $form, opens as what it was', ({ view, fragment, means }) => {
    expect(plain(readers[view](fragment))).toEqual(means);
    expect(plain(readers[view](`#${fragment}`))).toEqual(means);
  });

  it.each(links.filter(({ view }) => view === 'explore'))(
    'of $form is written again as what it was',
    ({ fragment }) => {
      const { choice, view, results } = readExploreLink(fragment);
      expect(readExploreLink(writeExploreLink(choice, view, results ?? undefined))).toEqual({ choice, view, results });
    },
  );

  it('of the second form is written letter by letter as it was', () => {
    const written = links.filter(({ view, form }) => view === 'explore' && form.startsWith('form 2'));
    expect(written).toHaveLength(2);
    for (const { fragment } of written) {
      const { choice, view, results } = readExploreLink(fragment);
      expect(writeExploreLink(choice, view, results!)).toBe(fragment);
    }
  });
});

const keys = {
  pruned: '05dda63405f6009a8ada0f3063fb6553e04163f33f56f4329806e5c5c59ecfc4',
  uncompressed: '219dabda1b60',
  task: 'a6e7885d62f242dcedbe3753a68d74f99a3caf0a1529c812a1b782de91446a3e',
};

/** A record as IndexedDB has it: lists under the name of their type become such arrays. */
const arrays = { Uint32Array, Float32Array };
const revive = (_: string, value: unknown) => {
  const [name, list] = Object.entries(value ?? {})[0] ?? [];
  return name === 'Uint32Array' || name === 'Float32Array' ? arrays[name].from(list.map(Number)) : value;
};
const records: Record<string, never> = JSON.parse(text('cache.json'), revive);
const fullKey = (start: string) =>
  Object.keys(records)
    .find((name) => name.startsWith(`entry:${start}`))!
    .slice('entry:'.length);

describe('a result in IndexedDB', () => {
  beforeEach(async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    for (const [name, record] of Object.entries(records)) await set(name, record, createStore('lossy', 'results'));
  });
  afterEach(() => vi.unstubAllGlobals());

  it.each([keys.pruned, fullKey(keys.uncompressed)])('is read as it was written: %s', async (key) => {
    expect(await new ResultCache().read(key)).toEqual({
      entry: records[`entry:${key}`],
      predictions: records[`answers:${key}`],
    });
  });

  it('of a version that counted fewer layouts has nothing in their place', async () => {
    const { entry, predictions } = (await new ResultCache().read(keys.task))!;
    const { report }: { report: Report } = records[`entry:${keys.task}`];
    expect(report.total.bytes).not.toHaveProperty('entropy');
    expect(entry.report.total.bytes).toEqual({ ...report.total.bytes, compact: null, factors: null, entropy: null });
    expect(entry).toMatchObject({ asked: 3, of: 3, hits: 1, recipe: [], template: 'given' });
    expect(predictions.topLogProbs[2]).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is listed, whatever version wrote it', async () => {
    const listed = (await new ResultCache().list()).map(({ key }) => key);
    expect(listed.sort()).toEqual([keys.pruned, fullKey(keys.uncompressed), keys.task].sort());
  });
});

describe('a file of results', () => {
  const recorded = (key: string) => ({ entry: records[`entry:${key}`], predictions: records[`answers:${key}`] });
  const six = async () => 6;

  it('that the Library exported comes back, and is written letter by letter as it was', async () => {
    const { results, leftOut } = await readFile(text('library.json'), six);
    expect(results).toEqual([
      { result: recorded(keys.pruned), tags: ['lesson', 'week 3'] },
      { result: recorded(fullKey(keys.uncompressed)), tags: [] },
    ]);
    expect(leftOut).toEqual({});
    const layouts = json('layouts.json').map((layout: { order: number[] }) => ({
      ...layout,
      order: Uint32Array.from(layout.order),
    }));
    const items = results.map((tagged, at) => toItem(tagged, layouts[at]));
    expect(await writeFile(items, new Date('2026-11-30T12:00:00Z')).text()).toBe(text('library.json'));
  });

  it('that the command line printed with every answer comes back', async () => {
    const { results, leftOut } = await readFile(text('run-keep.json'), six);
    expect(results).toEqual([{ result: recorded(keys.pruned), tags: [] }]);
    expect(leftOut).toEqual({});
  });

  it('of tasks comes back', async () => {
    const { results } = await readFile(text('run-tasks.json'), async () => 3);
    expect(results[0].result).toMatchObject({
      entry: { key: keys.task, hits: 1 },
      predictions: recorded(keys.task).predictions,
    });
  });

  it.each([
    ['run.json', { alone: 1 }],
    ['run-any.json', { several: 1 }],
  ])('that the page cannot keep says why: %s', async (name, leftOut) => {
    expect(await readFile(text(name), six)).toEqual({ results: [], leftOut });
  });

  it('that a study wrote brings what has its answers', async () => {
    const { results, leftOut } = await readFile(text('study.jsonl'), six);
    expect(results.map(({ result: { entry } }) => [entry.recipe[0].method, entry.asked, entry.of])).toEqual([
      ['rtn', 3, 6],
    ]);
    expect(leftOut).toEqual({ failed: 1, alone: 1 });
  });
});
