// node scripts/lab.mjs bench/node.ts FILE PROBES ROUNDS MODELS: measures in Node and writes a Part to FILE.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { openModel, openSuite } from '../cli/folder.ts';
import { Lab } from './lab.ts';
import { measure, type Part } from './measure.ts';
import { inject, Other, type Setup } from './transformers.ts';

const [file, probes, rounds, models] = process.argv.slice(2);
const threads = Math.min(availableParallelism(), 8);
const library = import.meta.resolve('@huggingface/transformers');
const lab = await Lab.open(ort, await openModel('bert-small'), await openSuite('facts'), threads, Number(probes));

/** Another copy of transformers.js for each runtime: which one it uses is settled when it is loaded. */
async function open(runtime: Setup['runtime'], copy: string): Promise<Other> {
  const setup = { models, model: 'bert-small', threads, runtime };
  return Other.open(await import(`${library}?${copy}`), setup, lab.prompts);
}

const native = await open('native', 'native');
const own = await import(new URL('../node_modules/onnxruntime-web/dist/ort.node.min.mjs', library).href);
inject(own);
const other = await open('wasm', 'own');
inject(ort);
const otherOnOurs = await open('injected', 'ours');

const rows = await measure(
  [
    { name: 'transformers.js, one by one', kind: 'alone', ask: () => other.ask('alone') },
    { name: 'transformers.js, arrays of 32', kind: 'batched', ask: () => other.ask('batched') },
    { name: 'transformers.js, arrays of 32, sorted', kind: 'batched', ask: () => other.ask('sorted') },
    { name: 'transformers.js, sorted, lab’s runtime', kind: 'batched', ask: () => otherOnOurs.ask('sorted') },
    { name: 'transformers.js, sorted, native runtime', kind: 'native', ask: () => native.ask('sorted') },
    { name: 'the lab', kind: 'lab', ask: () => lab.ask() },
  ],
  Number(rounds),
);
const part: Part = {
  place: `Node ${process.versions.node}`,
  prompts: lab.prompts.length,
  threads,
  versions: {
    'transformers.js': other.versions.transformers,
    'onnxruntime-web of transformers.js': other.versions.runtime,
    'onnxruntime-web of the lab': String(ort.env.versions.web),
    'onnxruntime-node': native.versions.runtime,
  },
  rows,
};
writeFileSync(file, JSON.stringify(part));
// The runtimes' threads would keep the process.
process.exit();
