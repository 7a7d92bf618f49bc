// npm run bench [-- --probes 512 --rounds 3 --only node|chromium]: prompts per second of the lab and transformers.js,
// measured side by side. See README.md.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages, root, say } from '../scripts/setup.mjs';

/** @typedef {import('./measure.ts').Part} Part */

const here = join(root, 'bench');
const temporary = join(here, '.tmp');
/** What both sides read, laid out as transformers.js wants it. */
const files = join(temporary, 'public');
/** Below this share of equal answers the two did not do the same work. */
const wantedAgreement = 0.99;

/** @param {string} name @param {string} value */
function wholeNumber(name, value) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} ${value}: give a whole number from 1.`);
  return number;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      probes: { type: 'string', default: '512' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
    },
  });
  const { only } = values;
  if (only !== undefined && only !== 'node' && only !== 'chromium') {
    throw new Error(`--only ${only}: give node or chromium.`);
  }
  return { probes: wholeNumber('probes', values.probes), rounds: wholeNumber('rounds', values.rounds), only };
}

/** Installs the locked packages of the bench if they are missing or others. */
function ensureBenchPackages() {
  const folder = 'node_modules/@huggingface/transformers';
  const wanted = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8')).packages[folder].version;
  // npm writes this file last: without it, an install was cut short.
  const installed = existsSync(join(here, 'node_modules/.package-lock.json'));
  const found = installed && JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8')).version;
  if (found === wanted) return;
  say('Installing transformers.js for the bench (once, 0.5 GB on the disk) ...');
  // npm is a .cmd file on Windows, which only a shell starts.
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npm', ['ci'], { cwd: here, stdio: ['ignore', 2, 2], shell });
  if (status !== 0) throw new Error('npm ci failed in bench/: check the network.');
}

function layOutFiles() {
  const shipped = join(root, 'public');
  for (const [from, to = from] of [
    ['models/bert-small/model.onnx', 'models/bert-small/onnx/model.onnx'],
    ['models/bert-small/config.json'],
    ['models/bert-small/tokenizer.json'],
    ['models/bert-small/tokenizer_config.json'],
    ['suites/facts/suite.json'],
  ]) {
    mkdirSync(join(files, to, '..'), { recursive: true });
    copyFileSync(join(shipped, from), join(files, to));
  }
}

/** @param {number} probes @param {number} rounds @returns {Part} */
function measureInNode(probes, rounds) {
  const file = join(temporary, 'node.json');
  const program = ['scripts/lab.mjs', 'bench/node.ts', file, String(probes), String(rounds), join(files, 'models/')];
  // A process of its own: its threads end with it.
  const { status } = spawnSync(process.execPath, program, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The part in Node failed: see the messages above.');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Prompts per second of each contestant, and how many times as fast the lab is.
 * @param {Part} part
 */
function summarize({ prompts, rows }) {
  const lab = rows.find(({ kind }) => kind === 'lab');
  if (!lab) throw new Error('The lab was not measured.');
  const summary = rows.map(({ name, kind, seconds, agreement }) => {
    const speeds = seconds.map((time) => prompts / time);
    return {
      name,
      kind,
      median: median(speeds),
      lowest: Math.min(...speeds),
      highest: Math.max(...speeds),
      agreement,
    };
  });
  const ours = median(lab.seconds.map((time) => prompts / time));
  const [best] = summary.filter(({ kind }) => kind === 'batched').sort((a, b) => b.median - a.median);
  const { seconds } = rows[summary.indexOf(best)];
  return {
    rows: summary.map((row) => ({ ...row, labRatio: ours / row.median })),
    fastest: best.name,
    ratio: ours / best.median,
    ratioOfRounds: seconds.map((time, round) => time / lab.seconds[round]),
  };
}

/** @param {Part & ReturnType<typeof summarize>} part */
function print({ place, prompts, threads, versions, rows, fastest, ratio, ratioOfRounds }) {
  console.log(`\n${place}: ${prompts} prompts, ${threads} threads`);
  for (const [name, version] of Object.entries(versions)) console.log(`  ${name} ${version}`);
  console.log(`\n  ${'prompts per second'.padEnd(40)}  median       range      lab is  same top word`);
  for (const { name, kind, median, lowest, highest, agreement, labRatio } of rows) {
    const range = `${lowest.toFixed(1)}–${highest.toFixed(1)}`;
    const times = kind === 'lab' ? '' : `${labRatio.toFixed(2)} ×`;
    const same = kind === 'lab' ? '' : `${(agreement * 100).toFixed(1)} %`;
    const cells = [median.toFixed(1).padStart(6), range.padStart(13), times.padStart(9), same.padStart(14)];
    console.log(`  ${name.padEnd(40)}  ${cells.join(' ')}`.trimEnd());
  }
  const [low, high] = [Math.min(...ratioOfRounds), Math.max(...ratioOfRounds)].map((value) => value.toFixed(2));
  console.log(`\n  lab / best arrays of transformers.js in WebAssembly (${fastest}):`);
  console.log(`  ${ratio.toFixed(2)}, in single rounds ${low}–${high}`);
}

try {
  const { probes, rounds, only } = readOptions();
  ensurePackages();
  ensureBenchPackages();
  rmSync(temporary, { recursive: true, force: true });
  layOutFiles();
  /** @type {Part[]} */
  const parts = [];
  if (only !== 'chromium') {
    say('Measuring in Node ...');
    parts.push(measureInNode(probes, rounds));
  }
  if (only !== 'node') {
    say('Measuring in Chromium ...');
    const { measureInChromium } = await import('./chromium.mjs');
    parts.push(await measureInChromium({ probes, rounds, files, folder: join(temporary, 'dist') }));
  }
  const measured = parts.map((part) => {
    const { rows, ...ratios } = summarize(part);
    return { ...part, ...ratios, rows: rows.map((row, i) => ({ ...row, seconds: part.rows[i].seconds })) };
  });
  const results = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cpus: cpus().length, usable: availableParallelism(), system: process.platform },
    model: 'bert-small',
    suite: 'facts, template seen',
    rounds,
    parts: measured,
  };
  writeFileSync(join(here, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  for (const part of measured) print(part);
  const lowest = Math.min(...measured.flatMap(({ rows }) => rows.map(({ agreement }) => agreement)));
  if (lowest < wantedAgreement) {
    throw new Error(
      `Only ${(lowest * 100).toFixed(1)} % of the top words agree: these numbers compare different work.`,
    );
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
