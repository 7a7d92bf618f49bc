// What every command reads: its options, and how to use it.
import { parseArgs } from 'node:util';
import { parseRecipe, type Recipe } from '../src/lab/compress/recipe.ts';
import { LabError } from '../src/lab/errors.ts';
import { exportFormatIds, exportFormats } from '../src/lab/export/index.ts';
import { program } from './place.ts';

export const usage = `usage:
  ${program} run --model MODEL --suite SUITE [--template seen|paraphrase|held-out|given] [--recipe STEPS]
${' '.repeat(program.length + 7)}[--answers single-token|any] [--vocabulary FILE] [--limit N] [--threads N] [--backend wasm]
${' '.repeat(program.length + 7)}[--reconstruction] [--json [--keep]]
  ${program} inspect --model MODEL [--json]
  ${program} export --model MODEL [--recipe STEPS] --format FORMAT --out FOLDER [--suite SUITE] [--masks]
${' '.repeat(program.length + 10)}[--no-verify] [--threads N] [--json]
  ${program} study PLAN --out LINES [--workers N] [--shard I/N] [--keep] [--json]
  ${program} join LINES ... --out LINES [--json]

  MODEL   a folder (model.onnx, or encoder_model.onnx and decoder_model.onnx; config.json, tokenizer.json,
          tokenizer_config.json), an ONNX file with the others beside it, or the id of a shipped one
          (bert-mini, bert-small, gpt-small, t5-small)
  SUITE   a shipped id (facts, choice), or a folder, a zip or a file: the lab's own suite.json, facts.jsonl with
          templates.json, LAMA as it is published, or LM-harness tasks (boolq, piqa, winogrande, hellaswag, lambada)
  --answers any   asks for answers of several tokens, too; without it those are left out, as LAMA does
  --vocabulary    LAMA's common vocabulary, a word a line: facts with other answers are left out
  STEPS   a JSON list, e.g. '[{"method": "magnitude-global", "scope": "overall", "sparsity": 0.5}]'; [] changes nothing
  --reconstruction  measures how far each layer's outputs are from the uncompressed model's, too
  --keep  adds every answer to the JSON, which the page’s Library then imports (about 64 bytes a question)
  FORMAT  ${exportFormatIds.map((id) => `${id}: ${exportFormats[id].label}`).join('\n          ')}
  FOLDER  a new or empty one, or that of an earlier export, which is replaced
  --suite    in export: what activations are measured on, for steps that need them, and what predictions are compared on
  --masks    adds masks.safetensors: which weights of pruned layers are left
  --no-verify   does not load what was written again to compare its predictions
  N       --limit asks the first N probes of the stratified order, a fair sample
  PLAN    a JSON file: models, suite, templates and recipes of many runs (docs/studies.md)
  LINES   a JSONL file, one result a line; study goes on with what it lacks, join puts several together
  --workers  so many processes of one thread each; as many as cores without it
  --shard    only part I (0 to N - 1) of N, for schedulers: each part with a file of its own`;

/** stdout, which gets the result alone. */
export const print = (text: string) => process.stdout.write(`${text}\n`);

/** stderr, which gets the rest. */
export const say = (text: string) => process.stderr.write(`${text}\n`);

export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** @throws TypeError for options that there are not */
export function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      suite: { type: 'string' },
      template: { type: 'string' },
      recipe: { type: 'string' },
      answers: { type: 'string' },
      vocabulary: { type: 'string' },
      limit: { type: 'string' },
      threads: { type: 'string' },
      backend: { type: 'string' },
      reconstruction: { type: 'boolean' },
      keep: { type: 'boolean' },
      format: { type: 'string' },
      out: { type: 'string' },
      masks: { type: 'boolean' },
      'no-verify': { type: 'boolean' },
      workers: { type: 'string' },
      shard: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

export type Options = ReturnType<typeof readArguments>['values'];

export function readCount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new LabError('bad-recipe', `--${name} is ${value}; allowed is a whole number from 1.`, usage);
}

export function required(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new LabError('bad-recipe', `--${name} is missing.`, usage);
}

export function readRecipe(json: string): Recipe {
  let steps: unknown;
  try {
    steps = JSON.parse(json);
  } catch (cause) {
    throw new LabError('bad-recipe', `--recipe is no JSON: ${json}`, usage, { cause });
  }
  return parseRecipe(steps);
}
