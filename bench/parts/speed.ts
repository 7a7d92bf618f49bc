import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { root, say } from '../../scripts/setup.mjs';
import type { MeasuredRow } from '../measure.ts';
import { digits, median, percent, spread } from '../numbers.ts';
import { runProgram, temporary, usualThreads } from '../program.ts';
import { type BenchSetting, definePart, type Measured } from './part.ts';

/** Below this share of equal answers the contestants did not do the same work. */
const wantedAgreement = 0.99;

export const promptCount = (quick: boolean) => (quick ? 128 : 1024);

/** What the contestants read, laid out as transformers.js wants it. */
export const speedFiles = join(temporary, 'public');

export const contestSchema = z.object({
  place: z.string(),
  prompts: z.int(),
  threads: z.int(),
  rows: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['alone', 'batched', 'plain', 'native', 'lab']),
      seconds: z.array(z.number()).min(1),
      /** Null where it was not recorded. */
      agreement: z.number().nullable(),
    }),
  ),
});
type Data = z.output<typeof contestSchema>;

/** Installs the locked packages of the bench if they are missing or others. */
export function ensureBenchPackages(): void {
  const here = join(root, 'bench');
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

export function layOutFiles(): void {
  rmSync(speedFiles, { recursive: true, force: true });
  for (const [from, to = from] of [
    ['models/bert-small/model.onnx', 'models/bert-small/onnx/model.onnx'],
    ['models/bert-small/model.onnx'],
    ['models/bert-small/card.json'],
    ['models/bert-small/config.json'],
    ['models/bert-small/tokenizer.json'],
    ['models/bert-small/tokenizer_config.json'],
    ['suites/facts/suite.json'],
  ]) {
    mkdirSync(join(speedFiles, to, '..'), { recursive: true });
    copyFileSync(join(root, 'public', from), join(speedFiles, to));
  }
}

async function prepared(measure: () => Promise<Measured<Data>>): Promise<Measured<Data>> {
  ensureBenchPackages();
  layOutFiles();
  const measured = await measure();
  const lowest = Math.min(...measured.data.rows.map(({ agreement }) => agreement ?? 0));
  if (lowest < wantedAgreement)
    throw new Error(`Only ${percent(lowest)} of the top words agree: these numbers would compare different work.`);
  return measured;
}

const speeds = ({ prompts }: Data, { seconds }: Pick<MeasuredRow, 'seconds'>) => seconds.map((time) => prompts / time);

export function renderContest(data: Data): string {
  const { place, prompts, threads, rows } = data;
  const lab = rows.find(({ kind }) => kind === 'lab');
  if (!lab) throw new Error('The lab was not measured.');
  const ours = median(speeds(data, lab));
  const table = rows.map((row) => {
    const { median, lowest, highest } = spread(speeds(data, row));
    const isLab = row.kind === 'lab';
    return [
      row.name,
      digits(median),
      `${digits(lowest)}–${digits(highest)}`,
      isLab ? '' : `${digits(ours / median)} ×`,
      isLab ? '' : row.agreement === null ? 'not recorded' : percent(row.agreement),
    ];
  });
  const against = (kind: MeasuredRow['kind'], whom: string) => {
    const [fastest] = rows
      .filter((row) => row.kind === kind)
      .sort((a, b) => median(speeds(data, b)) - median(speeds(data, a)));
    if (!fastest) return [];
    const ofRounds = fastest.seconds.map((time, round) => time / lab.seconds[round]);
    const { lowest, highest } = spread(ofRounds);
    return [
      `- the fastest of ${whom} (${fastest.name}): **${digits(ours / median(speeds(data, fastest)))} ×**, in single rounds ` +
        `${digits(lowest)}–${digits(highest)}`,
    ];
  };
  return [
    `${place}, bert-small, ${prompts.toLocaleString('en-US')} prompts of the suite facts, ${threads} ` +
      `${threads === 1 ? 'thread' : 'threads'}. Prompts per second:`,
    '',
    markdownTable([['', 'median', 'range', 'the lab is', 'same top word'], ...table], [1, 2, 3, 4]),
    '',
    'The lab against',
    '',
    ...against('batched', 'transformers.js with arrays'),
    ...against('plain', 'the runtime by hand'),
    ...against('native', 'what is not WebAssembly'),
  ].join('\n');
}

const speedOf = ({ quick, rounds }: BenchSetting) => ({ probes: promptCount(quick), rounds });

export const node = definePart({
  id: 'node',
  title: 'Prompts per second in Node',
  schema: contestSchema,
  measure: (setting) => prepared(async () => runProgram('speed', { ...setting, threads: usualThreads }, contestSchema)),
  render: renderContest,
});

export const chromium = definePart({
  id: 'chromium',
  title: 'Prompts per second in Chromium',
  schema: contestSchema,
  measure: (setting) =>
    prepared(async () => {
      const { measureInChromium } = await import('../chromium.ts');
      return measureInChromium({ ...speedOf(setting), files: speedFiles, folder: join(temporary, 'dist') });
    }),
  render: renderContest,
});
