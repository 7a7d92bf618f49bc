import { MantineProvider } from '@mantine/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { figure as texts } from '../../texts/figure.ts';
import { type Column, csvOf } from '../tables/columns.ts';
import { type Exports, textsOf } from './exports.ts';
import { Figure } from './Figure.tsx';

/** All that a new chart takes: a drawing, and what it says about itself. CONTRIBUTING.md lists these. */
interface Bar {
  name: string;
  share: number;
}
const bars: Bar[] = [
  { name: 'kept', share: 0.75 },
  { name: '=lost', share: 0.25 },
];
const columns: Column<Bar>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name, csv: ({ name }) => ({ name }) },
  { id: 'share', header: 'Share', cell: ({ share }) => share, csv: ({ share }) => ({ share }) },
];
const DummyChart = () =>
  createElement(
    'svg',
    { role: 'img' },
    bars.map(({ name, share }) => createElement('rect', { key: name, width: share * 100, height: 10 })),
  );
const exports: Exports = {
  cited: () => ({ title: 'Bars', subject: 'BERT mini, Open facts', n: 'n = 192', keys: ['0123456789abcdef'] }),
  rows: () => csvOf(columns, bars),
  commands: () => ['lossy run --model bert-mini'],
};

describe('a chart in a figure', () => {
  it('is drawn, with a menu to save and cite it', () => {
    const html = renderToStaticMarkup(
      createElement(MantineProvider, null, createElement(Figure, { ...exports, children: createElement(DummyChart) })),
    );
    expect(html.match(/<rect/g)).toHaveLength(2);
    expect(html).toContain(`aria-label="${texts.menu}"`);
  });

  it('leaves the page as numbers, as a citation and as commands', async () => {
    const { csv, citation, commands } = textsOf(exports);
    expect(await csv()).toBe("name,share\nkept,0.75\n'=lost,0.25");
    expect(citation()).toMatch(/^Lossy: Bars\. BERT mini, Open facts; n = 192\. Key 0123456789ab\. Computed \d{4}-/);
    expect(commands?.()).toBe('lossy run --model bert-mini');
  });
});
