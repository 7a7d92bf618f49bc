// npm run parity: every run and every sample of the PyTorch reference, computed by the lab, as a table. An hour or two
// on two cores; --every N takes each N-th setting, --from and --to a part, --runs-only leaves the samples out. The exit status is 1 where one is off by more than is allowed.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isMethodId } from '../src/lab/compress/index.ts';
import { describeRecipe, parseRecipe } from '../src/lab/compress/recipe.ts';
import {
  hitTolerance,
  logitDifference,
  logitTolerance,
  parseReference,
  type ReferenceRun,
  type ReferenceSample,
} from '../src/lab/reference/reference.ts';
import { openModel, openSuite } from './folder.ts';
import { NodeSession } from './session.ts';

const { values: options } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '1000000' },
    threads: { type: 'string' },
    'runs-only': { type: 'boolean', default: false },
  },
});
const file = new URL('../src/lab/reference/bert-small.json', import.meta.url);
const reference = parseReference(await readFile(file, 'utf8'));
const session = await NodeSession.open(
  await openModel('bert-small'),
  await openSuite('facts'),
  options.threads === undefined ? undefined : Number(options.threads),
);

const isKnown = ({ steps }: { steps: { method: string }[] }) => steps.every(({ method }) => isMethodId(method));
/** Entries by their recipe, so that each model is compressed once for both wordings. */
function bySteps<T extends { steps: unknown[] }>(entries: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.steps);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return groups;
}

let failed = 0;
let compared = 0;
let worst = 0;
let worstLogit = 0;

function print(ok: boolean, columns: (string | number)[]) {
  if (!ok) failed++;
  console.log([ok ? 'ok  ' : 'FAIL', ...columns].join('\t'));
}

async function checkSamples(samples: readonly ReferenceSample[]) {
  const recipe = parseRecipe(samples[0].steps);
  await session.prober.compress(recipe);
  const { probes, relations } = session.probes('seen');
  const { mask } = session.model.tokenizer;
  for (const sample of samples) {
    const probe = probes.find(
      ({ relation, ids }) => relations[relation].id === sample.relation && ids.join() === sample.ids.join(),
    );
    const same = probe !== undefined && [...probe.gold].sort((a, b) => a - b).join() === sample.gold.join();
    const [answer] = await session.prober.logits([
      { ids: sample.ids, mask: sample.ids.indexOf(mask.id), gold: sample.gold },
    ]);
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
}

async function checkRun(run: ReferenceRun) {
  const recipe = parseRecipe(run.steps);
  const { result } = await session.run(recipe, run.template);
  const difference = result.hits - run.hits;
  const sizes = Object.entries(run.relations).every(([id, [, of]]) => result.relations[id]?.[1] === of);
  compared++;
  worst = Math.max(worst, Math.abs(difference));
  print(sizes && result.probes === reference.probes && Math.abs(difference) <= hitTolerance, [
    run.hits,
    result.hits,
    difference > 0 ? `+${difference}` : difference,
    run.template,
    describeRecipe(recipe),
  ]);
}

console.log('result\tlogit difference\trelation\trecipe');
const sampled = options['runs-only'] ? [] : reference.samples;
for (const samples of bySteps(sampled).values()) await checkSamples(samples);

console.log('\nresult\tPyTorch\tlab\tdifference\ttemplate\trecipe');
const settings = [...bySteps(reference.runs.filter(isKnown)).values()];
const chosen = settings
  .slice(Number(options.from), Number(options.to))
  .filter((_, i) => i % Number(options.every) === 0);
for (const runs of chosen) for (const run of runs) await checkRun(run);

const left = reference.runs.filter((run) => !isKnown(run));
const unknown = new Set(left.flatMap(({ steps }) => steps.map(({ method }) => method).filter((id) => !isMethodId(id))));
console.log(
  `\n${compared} of ${reference.runs.length} runs compared, largest difference ${worst} of ${reference.probes} probes ` +
    `(allowed ${hitTolerance}); ${sampled.length} samples, largest logit difference ` +
    `${worstLogit.toExponential(1)} (allowed ${logitTolerance}); ${failed} failed; ` +
    `${left.length} runs left out, because the lab does not have ${[...unknown].join(', ')}.`,
);
process.exit(failed === 0 ? 0 : 1);
