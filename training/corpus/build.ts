import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { choiceSuite, choiceTraining } from './choice.ts';
import { LeakFinder } from './leak.ts';
import { proseLines } from './prose.ts';
import { allRelations, WORDINGS } from './relations.ts';
import { cardinality, selectFacts } from './select.ts';
import { factSentences } from './sentences.ts';
import { gcideEntries } from './sources/gcide.ts';
import { WordNet } from './sources/wordnet.ts';
import { split } from './split.ts';
import { factSuite } from './suite.ts';
import type { Relation } from './types.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const started = Date.now();
const log = (line: string) => console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

function write(path: string, content: string): void {
  const file = `${root}${path}`;
  mkdirSync(file.replace(/\/[^/]+$/, ''), { recursive: true });
  const bytes = path.endsWith('.gz') ? gzipSync(content, { level: 9 }) : Buffer.from(content);
  writeFileSync(file, bytes);
  log(`${path}: ${content.split('\n').length - 1} lines, ${(bytes.length / 1000).toFixed(0)} kB`);
}

const jsonLines = (items: unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

const net = new WordNet();
const gcide = gcideEntries();
log(`sources read: ${net.synsets.size} synsets, ${gcide.length} dictionary entries`);

const selected = selectFacts(allRelations(net, gcide), log);
const { facts, incomplete, dropped } = split(selected, WORDINGS);
log(`${facts.length} facts in ${selected.length} relations; dropped to close the split: ${JSON.stringify(dropped)}`);

const relations = selected.map(({ spec }): Relation => {
  const own = facts
    .filter((fact) => fact.relation === spec.id)
    .map((fact): [string, string] => [fact.subject, fact.object]);
  const { pairs: _pairs, limit: _limit, ...rest } = spec;
  return { ...rest, ...WORDINGS[spec.id]!, cardinality: cardinality(own) };
});
const everyPair = new Map(selected.map(({ spec, all }) => [spec.id, all]));
const finder = new LeakFinder(facts.filter((fact) => fact.frequency === 0));

write('training/data/facts.jsonl.gz', jsonLines(facts));
const suite = factSuite(relations, facts, incomplete);
write('public/suites/facts/suite.json', suite);
const sentences = factSentences(facts, WORDINGS);
write('training/out/sentences.tsv.gz', sentences.map(({ text, start, end }) => `${text}\t${start}\t${end}\n`).join(''));
const prose = proseLines(net, gcide, finder, 260_000);
log(`${prose.told} lines of prose left out because they name a held-out fact's subject and object`);
write('training/out/text.txt.gz', `${prose.lines.join('\n')}\n`);
const objects = [...new Set(facts.map((fact) => fact.object.toLowerCase()))].sort();
write('training/out/objects.txt', `${objects.join('\n')}\n`);
const choice = choiceSuite(relations, facts, incomplete, everyPair);
write('public/suites/choice/suite.json', choice.suite);
write(
  'training/out/choice-train.jsonl.gz',
  jsonLines(choiceTraining(relations, facts, incomplete, everyPair, choice.used, finder)),
);

for (const { id, property, cardinality: kind } of relations) {
  const own = facts.filter((fact) => fact.relation === id);
  const held = new Set(own.filter((fact) => fact.frequency === 0).map((fact) => fact.subject)).size;
  const all = new Set(own.map((fact) => fact.subject)).size;
  const whole = all - held - [...incomplete].filter((key) => key.startsWith(`${id}\t`)).length;
  console.log([id, own.length, Math.min(200, whole), held, property ?? '-', kind].join('\t'));
}
