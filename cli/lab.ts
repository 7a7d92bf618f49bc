// The lab from a terminal: npm run -s lab -- run|inspect ... --json. stdout gets the result alone, stderr the rest.
import { parseArgs } from 'node:util';
import { describeRecipe, parseRecipe } from '../src/lab/compress/recipe.ts';
import type { SiteReconstruction } from '../src/lab/compress/reconstruction.ts';
import { leftOut, scopeIds, sitesOf } from '../src/lab/compress/scope.ts';
import { LabError } from '../src/lab/errors.ts';
import type { TaskScore } from '../src/lab/metrics/tasks.ts';
import type { Answers } from '../src/lab/probe/probes.ts';
import { isTemplate, templateIds } from '../src/lab/probe/suite.ts';
import { type Preparing, preparingWords } from '../src/lab/probe/work.ts';
import { openModel, openSuite } from './folder.ts';
import { NodeSession } from './session.ts';

const usage = `usage:
  npm run -s lab -- run --model MODEL --suite SUITE [--template seen|paraphrase|held-out|given] [--recipe STEPS]
                        [--answers single-token|any] [--vocabulary FILE] [--limit N] [--threads N] [--backend wasm]
                        [--reconstruction] [--json]
  npm run -s lab -- inspect --model MODEL [--json]

  MODEL   a folder (model.onnx, or encoder_model.onnx and decoder_model.onnx; config.json, tokenizer.json,
          tokenizer_config.json), an ONNX file with the others beside it, or the id of a shipped one
          (bert-mini, bert-small, gpt-small, t5-small)
  SUITE   a shipped id (facts, choice), or a folder, a zip or a file: the lab's own suite.json, facts.jsonl with
          templates.json, LAMA as it is published, or LM-harness tasks (boolq, piqa, winogrande, hellaswag, lambada)
  --answers any   asks for answers of several tokens, too; without it those are left out, as LAMA does
  --vocabulary    LAMA's common vocabulary, a word a line: facts with other answers are left out
  STEPS   a JSON list, e.g. '[{"method": "magnitude-global", "scope": "overall", "sparsity": 0.5}]'; [] changes nothing
  --reconstruction  measures how far each layer's outputs are from the uncompressed model's, too
  N       --limit asks the first N probes of the stratified order, a fair sample`;

const say = (text: string) => process.stderr.write(`${text}\n`);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function readCount(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new LabError('bad-recipe', `--${name} is ${value}; allowed is a whole number from 1.`, usage);
}

function required(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new LabError('bad-recipe', `--${name} is missing.`, usage);
}

function readAnswers(value = 'single-token'): Answers {
  if (value === 'single-token' || value === 'any') return value;
  throw new LabError('bad-recipe', `--answers is ${value}; allowed: single-token, any.`, usage);
}

function readRecipe(json: string) {
  let steps: unknown;
  try {
    steps = JSON.parse(json);
  } catch (cause) {
    throw new LabError('bad-recipe', `--recipe is no JSON: ${json}`, usage, { cause });
  }
  return parseRecipe(steps);
}

/** One line that is overwritten where stderr is a terminal, a line every few seconds elsewhere. */
function progressLine() {
  const { isTTY } = process.stderr;
  let start = performance.now();
  let last = start;
  const show = (text: string, isLast: boolean) => {
    const now = performance.now();
    if (!isLast && now - last < (isTTY ? 100 : 5000)) return;
    last = now;
    process.stderr.write(isTTY ? `\r${text.padEnd(70)}${isLast ? '\n' : ''}` : `${text}\n`);
  };
  return {
    onPreparing: (progress: Preparing) => {
      // The speed is that of asking, without what was done to the weights before.
      start = performance.now();
      show(preparingWords(progress), false);
    },
    onProgress: (done: number, of: number) => {
      const rate = done / ((performance.now() - start) / 1000);
      show(
        `${done} of ${of} probes, ${rate.toFixed(0)} a second, ${((of - done) / rate).toFixed(0)} s left`,
        done === of,
      );
    },
  };
}

