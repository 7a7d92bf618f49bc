// npm run models: what every shipped model knows, asked of the shipped files, as the table of the model cards.
// --model ID asks one model; --limit N the first N probes of each wording and task; --write puts the tables into the
// cards and, where all models were asked, the summary into README.md.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { wilson } from '../src/lab/metrics/interval.ts';
import type { ProbeSet } from '../src/lab/probe/probes.ts';
import type { Wording } from '../src/lab/suite/suite.ts';
import { markdownTable } from './markdown.ts';
import { say } from './options.ts';
import { openSession } from './session.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    limit: { type: 'string' },
    threads: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const folder = resolve(import.meta.dirname, '../public/models');
const limit = options.limit === undefined ? undefined : Number(options.limit);
const threads = options.threads === undefined ? undefined : Number(options.threads);

interface Row {
  /** Short, for the summary; and in words. */
  id: string;
  what: string;
  hits: number;
  n: number;
  note: string;
}

const percent = (share: number) => (share * 100).toFixed(1);

/**
 * Held-out facts that whoever answers each relation's most frequent answer gets right: what a model can have by guessing
 * from the type alone.
 */
function majorityHits(trained: ProbeSet, heldOut: ProbeSet): number {
  const best = new Map<string, string>();
  trained.relations.forEach(({ id }, relation) => {
    const counts = new Map<string, number>();
    for (const probe of trained.probes)
      if (probe.relation === relation) for (const word of probe.gold) counts.set(word, (counts.get(word) ?? 0) + 1);
    const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    if (most) best.set(id, most[0]);
  });
  return heldOut.probes.filter(({ relation, gold }) => gold.includes(best.get(heldOut.relations[relation].id) ?? ''))
    .length;
}

async function rowsOf(id: string): Promise<Row[]> {
  const rows: Row[] = [];
  const facts = await openSession({ model: id, suite: 'facts', threads });
  const words: Partial<Record<Wording, string>> = {
    seen: 'facts, as in training',
    paraphrase: 'facts, in other words',
    'held-out': 'facts never trained',
  };
  for (const template of facts.suite.wordings) {
    const { result } = await facts.run([], { wording: template, limit });
    const note =
      template === 'held-out'
        ? `the most frequent answer of each relation: ${percent(majorityHits(facts.probes('seen'), facts.probes('held-out')) / facts.probes('held-out').probes.length)} %`
        : `macro average ${percent(result.macro.share)} %`;
    rows.push({ id: template, what: words[template] ?? template, hits: result.hits, n: result.probes, note });
    say(`${id}: ${template} ${result.hits} of ${result.probes} in ${result.seconds.toFixed(0)} s`);
  }
  await facts.close();
  const choices = await openSession({ model: id, suite: 'choice', threads });
  const { result } = await choices.run([], { wording: 'given', limit });
  for (const { id: task, label } of choices.suite.tasks) {
    const [hits, n] = result.relations[task] ?? [0, 0];
    const score = result.tasks?.[task];
    const note = [
      score?.accNorm === undefined ? '' : `by character ${percent(score.accNorm)} %`,
      score?.perplexity === undefined ? '' : `perplexity ${score.perplexity.toPrecision(3)}`,
    ];
    rows.push({ id: task, what: `${label} (${task})`, hits, n, note: note.filter(Boolean).join(', ') });
  }
  say(`${id}: tasks in ${result.seconds.toFixed(0)} s`);
  await choices.close();
  return rows;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, hits, n, note }) => {
    const { low, high } = wilson(hits, n);
    return `| ${what} | ${percent(hits / n)} % | ${hits} of ${n} | ${percent(low)} to ${percent(high)} % | ${note} |`;
  });
  return ['| asked | right | of | 95 % interval | beside it |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

/** Models against everything that was asked, right of n in percent. */
function summaryOf(models: ReadonlyMap<string, readonly Row[]>): string {
  const [first] = models.values();
  const cells = [
    ['model', ...first.map(({ id }) => id)],
    ...[...models].map(([id, rows]) => [id, ...rows.map(({ hits, n }) => percent(hits / n))]),
    ['n', ...first.map(({ n }) => n.toLocaleString('en-US'))],
  ];
  return markdownTable(cells);
}

/** Puts a table between two marks of a file. */
async function put(path: string, name: string, table: string): Promise<void> {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = await readFile(path, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table (${begin} … ${end}).`);
  await writeFile(path, `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`);
}

const shipped = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const asked = new Map<string, Row[]>();
for (const id of options.model ? [options.model] : shipped) {
  const rows = await rowsOf(id);
  asked.set(id, rows);
  console.log(`\n## ${id}\n\n${tableOf(rows)}`);
  if (options.write) await put(join(folder, id, 'README.md'), 'results', tableOf(rows));
}
console.log(`\n${summaryOf(asked)}`);
if (options.write && !options.model) await put(resolve(folder, '../../README.md'), 'models', summaryOf(asked));
process.exit(0);
