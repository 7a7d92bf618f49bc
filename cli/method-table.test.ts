import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { methodList } from '../src/lab/compress/methods/index.ts';
import { describeMethods } from './method-table.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** What does not hang on the machine: everything but the last column of tables with times, and the machine's name. */
const lasting = (text: string) =>
  text
    .replace(/Measured on .*\.$/m, '')
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.split(' | ').slice(0, -1).join(' | ') : line));

it('docs/methods.md says what the registry says (npm run methods -- --write makes it)', () => {
  const made = describeMethods(methodList, { timeOf: () => '1 ms', machine: 'a machine' });
  expect(lasting(read('docs/methods.md'))).toEqual(lasting(made));
});

it('README.md counts methods as the registry does', () => {
  expect(read('README.md')).toContain(`[${methodList.length} methods](docs/methods.md)`);
});
