import { describeRecipe } from '../src/lab/compress/recipe.ts';
import type { SiteReconstruction } from '../src/lab/compress/reconstruction.ts';
import { LabError } from '../src/lab/errors.ts';
import type { TaskScore } from '../src/lab/metrics/tasks.ts';
import type { Answers } from '../src/lab/probe/probes.ts';
import { isWording, wordingIds } from '../src/lab/suite/suite.ts';
import { type Options, percent, print, readCount, readRecipe, required, say, usage } from './options.ts';
import { progressLine } from './progress.ts';
import { openSession } from './session.ts';

/** Asks a model, compressed or not, what a suite asks. */
export async function run(options: Options): Promise<void> {
  const recipe = readRecipe(options.recipe ?? '[]');
  const { template: wanted, reconstruction: reconstruct, keep } = options;
  if (keep && !options.json)
    throw new LabError('bad-recipe', '--keep needs --json: the answers stand in the JSON.', usage);
  if (wanted !== undefined && !isWording(wanted))
    throw new LabError('bad-recipe', `--template is ${wanted}; allowed: ${wordingIds.join(', ')}.`, usage);
  if ((options.backend ?? 'wasm') !== 'wasm')
    throw new LabError(
      'no-webgpu',
      `--backend is ${options.backend}; there is no WebGPU in Node.`,
      'Leave it out or give wasm; the page runs on WebGPU.',
    );
  const limit = readCount('limit', options.limit);
  const threads = readCount('threads', options.threads);
  const session = await openSession({
    model: required('model', options.model),
    suite: required('suite', options.suite),
    vocabulary: options.vocabulary,
    answers: readAnswers(options.answers),
    threads,
  });
  // What cannot be asked is said before anything else.
  const { template: wording } = session.probes(wanted);
  say(`${session.model.name}, ${session.suite.name}, ${wording}: ${describeRecipe(recipe)}`);
  const { result } = await session.run(recipe, { wording, limit, reconstruct, keep, ...progressLine() });
  await session.close();
  if (options.json) print(JSON.stringify(result));
  else {
    const [low, high] = result.interval;
    for (const { reason, count } of result.skipped) say(`left out: ${count}, ${reason}`);
    for (const [id, score] of Object.entries(result.tasks ?? {})) print(describeTask(id, score));
    if (result.report.reconstruction) print(describeReconstruction(result.report.reconstruction));
    const name = result.tasks ? 'All tasks' : 'P@1';
    print(
      `${name} ${percent(result.accuracy)} (${result.hits} of ${result.probes}; 95 % interval ${percent(low)} to ${percent(high)})`,
    );
  }
}

function readAnswers(value = 'single-token'): Answers {
  if (value === 'single-token' || value === 'any') return value;
  throw new LabError('bad-recipe', `--answers is ${value}; allowed: single-token, any.`, usage);
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
