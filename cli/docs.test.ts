import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { methodList } from '../src/lab/compress/methods/index.ts';
import { parseRecipe } from '../src/lab/compress/recipe.ts';
import { familyIds } from '../src/lab/family/index.ts';
import { parseSuite } from '../src/lab/suite/suite.ts';
import { parseMethodsReference, parseReference } from '../src/lab/test/reference/reference.ts';
import { describeMethods } from './method-table.ts';

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(at(path), 'utf8');

/** What does not depend on the machine: everything but the last column of tables, which has times, and its name. */
const lasting = (text: string) =>
  text
    .replace(/Measured on .*\.$/m, '')
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.split(' | ').slice(0, -1).join(' | ') : line));

it('docs/methods.md says what the registry says (npm run methods -- --write makes it)', () => {
  const made = describeMethods(methodList, { timeOf: () => '1 ms', machine: 'a machine' });
  expect(lasting(read('docs/methods.md'))).toEqual(lasting(made));
});

describe('README.md counts right:', () => {
  const readme = read('README.md').replaceAll(/\s+/g, ' ');
  const number = (count: number) => count.toLocaleString('en');
  /** Finds a sentence; the message names it, and not the whole of README. */
  const expectSaid = (text: string) => expect(readme.includes(text), `README.md should say “${text}”`).toBe(true);
  const folder = 'src/lab/test/reference';
  const references = readdirSync(at(folder)).filter((name) => name.endsWith('.json'));
  const ofMethods = references.filter((name) => name.startsWith('methods-'));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

  it('methods and families', () => {
    expectSaid(`[${methodList.length} methods](docs/methods.md)`);
    expectSaid(`**${['No', 'One', 'Two', 'Three', 'Four', 'Five'][familyIds.length]} families`);
  });

  it('facts and relations', () => {
    const lines = gunzipSync(readFileSync(at('training/data/facts.jsonl.gz')))
      .toString()
      .trimEnd()
      .split('\n');
    const { relations } = parseSuite(read('public/suites/facts/suite.json'));
    expectSaid(`${number(lines.length)} facts in ${relations.length} relations`);
  });

  it('what PyTorch was asked', () => {
    const found = references
      .filter((name) => !ofMethods.includes(name))
      .map((name) => parseReference(read(`${folder}/${name}`)));
    const runs = number(sum(found.map((reference) => reference.runs.length)));
    const prompts = sum(found.map(({ samples }) => samples.length));
    expectSaid(`${runs} runs and ${prompts} prompts’ logits of the four models`);
  });

  it('settings of methods that were compared', () => {
    const compared = ofMethods.map((name) => {
      const runsOf = (path: string) => parseMethodsReference(read(path)).runs;
      const torch = runsOf(`${folder}/${name}`);
      const hits = new Map(torch.map((run) => [JSON.stringify(parseRecipe(run.steps)), run.hits]));
      const lab: { steps: unknown; hits: number }[] = JSON.parse(read(`${folder}/lab/${name}`)).runs;
      const off = lab.map((run) => Math.abs(hits.get(JSON.stringify(parseRecipe(run.steps)))! - run.hits));
      return { settings: torch.length, off };
    });
    const off = compared.flatMap((model) => model.off);
    const within = (most: number) => off.filter((by) => by <= most).length;
    expectSaid(`${sum(compared.map(({ settings }) => settings))} settings of all methods`);
    expectSaid(
      `of ${off.length} that were computed, ${within(0)} have exactly PyTorch’s hits of 5,040 facts, and ${within(5)} are within 5`,
    );
  });
});
