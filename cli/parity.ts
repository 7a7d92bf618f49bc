// npm run parity: every run and every sample of the PyTorch references, computed by the lab, as a table. Hours on two
// cores; --model takes one model, --every N each N-th setting, --from and --to a part of them, --runs-only leaves the
// samples out. --methods compares what is known after each method instead (5,040 facts a setting), --method one of them.
// --write keeps what the lab found, for npm run methods. The exit status is 1 where one is off by more than is allowed.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeRecipe, parseRecipe } from '../src/lab/compress/recipe.ts';
import type { ModelInput } from '../src/lab/family/index.ts';
import {
  firstSubjects,
  hitTolerance,
  logitDifference,
  logitTolerance,
  type MethodsReference,
  parseMethodsReference,
  parseReference,
  type ReferenceRun,
  type ReferenceSample,
  sampleRow,
} from '../src/lab/test/reference/reference.ts';
import { openSession } from './session.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '1000000' },
    threads: { type: 'string' },
    'runs-only': { type: 'boolean', default: false },
    methods: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    method: { type: 'string' },
  },
});
const threads = options.threads === undefined ? undefined : Number(options.threads);
const folder = new URL('../src/lab/test/reference/', import.meta.url);
const prefix = 'methods-';
const ids = (await readdir(folder))
  .filter((name) => name.endsWith('.json') && name.startsWith(prefix) === options.methods)
  .map((name) => name.slice(options.methods ? prefix.length : 0, -'.json'.length));
const chosenIds = ids.filter((id) => options.model === undefined || id === options.model);
if (chosenIds.length === 0) {
  console.error(`There is no reference of ${options.model}; there are ${ids.join(', ')}.`);
  process.exit(2);
}

/** Entries by their recipe, so that each model is compressed once for all wordings. */
function bySteps<T extends { steps: unknown[] }>(entries: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.steps);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

/** What texts ask; in which order right words are listed says nothing. */
const contentOf = (rows: readonly ModelInput[]) =>
  JSON.stringify(
    rows.map(({ ids, target, picks }) => [ids, target, picks.map(({ at, gold }) => [at, [...gold].sort()])]),
  );

let failed = 0;
function print(ok: boolean, columns: (string | number)[]) {
  if (!ok) failed++;
  console.log([ok ? 'ok  ' : 'FAIL', ...columns].join('\t'));
}

const partOf = <T>(settings: readonly T[]) =>
  settings.slice(Number(options.from), Number(options.to)).filter((_, i) => i % Number(options.every) === 0);
const signed = (difference: number) => (difference > 0 ? `+${difference}` : difference);

/** Keeps what the lab found after a method, in the place of what it found before: `npm run methods` shows it. */
async function record(id: string, run: MethodsReference['runs'][number]): Promise<void> {
  const file = new URL(`lab/${prefix}${id}.json`, folder);
  const kept = JSON.parse(await readFile(file, 'utf8')) as { runs: MethodsReference['runs'] };
  const key = JSON.stringify(run.steps);
  const runs = [...kept.runs.filter(({ steps }) => JSON.stringify(steps) !== key), run];
  const head = JSON.stringify({ ...kept, runs: [] }).slice(0, -2);
  await writeFile(file, `${head}\n${runs.map((entry) => JSON.stringify(entry)).join(',\n')}\n]}\n`);
}

