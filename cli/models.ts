// npm run models: what every shipped model knows, asked of the shipped files, as the table of the model cards.
// --model ID asks one model; --limit N the first N probes of each wording and task; --write puts the table into the cards.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { wilson } from '../src/lab/metrics/interval.ts';
import type { ProbeSet } from '../src/lab/probe/probes.ts';
import type { Template } from '../src/lab/probe/suite.ts';
import { openModel, openSuite } from './folder.ts';
import { NodeSession } from './session.ts';

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
  what: string;
  hits: number;
  n: number;
  note: string;
}

const say = (text: string) => process.stderr.write(`${text}\n`);
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
  const model = await openModel(id);
  const rows: Row[] = [];
  const facts = await NodeSession.open(model, await openSuite('facts'), { threads });
  const words: Partial<Record<Template, string>> = {
    seen: 'facts, as in training',
    paraphrase: 'facts, in other words',
    'held-out': 'facts never trained',
  };
  for (const template of facts.suite.wordings) {
    const { result } = await facts.run([], template, { limit });
    const note =
      template === 'held-out'
        ? `the most frequent answer of each relation: ${percent(majorityHits(facts.probes('seen'), facts.probes('held-out')) / facts.probes('held-out').probes.length)} %`
        : `macro average ${percent(result.macro.share)} %`;
    rows.push({ what: words[template] ?? template, hits: result.hits, n: result.probes, note });
    say(`${id}: ${template} ${result.hits} of ${result.probes} in ${result.seconds.toFixed(0)} s`);
  }
  await facts.prober.close();
  const choices = await NodeSession.open(model, await openSuite('choice'), { threads });
  const { result } = await choices.run([], 'given', { limit });
  for (const { id: task, label } of choices.suite.tasks) {
    const [hits, n] = result.relations[task] ?? [0, 0];
    const score = result.tasks?.[task];
    const note = [
      score?.accNorm === undefined ? '' : `by character ${percent(score.accNorm)} %`,
      score?.perplexity === undefined ? '' : `perplexity ${score.perplexity.toPrecision(3)}`,
    ];
    rows.push({ what: `${label} (${task})`, hits, n, note: note.filter(Boolean).join(', ') });
  }
  say(`${id}: tasks in ${result.seconds.toFixed(0)} s`);
  await choices.prober.close();
  return rows;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, hits, n, note }) => {
    const { low, high } = wilson(hits, n);
    return `| ${what} | ${percent(hits / n)} % | ${hits} of ${n} | ${percent(low)} to ${percent(high)} % | ${note} |`;
  });
  return ['| asked | right | of | 95 % interval | beside it |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

const begin = '<!-- results: npm run models -- --write -->';
const end = '<!-- /results -->';

const ids = options.model
  ? [options.model]
  : (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
for (const id of ids) {
  const table = tableOf(await rowsOf(id));
  console.log(`\n## ${id}\n\n${table}`);
  if (!options.write) continue;
  const path = join(folder, id, 'README.md');
  const card = await readFile(path, 'utf8');
  const [head, rest] = card.split(begin);
  if (rest === undefined) throw new Error(`${path} has no place for the table (${begin}).`);
  await writeFile(path, `${head}${begin}\n\n${table}\n\n${end}${rest.split(end)[1] ?? '\n'}`);
}
process.exit(0);
