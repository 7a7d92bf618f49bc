import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../../lab/compress/recipe.ts';
import { wilson } from '../../../lab/metrics/interval.ts';
import type { ResultEntry } from '../../../lab/result/schema.ts';
import { toCsv } from '../../projection/csv.ts';
import { models, suites } from '../../shipped.ts';
import { makeStored } from '../../test/fixture.ts';
import { readExploreLink } from '../explore/explore-link.ts';
import { sortKeys, startLibrary } from './library-choice.ts';
import { compareLink, exploreLink, found, keptBytesOf, rowOf } from './rows.ts';
import { answerColumns, tableOf } from './tables.ts';

const [model] = models;
const [suite] = suites;
const shipped = {
  model: { name: model.id, sha256: model.sha256, family: model.family, parameters: model.parameters },
  suite: { name: suite.id, sha256: suite.sha256 },
  template: suite.wordings[0],
};
const entryOf = (key: string, more: Partial<ResultEntry> = {}) => makeStored(key, 12, { ...shipped, ...more }).entry;
const rtn = parseRecipe([{ method: 'rtn', scope: 'attention', bits: 4 }]);

const rows = [
  rowOf(entryOf('a', { savedAt: 1, seconds: 3 }), ['lesson']),
  rowOf(entryOf('b', { savedAt: 3, seconds: 2, recipe: rtn }), []),
  rowOf(entryOf('c', { savedAt: 2, seconds: 1, model: { ...shipped.model, name: 'tiny' } }), ['draft', 'lesson']),
];
const keysOf = (change: Partial<typeof startLibrary>) =>
  found(rows, { ...startLibrary, ...change }).map(({ entry }) => entry.key);

describe('the list', () => {
  it('shows the latest first, and sorts both ways by every column', () => {
    expect(keysOf({})).toEqual(['b', 'c', 'a']);
    expect(keysOf({ sort: 'took', direction: 'ascending' })).toEqual(['c', 'b', 'a']);
    for (const sort of sortKeys) {
      const up = keysOf({ sort, direction: 'ascending' });
      expect([...up].sort()).toEqual(['a', 'b', 'c']);
      expect(keysOf({ sort, direction: 'descending' })[0]).not.toBe(undefined);
    }
  });

  it('finds what has every word, in whatever it says of a result', () => {
    expect(keysOf({ search: 'ATTENTION rtn' })).toEqual(['b']);
    expect(keysOf({ search: 'lesson tiny' })).toEqual(['c']);
    expect(keysOf({ search: 'lesson rtn' })).toEqual([]);
    expect(keysOf({ search: model.title.toLowerCase() })).toEqual(['b', 'a']);
  });

  it('is narrowed by model, suite, method and tag, all at once', () => {
    expect(keysOf({ model: 'tiny' })).toEqual(['c']);
    expect(keysOf({ suite: 'none' })).toEqual([]);
    expect(keysOf({ method: 'rtn' })).toEqual(['b']);
    expect(keysOf({ tag: 'lesson' })).toEqual(['c', 'a']);
    expect(keysOf({ tag: 'lesson', model: model.id })).toEqual(['a']);
  });
});

describe('a row', () => {
  it('has its share with the interval of its n, and about its bytes', () => {
    expect(rows[0]).toMatchObject({ share: 4 / 12, interval: wilson(4, 12), tags: ['lesson'] });
    expect(keptBytesOf(entryOf('a'))).toBeGreaterThan(12 * 48);
    expect(keptBytesOf({ ...entryOf('a'), asked: 112 }) - keptBytesOf(entryOf('a'))).toBeGreaterThanOrEqual(4800);
  });

  it('opens in Explore with its recipe on the controls', () => {
    const { choice } = readExploreLink(exploreLink(entryOf('b', { recipe: rtn }))!);
    expect(choice).toMatchObject({ model: model.id, suite: suite.id, template: suite.wordings[0] });
    expect(choice.steps).toMatchObject([{ method: 'rtn', scope: 'attention' }]);
    expect(readExploreLink(exploreLink(entryOf('z', { recipe: [] }))!).choice.steps).toMatchObject([{ level: 0 }]);
    expect(exploreLink(rows[2].entry)).toBeNull();
  });

  it('is compared with another of the same model and questions, not with others', () => {
    const [a, b] = [entryOf('a'), entryOf('b', { recipe: rtn })];
    expect(compareLink([a, b])).toMatch(/^#view=compare&v=2&model=.*&a=magnitude-global,overall,5&b=rtn,attention,/);
    expect(compareLink([a])).toBeNull();
    expect(compareLink([a, b, a])).toBeNull();
    expect(compareLink([a, { ...b, template: 'held-out' }])).toBeNull();
    expect(compareLink([a, { ...b, suite: { ...b.suite, sha256: 'x' } }])).toBeNull();
  });
});

describe('tables', () => {
  it('have a row for each result, with n and interval', () => {
    const [row] = tableOf([rows[2]]);
    expect(row).toMatchObject({ key: 'c', asked: 12, hits: 4, accuracy: 4 / 12, low: wilson(4, 12).low });
    expect(row.tags).toBe('draft; lesson');
    expect(toCsv([row]).split('\n')).toHaveLength(2);
  });

  it('have a row for each answer, in the order of asking', () => {
    const [a, b] = [makeStored('a', 2), makeStored('b', 3)];
    const columns = new Map(
      answerColumns([a, b]).map(({ name, data }) => [name, [...(data as ArrayLike<unknown> & Iterable<unknown>)]]),
    );
    expect(columns.get('key')).toEqual(['a', 'a', 'b', 'b', 'b']);
    expect(columns.get('place')).toEqual([0, 1, 0, 1, 2]);
    expect(columns.get('rank')).toEqual([1, 2, 1, 2, 3]);
    expect(columns.get('gold_log_prob')).toEqual([...a.predictions.goldLogProbs, ...b.predictions.goldLogProbs]);
    expect(columns.get('top_id_2')).toEqual([1, 6, 1, 6, 11]);
  });
});
