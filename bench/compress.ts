// npm run bench:compress [-- --seconds 3 --budget 60 --sizes 1,3,10,30,100 --only rtn,wanda --write]: every method on one
// core against the number of parameters, and the same in torch on one thread where there is a Python with torch
// (LOSSY_PYTHON, otherwise python3). --write puts the tables into COMPRESS.md. See README.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../cli/markdown.ts';
import { blockSites, drawMatrices, timeMethod } from '../cli/synthetic.ts';
import { methodList } from '../src/lab/compress/methods/index.ts';

const { values: options } = parseArgs({
  options: {
    /** How long each method is timed at each size, at most; the first run is always made. */
    seconds: { type: 'string', default: '3' },
    /** A size is left out where it would take longer than this, told from the size before. */
    budget: { type: 'string', default: '60' },
    /** Millions of parameters. */
    sizes: { type: 'string', default: '1,3,10,30,100' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const here = import.meta.dirname;
const say = (text: string) => process.stderr.write(`${text}\n`);
const [seconds, budget] = [Number(options.seconds), Number(options.budget)];

/** As in bert-small: what grows with the model is the number of its layers, as it mostly does not in their width. */
const hidden = 256;
const heads = 4;
const ofBlock = blockSites(1, hidden).reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0);
const sizes = options.sizes.split(',').map((millions) => Math.max(1, Math.round((Number(millions) * 1e6) / ofBlock)));
const chosen = options.only?.split(',');
const methods = methodList.filter(({ id }) => !chosen || chosen.includes(id));
const parametersOf = (blocks: number) => blocks * ofBlock;

/** Seconds by method and size; none where it was not measured. */
type Times = Map<string, Map<number, number>>;

/** Whether a size is worth its time: the cost grows with the parameters at least. */
function isTooLong(times: ReadonlyMap<number, number>, blocks: number): boolean {
  const [last] = [...times].slice(-1);
  return last !== undefined && last[1] * (blocks / last[0]) > budget;
}

function measureLab(): Times {
  const times: Times = new Map(methods.map(({ id }) => [id, new Map()]));
  for (const blocks of sizes) {
    const matrices = drawMatrices(blockSites(blocks, hidden));
    for (const method of methods) {
      const own = times.get(method.id)!;
      if (isTooLong(own, blocks)) continue;
      const timed = timeMethod(method, matrices, heads, seconds);
      own.set(blocks, timed.seconds);
      say(`${method.id}, ${(parametersOf(blocks) / 1e6).toFixed(1)} M: ${timed.seconds.toFixed(4)} s`);
    }
  }
  return times;
}

interface Torch {
  versions: Record<string, string>;
  /** How each was written: for speed in compress.py, or for exactness in training/reference. */
  how: Record<string, string>;
  times: [id: string, blocks: number, seconds: number][];
}

/** The same in torch; null, and why, where it cannot be had. */
function measureTorch(): { torch: Torch | null; note: string } {
  const python = process.env.LOSSY_PYTHON ?? 'python3';
  const job = {
    hidden,
    heads,
    sizes,
    seconds,
    budget,
    methods: methods.map(({ id, params }) => ({ id, params: params.parse({}) })),
  };
  const { status, stdout } = spawnSync(python, [join(here, 'compress.py')], {
    input: JSON.stringify(job),
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 1e8,
    env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  if (status === 0) return { torch: JSON.parse(String(stdout)) as Torch, note: '' };
  const note = status === 3 ? 'this Python has no torch' : 'there is no Python, or it failed';
  say(`Without torch: ${note}. LOSSY_PYTHON names another one.`);
  return { torch: null, note };
}

/** The exponent by which time grows with the number of parameters: 1 is linear. */
function slopeOf(times: ReadonlyMap<number, number>): number | null {
  if (times.size < 2) return null;
  const points = [...times].map(([blocks, time]) => [Math.log(parametersOf(blocks)), Math.log(time)]);
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const product = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return product / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

const shown = (time: number | undefined) =>
  time === undefined ? '–' : time < 1 ? `${(time * 1000).toPrecision(3)} ms` : `${time.toPrecision(3)} s`;

function tableOf(times: Times, more: (id: string) => string[] = () => [], heads: string[] = []): string {
  const rows = methods.flatMap(({ id }) => {
    const own = times.get(id);
    if (!own || own.size === 0) return [];
    const slope = slopeOf(own);
    return [[`\`${id}\``, ...sizes.map((blocks) => shown(own.get(blocks))), slope?.toFixed(2) ?? '–', ...more(id)]];
  });
  const head = ['method', ...sizes.map((blocks) => `${(parametersOf(blocks) / 1e6).toFixed(1)} M`), 'slope', ...heads];
  return markdownTable([head, ...rows], [...head.keys()].slice(1));
}

const lab = measureLab();
const { torch, note } = measureTorch();
const theirs: Times = new Map();
for (const [id, blocks, time] of torch?.times ?? []) {
  if (!theirs.has(id)) theirs.set(id, new Map());
  theirs.get(id)!.set(blocks, time);
}

/** How many times as fast the lab is, at the largest size that both were measured at. */
function ratioOf(id: string): string[] {
  const own = lab.get(id)!;
  const blocks = sizes.findLast((size) => own.has(size) && theirs.get(id)?.has(size));
  return [blocks === undefined ? '–' : `${(theirs.get(id)!.get(blocks)! / own.get(blocks)!).toPrecision(2)} ×`];
}

const processors = cpus();
const lines = [
  `${new Date().toISOString().slice(0, 10)}, ${processors[0]?.model.trim() ?? 'a processor'} (${availableParallelism()} of ` +
    `${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${process.platform}), Node ` +
    `${process.versions.node}${
      torch
        ? `, ${Object.entries(torch.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', ')}`
        : ''
    }.`,
  'Times are the least of several runs. A dash: it would have taken too long, or there is none.',
  '',
  '### The lab',
  '',
  tableOf(lab, torch ? ratioOf : undefined, torch ? ['against torch'] : []),
  '',
  '### torch, one thread',
  '',
  torch ? tableOf(theirs, (id) => [torch.how[id] ?? ''], ['written']) : `Not measured: ${note}.`,
];
const text = lines.join('\n');
console.log(text);
if (options.write) {
  const file = join(here, 'COMPRESS.md');
  const [begin, end] = ['<!-- measured -->', '<!-- /measured -->'];
  const before = readFileSync(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`COMPRESS.md has no place for the tables (${begin} … ${end}).`);
  writeFileSync(file, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
  say('Written to bench/COMPRESS.md.');
}
