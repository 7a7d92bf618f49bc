import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { type Column, csvOf, nextSort, sortedRows } from './columns.ts';
import { DataTable } from './DataTable.tsx';
import { VirtualBody } from './VirtualBody.tsx';

interface Row {
  name: string;
  n: number;
}

const rows: Row[] = [
  { name: 'b', n: 1 },
  { name: 'a', n: 3 },
  { name: 'c', n: 1 },
];
const columns: Column<Row>[] = [
  {
    id: 'name',
    header: 'Name',
    isRowHeader: true,
    cell: ({ name }) => name,
    sortBy: ({ name }) => name,
    csv: ({ name }) => ({ name }),
  },
  {
    id: 'n',
    header: 'n',
    align: 'right',
    cell: ({ n }) => `n = ${n}`,
    sortBy: ({ n }) => n,
    startsDescending: true,
    csv: ({ n }) => ({ n, isMany: n > 2 }),
  },
  { id: 'note', header: 'Note', cell: () => 'seen, not saved' },
];
const names = (sorted: readonly Row[]) => sorted.map(({ name }) => name).join('');
const markup = (props: object) =>
  renderToStaticMarkup(
    createElement(DataTable<Row>, { label: 'Things', rows, columns, keyOf: ({ name }) => name, ...props }),
  );

describe('columns', () => {
  it('make a file of all their fields, in their order', () => {
    expect(csvOf(columns, rows)[1]).toEqual({ name: 'a', n: 3, isMany: true });
    expect(Object.keys(csvOf(columns, rows)[0])).toEqual(['name', 'n', 'isMany']);
  });

  it('sort rows; equal ones keep their order', () => {
    expect(names(sortedRows(columns, rows, { by: 'name', direction: 'ascending' }))).toBe('abc');
    expect(names(sortedRows(columns, rows, { by: 'n', direction: 'ascending' }))).toBe('bca');
    expect(names(sortedRows(columns, rows, { by: 'n', direction: 'descending' }))).toBe('acb');
    expect(names(sortedRows(columns, rows, { by: 'note', direction: 'ascending' }))).toBe('bac');
  });

  it('turn round when they are chosen again, and begin as they say', () => {
    const byName = nextSort(columns, { by: 'n', direction: 'descending' }, 'name');
    expect(byName).toEqual({ by: 'name', direction: 'ascending' });
    expect(nextSort(columns, byName, 'name')).toEqual({ by: 'name', direction: 'descending' });
    expect(nextSort(columns, byName, 'n')).toEqual({ by: 'n', direction: 'descending' });
  });
});

describe('a table', () => {
  it('names itself, its columns and its rows', () => {
    const html = markup({});
    expect(html).toContain('<table class');
    expect(html).toContain('aria-label="Things"');
    expect(html.match(/<th scope="col"/g)).toHaveLength(3);
    expect(html.match(/<th scope="row"/g)).toHaveLength(3);
    expect(html).not.toContain('aria-sort');
  });

  it('says how it is sorted, and by which columns it can be', () => {
    const html = markup({ sort: { by: 'n', direction: 'descending' }, onSort: () => {} });
    expect(html.match(/aria-sort="none"/g)).toHaveLength(1);
    expect(html.match(/aria-sort="descending"/g)).toHaveLength(1);
    expect(html.match(/<button/g)).toHaveLength(2);
  });

  it('lets rows be chosen by their headers', () => {
    const html = markup({ isChosen: ({ name }: Row) => name === 'a', onChoose: () => {} });
    expect(html.match(/aria-pressed="true"[^>]*>a</g)).toHaveLength(1);
    expect(html.match(/aria-pressed="false"/g)).toHaveLength(2);
  });

  it('of virtual rows tells how many there are, and keeps its roles', () => {
    const html = markup({ height: 100, long: { rowHeight: 20, Body: VirtualBody } });
    expect(html).toMatch(/<table[^>]* role="table"[^>]* aria-rowcount="4"/);
    expect(html).toMatch(/<table[^>]* tabindex="0"/i);
    expect(html.match(/role="columnheader"/g)).toHaveLength(3);
  });

  it('without rows says so', () => {
    expect(markup({ rows: [], empty: 'None yet' })).toBe('None yet');
  });
});