/** Compares what one model knows after each method, and says what came out. */
async function compareMethods(id: string): Promise<string> {
  const reference = parseMethodsReference(await readFile(new URL(`${prefix}${id}.json`, folder), 'utf8'));
  const session = await openSession({ model: id, suite: 'facts', threads });
  const prober = await session.start();
  const probes = firstSubjects(session.probes('seen').probes, reference.subjects);
  const before = failed;
  let exact = 0;
  let worst = 0;
  console.log(`\n${id}\nresult\tPyTorch\tlab\tdifference\tof\trecipe`);
  const runs = reference.runs.filter(({ steps }) => !options.method || steps.some((s) => s.method === options.method));
  const chosen = partOf(runs);
  for (const run of chosen) {
    const recipe = parseRecipe(run.steps);
    await prober.make(recipe);
    const { ranks } = await prober.predict(probes);
    const hits = ranks.filter((rank) => rank === 1).length;
    if (options.write) await record(id, { steps: run.steps, hits, probes: probes.length });
    const difference = hits - run.hits;
    worst = Math.max(worst, Math.abs(difference));
    if (difference === 0) exact++;
    print(run.probes === probes.length && Math.abs(difference) <= hitTolerance(run.probes), [
      run.hits,
      hits,
      signed(difference),
      probes.length,
      describeRecipe(recipe),
    ]);
  }
  await session.close();
  return (
    `${id}: ${chosen.length} of ${reference.runs.length} settings of methods compared, ${exact} with exactly PyTorch’s ` +
    `hits, largest difference ${worst}; ${failed - before} failed.`
  );
}

/** Compares one model with its reference, and says what came out. */
async function compare(id: string): Promise<string> {
  const reference = parseReference(await readFile(new URL(`${id}.json`, folder), 'utf8'));
  const session = await openSession({ model: id, suite: 'facts', threads });
  const prober = await session.start();
  const before = failed;
  let worstLogit = 0;
  let worst = 0;
  let exact = 0;
  let compared = 0;

  const checkSamples = async (samples: readonly ReferenceSample[]) => {
    const recipe = parseRecipe(samples[0].steps);
    await prober.make(recipe);
    const { probes, relations } = session.probes('seen');
    for (const sample of samples) {
      const row = sampleRow(sample, session.model);
      const same = probes.some(
        ({ relation, rows }) =>
          relations[relation].id === sample.relation && contentOf(rows.flat()) === contentOf([row]),
      );
      const [answer] = await prober.logits([row]);
      const difference = logitDifference(sample, answer);
      worstLogit = Math.max(worstLogit, difference);
      const note = same ? '' : 'the lab makes another prompt or other accepted words of this fact';
      print(same && difference <= logitTolerance, [
        difference.toExponential(1),
        sample.relation,
        describeRecipe(recipe),
        note,
      ]);
    }
  };

  const checkRun = async (run: ReferenceRun) => {
    const recipe = parseRecipe(run.steps);
    const { result } = await session.run(recipe, { wording: run.template });
    const difference = result.hits - run.hits;
    const sizes = Object.entries(run.relations ?? {}).every(([name, [, of]]) => result.relations[name]?.[1] === of);
    compared++;
    worst = Math.max(worst, Math.abs(difference));
    if (difference === 0) exact++;
    print(sizes && result.probes === run.probes && Math.abs(difference) <= hitTolerance(run.probes), [
      run.hits,
      result.hits,
      signed(difference),
      run.template,
      describeRecipe(recipe),
    ]);
  };

  console.log(`\n${id}\nresult\tlogit difference\trelation\trecipe`);
  const sampled = options['runs-only'] ? [] : reference.samples;
  for (const samples of bySteps(sampled)) await checkSamples(samples);

  console.log('\nresult\tPyTorch\tlab\tdifference\ttemplate\trecipe');
  for (const runs of partOf(bySteps(reference.runs))) for (const run of runs) await checkRun(run);
  await session.close();

  return (
    `${id}: ${compared} of ${reference.runs.length} runs compared, ${exact} with exactly PyTorch’s hits, largest ` +
    `difference ${worst}; ${sampled.length} samples, largest logit difference ${worstLogit.toExponential(1)} ` +
    `(allowed ${logitTolerance}); ${failed - before} failed.`
  );
}

const summaries: string[] = [];
for (const id of chosenIds) summaries.push(await (options.methods ? compareMethods : compare)(id));
console.log(`\n${summaries.join('\n')}`);
process.exit(failed === 0 ? 0 : 1);
