// npm run methods [-- --write --seconds 2]: every method of the lab in one table: where it is from, what it needs, what
// it was compared with, and how long it takes on this machine. --write puts it into docs/methods.md; --seconds is how
// long each is timed, at most. The exit status is 1 where a method has no citation.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Method } from '../src/lab/compress/method.ts';
import { methodList } from '../src/lab/compress/methods/index.ts';
import { sitesOf } from '../src/lab/compress/scope.ts';
import { openModel } from './folder.ts';
import { describeMethods } from './method-table.ts';
import { say } from './options.ts';
import { drawMatrices, timeMethod } from './synthetic.ts';

const { values: options } = parseArgs({
  options: { write: { type: 'boolean', default: false }, seconds: { type: 'string', default: '2' } },
});
const docs = resolve(import.meta.dirname, '../docs');

const withoutCitation = methodList.filter(
  ({ citation: { text, url } }) => text.trim() === '' || !/^https:\/\/\S+$/.test(url),
);
if (withoutCitation.length > 0) {
  say(`Without a citation: ${withoutCitation.map(({ id }) => id).join(', ')}. Say where each is from, with a link.`);
  process.exit(1);
}

const { sites, heads } = await openModel('bert-small');
const matrices = drawMatrices(sitesOf('overall', sites));
const weights = matrices.reduce((sum, { values }) => sum + values.length, 0);

/** Milliseconds for a million weights. */
function timeOf(method: Method): string {
  const { seconds, runs } = timeMethod(method, matrices, heads, Number(options.seconds));
  const each = (seconds * 1000) / (weights / 1e6);
  say(`${method.id}: ${(seconds * 1000).toFixed(1)} ms, the least of ${runs}`);
  return `${each >= 100 ? each.toFixed(0) : each.toPrecision(2)} ms`;
}

const processors = cpus();
const machine = `${processors[0]?.model.trim() ?? 'a machine'} (${processors.length} cores, ${process.platform}, Node ${process.versions.node})`;
const text = describeMethods(methodList, { timeOf, machine });
if (options.write) {
  writeFileSync(join(docs, 'methods.md'), text);
  say('Written to docs/methods.md.');
} else console.log(text);