async function run(options: Options): Promise<void> {
  const recipe = readRecipe(options.recipe ?? '[]');
  const { template: wanted } = options;
  if (wanted !== undefined && !isTemplate(wanted))
    throw new LabError('bad-recipe', `--template is ${wanted}; allowed: ${templateIds.join(', ')}.`, usage);
  if ((options.backend ?? 'wasm') !== 'wasm')
    throw new LabError(
      'no-webgpu',
      `--backend is ${options.backend}; there is no WebGPU in Node.`,
      'Leave it out or give wasm; the page runs on WebGPU.',
    );
  const limit = readCount('limit', options.limit);
  const threads = readCount('threads', options.threads);
  const model = await openModel(required('model', options.model));
  const suite = await openSuite(required('suite', options.suite), options.vocabulary);
  const template = wanted ?? suite.wordings[0];
  const session = await NodeSession.open(model, suite, { threads, answers: readAnswers(options.answers) });
  // What cannot be asked is said before anything else.
  session.probes(template);
  say(`${model.name}, ${suite.name}, ${template}: ${describeRecipe(recipe)}`);
  const { reconstruction: reconstruct } = options;
  const { result } = await session.run(recipe, template, { limit, reconstruct, ...progressLine() });
  if (options.json) console.log(JSON.stringify(result));
  else {
    const [low, high] = result.interval;
    for (const { reason, count } of result.skipped) say(`left out: ${count}, ${reason}`);
    for (const [id, score] of Object.entries(result.tasks ?? {})) console.log(describeTask(id, score));
    if (result.report.reconstruction) console.log(describeReconstruction(result.report.reconstruction));
    const name = result.tasks ? 'All tasks' : 'P@1';
    console.log(
      `${name} ${percent(result.accuracy)} (${result.hits} of ${result.probes}; 95 % interval ${percent(low)} to ${percent(high)})`,
    );
  }
}

function describeTask(id: string, { n, acc, accStderr, accNorm, perplexity }: TaskScore): string {
  const parts = [`${id}: accuracy ${percent(acc)}${accStderr === null ? '' : ` ± ${percent(accStderr)}`} (n = ${n})`];
  if (accNorm !== undefined) parts.push(`by character ${percent(accNorm)}`);
  if (perplexity !== undefined) parts.push(`perplexity ${perplexity.toPrecision(3)}`);
  return parts.join(', ');
}

function describeReconstruction(sites: readonly SiteReconstruction[]): string {
  if (sites.length === 0) return 'Reconstruction: no layer changed.';
  const falling = [...sites].sort((a, b) => b.relativeError - a.relativeError);
  const [worst] = falling;
  const median = falling[Math.floor(falling.length / 2)];
  return (
    `Reconstruction: the outputs of ${sites.length} layers are off by ${percent(median.relativeError)} (median) of ` +
    `their energy, at most ${percent(worst.relativeError)} (${worst.site})`
  );
}

async function inspect(options: Options): Promise<void> {
  const model = await openModel(required('model', options.model));
  const { name, sha256, family, type, parameters, vocabulary, sites } = model;
  const scopes = Object.fromEntries(
    scopeIds.map((scope) => [
      scope,
      {
        sites: sitesOf(scope, sites).map((site) => site.name),
        leftOut: leftOut(scope, sites).map((site) => site.name),
      },
    ]),
  );
  if (options.json) {
    console.log(JSON.stringify({ model: { name, sha256, family, type, parameters, vocabulary }, sites, scopes }));
    return;
  }
  console.log(`${name}: ${type} (${family}), ${parameters} parameters, ${vocabulary} words, SHA-256 ${sha256}`);
  for (const site of sites) {
    const notes = [site.dtype, site.transposed ? 'transposed' : '', site.tied ? 'tied' : '', site.reason ?? ''];
    console.log(`${site.name.padEnd(36)}${site.shape.join(' x ').padEnd(16)}${notes.filter(Boolean).join(', ')}`);
  }
}

const { values: given, positionals } = readArguments();
type Options = typeof given;

function readArguments() {
  try {
    return parseArgs({
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
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const commands: Record<string, (options: Options) => Promise<void>> = { run, inspect };
const [command] = positionals;
if (given.help) console.log(usage);
else if (positionals.length !== 1 || !Object.hasOwn(commands, command)) {
  say(usage);
  process.exitCode = 2;
} else {
  try {
    await commands[command](given);
    // The runtime's threads would keep the process alive; what was printed has to be out before it ends.
    process.stdout.write('', () => process.exit(0));
  } catch (error) {
    const { kind, message, advice } = LabError.from(error);
    say(`${kind}: ${message}\n${advice}`);
    process.exit(1);
  }
}
