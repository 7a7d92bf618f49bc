// npm run bench [-- --only node,slider --quick --rounds 3]: measures, and writes results.json and RESULTS.md. See README.md.
import { parseArgs } from 'node:util';
import { say } from '../scripts/setup.mjs';
import { enter } from './enter.ts';
import { parts } from './parts/index.ts';
import type { BenchPart, BenchSetting } from './parts/part.ts';
import { thisMachine } from './results.ts';

function readOptions(): { chosen: readonly BenchPart[]; setting: BenchSetting } {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
    },
  });
  const { quick } = values;
  const rounds = Number(values.rounds ?? (quick ? 2 : 3));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${values.rounds}: give a whole number from 1.`);
  const wanted = values.only?.split(',') ?? parts.map(({ id }) => id);
  const unknown = wanted.find((id) => !parts.some((part) => part.id === id));
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: the parts are ${parts.map(({ id }) => id).join(', ')}.`);
  return { chosen: parts.filter(({ id }) => wanted.includes(id)), setting: { quick, rounds } };
}

/** Measures a part and puts it into the store: what the parts before it gave is kept if a later one fails. */
async function runPart({ id, title, measure, render }: BenchPart, setting: BenchSetting): Promise<void> {
  say(`${title} ...`);
  const begun = performance.now();
  const { versions, data } = await measure(setting);
  const seconds = (performance.now() - begun) / 1000;
  enter(id, { date: new Date().toISOString(), machine: thisMachine(), versions, ...setting, seconds, data });
  console.log(`\n## ${title}\n\n${render(data)}\n`);
}

try {
  const { chosen, setting } = readOptions();
  for (const part of chosen) {
    try {
      await runPart(part, setting);
    } catch (error) {
      say(`${part.id} failed: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
