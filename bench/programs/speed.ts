// Prompts per second in Node: answers a Contest.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { openModel, openSuite } from '../../cli/folder.ts';
import { firstProbes, Lab, promptsOf } from '../lab.ts';
import { type Contest, measure, usualContestants } from '../measure.ts';
import type { Measured } from '../parts/part.ts';
import { promptCount, speedFiles } from '../parts/speed.ts';
import { Plain } from '../plain.ts';
import { answer } from '../program.ts';
import { inject, Other, type Setup } from '../transformers.ts';

await answer(async ({ quick, rounds, threads }): Promise<Measured<Contest>> => {
  const model = await openModel('bert-small');
  const probes = firstProbes(model, await openSuite('facts'), promptCount(quick));
  const prompts = promptsOf(probes);
  const models = join(speedFiles, 'models/');
  const library = import.meta.resolve('@huggingface/transformers');

  /** Another copy of transformers.js for each runtime: which one it uses is settled when it is loaded. */
  async function open(runtime: Setup['runtime'], copy: string): Promise<Other> {
    const setup = { models, model: 'bert-small', threads, runtime };
    return Other.open(await import(`${library}?${copy}`), setup, prompts);
  }

  const file = {
    model: readFileSync(join(models, 'bert-small/onnx/model.onnx')),
    tokenizer: model.tokenizer,
    threads,
  };
  // First of all: this starts the lab's runtime, before transformers.js tells it to load itself from elsewhere.
  const plain = await Plain.open(ort, { ...file, where: 'wasm' }, prompts);
  const lab = await Lab.open(ort, model, threads);
  const native = await open('native', 'native');
  // The build that transformers.js brings: a process can have one alone.
  const ortNode = await import(new URL('../node_modules/onnxruntime-node/dist/index.js', library).href);
  const plainNative = await Plain.open(ortNode, { ...file, where: 'cpu' }, prompts);
  const own = await import(new URL('../node_modules/onnxruntime-web/dist/ort.node.min.mjs', library).href);
  inject(own);
  const other = await open('wasm', 'own');
  inject(ort);
  const otherOnOurs = await open('injected', 'ours');

  const rows = await measure(
    [
      ...usualContestants(other, otherOnOurs, plain),
      { name: 'transformers.js, sorted, native runtime', kind: 'native', ask: () => native.ask('sorted') },
      { name: 'onnxruntime-node by hand, sorted', kind: 'native', ask: () => plainNative.ask('sorted') },
      { name: 'the lab', kind: 'lab', ask: () => lab.ask(probes) },
    ],
    rounds,
  );
  return {
    versions: {
      Node: process.versions.node,
      'transformers.js': other.versions.transformers,
      'onnxruntime-web of transformers.js': other.versions.runtime,
      'onnxruntime-web of the lab': String(ort.env.versions.web),
      'onnxruntime-node': native.versions.runtime,
    },
    data: { place: 'Node', prompts: prompts.length, threads, rows },
  };
});
