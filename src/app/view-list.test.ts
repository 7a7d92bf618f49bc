import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { viewIds, viewList } from './view-list.ts';

const folders = (where: string) => readdirSync(new URL(where, import.meta.url)).sort();
const listed = [...viewIds].sort();

it.each(['./views/', '../ui/views/'])('lists every view that has a folder in %s', (where) => {
  expect(folders(where)).toEqual(listed);
});

it.each(viewIds)('%s has what the page loads', (id) => {
  expect(folders(`./views/${id}/`)).toContain('view.ts');
  expect(folders(`../ui/views/${id}/`)).toContain('index.ts');
});

it('gives each view a title of its own, which the browser’s tabs show', () => {
  expect(new Set(viewList.map(({ title }) => title)).size).toBe(viewList.length);
});
