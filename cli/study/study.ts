import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, constants } from 'node:os';
import { dirname, resolve } from 'node:path';
import { describeRecipe } from '../../src/lab/compress/recipe.ts';
import { type ErrorKind, LabError } from '../../src/lab/errors.ts';
import type { ResultJson } from '../../src/lab/result/json.ts';
import { engineRevision } from '../../src/lab/result/key.ts';
import { parsePlan, type Run, runsOf, type StudyPlan, shardOf } from '../../src/lab/result/plan.ts';
import { openModel, openSuite } from '../folder.ts';
import { type Options, print, readCount, required, say, usage } from '../options.ts';
import { isSource, packageRoot } from '../place.ts';
import { runsLine } from '../progress.ts';
import { appendLine, resume, type StudyLine } from './lines.ts';
import { lockFile } from './lock.ts';
import { type Ending, runTasks } from './pool.ts';
import type { StudyTask } from './task.ts';

const { version } = JSON.parse(readFileSync(resolve(packageRoot, 'package.json'), 'utf8')) as { version: string };

/** Faults that the run itself has, and will have again: they are a result. All others may be the machine's. */
const lasting: readonly ErrorKind[] = ['bad-recipe', 'bad-model', 'bad-tokenizer', 'bad-suite'];

/** Ctrl-C, and what schedulers send when the time is up. */
const stopSignals = ['SIGINT', 'SIGTERM'] as const;

const workerProgram = isSource
  ? { program: resolve(packageRoot, 'scripts/lab.mjs'), args: [resolve(import.meta.dirname, 'worker.ts')] }
  : { program: resolve(import.meta.dirname, 'worker.js') };

/** What is known of a plan's model; `where` is what it is opened by. */
type PlannedModel = ResultJson['model'] & { tokenizerSha256: string; where: string };

/** Computes all runs of a plan that a file does not hold yet, and adds them to it. */
export async function study(options: Options, planFile: string): Promise<void> {
  const workers = readCount('workers', options.workers) ?? availableParallelism();
  const shard = readShard(options.shard);
  const out = required('out', options.out);
  const plan = await readPlan(planFile);
  const suite = await openSuite(plan.suite, plan.vocabulary);
  const runs = shardOf(runsOf(plan, await openModels(plan.models), suite), shard);

  const unlock = lockFile(out);
  try {
    const known = await resume(out);
    const other = runs.find(({ key }) => known.has(key) && known.get(key)!.limit !== plan.probes);
    if (other)
      throw new LabError(
        'bad-recipe',
        `${out} has the run ${other.key} with another number of probes than the plan’s.`,
        'Name another file with --out: numbers of other samples are not mixed.',
      );
    const open = runs.filter(({ key }) => !known.has(key));
    say(`${runs.length} runs, ${runs.length - open.length} of them in ${out} already.`);
    const failed = new Set(runs.filter(({ key }) => known.get(key)?.status === 'failed').map(({ key }) => key));
    let missing = 0;

    const byKey = new Map(open.map((run) => [run.key, run]));
    const progress = runsLine(open.length);
    let ended = 0;
    const onEnding = ({ key }: StudyTask, ending: Ending) => {
      const run = byKey.get(key)!;
      const line = lineOf(run, ending, plan, suite);
      if (line) appendLine(out, line);
      if (!line) missing++;
      else if (line.status === 'failed') failed.add(key);
      if (line?.status !== 'done') {
        progress.end();
        say(`${run.model.name}, ${run.template}, ${describeRecipe(run.recipe)}: ${faultOf(ending)}`);
      }
      progress.onRun(++ended);
    };

    const stopping = new AbortController();
    const stop = (signal: NodeJS.Signals) => {
      stopping.abort();
      progress.end();
      unlock();
      const there = runs.length - open.length + ended - missing;
      say(`Stopped: ${there} of ${runs.length} runs are in ${out}. The same command goes on from there.`);
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of stopSignals) process.once(signal, stop);
    try {
      await runTasks(
        open.map((run) => taskOf(run, plan, options.keep ?? false)),
        { ...workerProgram, workers, signal: stopping.signal, onEnding },
      );
    } finally {
      for (const signal of stopSignals) process.off(signal, stop);
    }

    const done = runs.length - failed.size - missing;
    if (options.json) print(JSON.stringify({ out, runs: runs.length, done, failed: failed.size, missing }));
    else print(`${out}: ${done} of ${runs.length} runs`);
    if (failed.size > 0 || missing > 0)
      throw new LabError(
        failed.size > 0 ? 'bad-recipe' : 'worker',
        `${failed.size} runs cannot be done, ${missing} were not.`,
        'Lines with the status "failed" say why; what is missing is tried again by the same command.',
      );
  } finally {
    unlock();
  }
}

/** A plan, with paths as they are from its folder. */
async function readPlan(path: string): Promise<StudyPlan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new LabError('bad-recipe', `${path} cannot be read.`, 'Check the path, and that the file is there.', {
      cause,
    });
  }
  const plan = parsePlan(text, path);
  // Shipped ids stay, as --model and --suite take them.
  const place = (where: string) => {
    const beside = resolve(dirname(path), where);
    return existsSync(beside) ? beside : where;
  };
  return {
    ...plan,
    models: plan.models.map(place),
    suite: place(plan.suite),
    ...(plan.vocabulary !== undefined && { vocabulary: place(plan.vocabulary) }),
  };
}

async function openModels(places: readonly string[]): Promise<PlannedModel[]> {
  const models: PlannedModel[] = [];
  for (const where of places) {
    // Their weights are let go one by one.
    const { name, sha256, tokenizerSha256, family, parameters } = await openModel(where);
    models.push({ name, sha256, tokenizerSha256, family, parameters, where });
  }
  return models;
}

/** `i/n`, i from 0; the whole without it. */
function readShard(value = '0/1'): { index: number; of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(value)?.map(Number) ?? [];
  if (index < of) return { index, of };
  throw new LabError('bad-recipe', `--shard is ${value}; allowed is I/N with I from 0 to N - 1, such as 0/8.`, usage);
}

function taskOf({ key, model, template, recipe }: Run<PlannedModel>, plan: StudyPlan, keep: boolean): StudyTask {
  const { suite, vocabulary, answers, probes } = plan;
  return { key, model: model.where, suite, vocabulary, answers, template, recipe, limit: probes, keep };
}

/** @returns null for what may come out otherwise next time */
function lineOf(
  { key, model, template, recipe }: Run<PlannedModel>,
  ending: Ending,
  { answers, probes }: StudyPlan,
  suite: ResultJson['suite'],
): StudyLine | null {
  const made = { limit: probes, engine: engineRevision, version };
  if (ending.kind === 'done') {
    const { result, meanLogProb } = ending;
    if (result.key === key) return { status: 'done', ...result, meanLogProb, ...made };
    throw new LabError(
      'bad-model',
      `${model.name} or ${suite.name} was changed while the study ran.`,
      'Start the study again: it then knows the new files.',
    );
  }
  if (ending.kind === 'lost' || !lasting.includes(ending.error.kind)) return null;
  const { name, sha256, family, parameters } = model;
  return {
    status: 'failed',
    key,
    model: { name, sha256, family, parameters },
    suite: { name: suite.name, sha256: suite.sha256 },
    template,
    recipe,
    answers,
    error: ending.error,
    ...made,
  };
}

function faultOf(ending: Ending): string {
  if (ending.kind === 'failed') return `${ending.error.kind}: ${ending.error.message}`;
  return 'its process ended, twice; memory may be short';
}
