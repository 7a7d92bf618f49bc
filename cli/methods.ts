// npm run methods [-- --write --seconds 2]: every method of the lab in one table: where it is from, what it needs, what
// it was compared with, and how long it takes on this machine. --write puts it into docs/methods.md; --seconds is how
// long each is timed, at most. The exit status is 1 where a method has no citation.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { controls } from '../src/lab/compress/controls.ts';
import { groups } from '../src/lab/compress/groups.ts';
import { axisParams } from '../src/lab/compress/level.ts';
import type { Method } from '../src/lab/compress/method.ts';
import { methodList } from '../src/lab/compress/methods/index.ts';
import { parseRecipe } from '../src/lab/compress/recipe.ts';
import { sitesOf } from '../src/lab/compress/scope.ts';
import { hitTolerance } from '../src/lab/test/reference/reference.ts';
import { openModel } from './folder.ts';
import { markdownTable } from './markdown.ts';
import { say } from './options.ts';
import { drawMatrices, timeMethod } from './synthetic.ts';

const { values: options } = parseArgs({
  options: { write: { type: 'boolean', default: false }, seconds: { type: 'string', default: '2' } },
});
const root = resolve(import.meta.dirname, '..');
const golden = join(root, 'src/lab/test/golden');
const reference = join(root, 'src/lab/test/reference');

const runsSchema = z.looseObject({
  runs: z.array(
    z.looseObject({ steps: z.array(z.looseObject({ method: z.string() })), hits: z.number(), probes: z.number() }),
  ),
});
type Run = z.output<typeof runsSchema>['runs'][number];

/** What one model knew after a method: by PyTorch, and by the lab as far as it was asked. */
interface Model {
  id: string;
  runs: Run[];
  lab: Run[];
}

const readRuns = (file: string): Run[] =>
  existsSync(file) ? runsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).runs : [];

const models: Model[] = readdirSync(reference)
  .flatMap((name) => /^methods-(.+)\.json$/.exec(name)?.[1] ?? [])
  .map((id) => ({
    id,
    runs: readRuns(join(reference, `methods-${id}.json`)),
    lab: readRuns(join(reference, 'lab', `methods-${id}.json`)),
  }));

const needs = { nothing: 'weights alone', norms: 'norms of inputs', gram: 'products of inputs' } as const;

/** What a method measures, with its defaults and otherwise. */
function needsOf(method: Method): string {
  const defaults = method.params.parse({});
  const found = new Set([method.needs(defaults)]);
  for (const control of controls(method))
    if (control.kind === 'choice')
      for (const choice of control.choices) found.add(method.needs({ ...defaults, [control.name]: choice }));
  const [first, ...others] = [...found].map((need) => needs[need]);
  return others.length === 0 ? first : `${first}; with some settings ${others.join(', ')}`;
}

/** The ways to do it that are choices of parameters. */
function variantsOf(method: Method): string {
  const fixed = axisParams(method.axis);
  return controls(method)
    .flatMap((control) =>
      control.kind === 'choice' && !control.isCalibration && !fixed.includes(control.name)
        ? [`${control.name}: ${control.choices.join(', ')}`]
        : [],
    )
    .join('; ');
}

function goldenOf({ id }: Method): string {
  const file = join(golden, `${id}.json`);
  if (!existsSync(file)) return 'none';
  const { cases } = z.looseObject({ cases: z.array(z.unknown()) }).parse(JSON.parse(readFileSync(file, 'utf8')));
  return `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
}

/** Steps in one order, so that equal ones have equal text; null for a method that the lab does not have. */
function keyOf({ steps }: Run): string | null {
  try {
    return JSON.stringify(parseRecipe(steps));
  } catch {
    return null;
  }
}

function parityOf({ id }: Method): string {
  const parts = models.flatMap((model) => {
    const runs = model.runs.filter(({ steps }) => steps.some(({ method }) => method === id));
    if (runs.length === 0) return [];
    const lab = new Map(model.lab.map((run) => [keyOf(run), run.hits]));
    const compared = runs.flatMap((run) => {
      const own = lab.get(keyOf(run));
      return own === undefined ? [] : [{ difference: Math.abs(own - run.hits), allowed: hitTolerance(run.probes) }];
    });
    const settings = `${runs.length} ${runs.length === 1 ? 'setting' : 'settings'}`;
    if (compared.length === 0) return [`${model.id}: ${settings} of PyTorch, not run`];
    const within = compared.filter(({ difference, allowed }) => difference <= allowed).length;
    const worst = Math.max(...compared.map(({ difference }) => difference));
    return [`${model.id}: ${within} of ${compared.length} agree, off by at most ${worst}`];
  });
  return parts.length === 0 ? 'no reference' : parts.join('; ');
}

const withoutCitation = methodList.filter(
  ({ citation: { text, url } }) => text.trim() === '' || !/^https:\/\/\S+$/.test(url),
);
if (withoutCitation.length > 0) {
  say(`Without a citation: ${withoutCitation.map(({ id }) => id).join(', ')}. Say where each is from, with a link.`);
  process.exit(1);
}

const { sites, heads } = await openModel('bert-small');
const matrices = drawMatrices(sitesOf('overall', sites));
const weights = matrices.reduce((sum, { values }) => sum + values.length, 0);

/** Milliseconds for a million weights. */
function timeOf(method: Method): string {
  const { seconds, runs } = timeMethod(method, matrices, heads, Number(options.seconds));
  const each = (seconds * 1000) / (weights / 1e6);
  say(`${method.id}: ${(seconds * 1000).toFixed(1)} ms, the least of ${runs}`);
  return `${each >= 100 ? each.toFixed(0) : each.toPrecision(2)} ms`;
}

const columns = ['method', 'from', 'needs', 'variants', 'golden test', 'parity', 'time'];
const tables = Object.entries(groups).flatMap(([group, { label, term }]) => {
  const members = methodList.filter((method) => method.group === group);
  if (members.length === 0) return [];
  const rows = members.map((method) => [
    `${method.label}<br>\`${method.id}\`: ${method.term}`,
    `[${method.citation.text}](${method.citation.url})`,
    needsOf(method),
    variantsOf(method),
    goldenOf(method),
    parityOf(method),
    timeOf(method),
  ]);
  return [`## ${label} (${term})\n\n${markdownTable([columns, ...rows], [columns.length - 1])}`];
});

/** What the lab is to have, and the methods that are it. */
const wanted: readonly [what: string, ids: readonly string[], note: string][] = [
  ['Magnitude: global, layer, row', ['magnitude-global', 'magnitude-layer', 'magnitude-row'], ''],
  ['Random, the control', ['random'], 'seeded'],
  ['n of every m', ['magnitude-n-m', 'wanda-n-m', 'sparsegpt-n-m'], ''],
  ['Wanda', ['wanda'], ''],
  ['SparseGPT', ['sparsegpt', 'sparsegpt-n-m'], 'blocked, damped'],
  ['Heads, neurons, layers, rows', ['heads', 'neurons', 'layers', 'rows'], 'by magnitude, by activations, at random'],
  ['The last layer alone', ['magnitude-layer', 'random', 'rows'], 'with the scope `decoder`: L1, random, structured'],
  [
    'Uniform, ERK, OWL',
    ['magnitude-layer', 'random', 'wanda', 'sparsegpt'],
    'parameter `allocation`; OWL where inputs are measured',
  ],
  ['Round to nearest', ['rtn'], 'parameters `clipping`, `scheme`, `granularity`'],
  ['NF4, FP4, FP8, MXFP4', ['nf4', 'fp4', 'fp8', 'mxfp4'], 'double quantization is NF4’s and FP4’s parameter `scales`'],
  ['LLM.int8()', ['llm-int8'], 'with outlier columns'],
  ['torch dynamic int8', ['torch-dynamic-int8'], 'parameter `engine` says whose activations: fbgemm, qnnpack'],
  ['Quantized activations', ['torch-dynamic-int8', 'llm-int8', 'smoothquant'], 'simulated in the graph'],
  ['GPTQ, AWQ, SmoothQuant, HQQ', ['gptq', 'awq', 'smoothquant', 'hqq'], ''],
  ['Ternary, binary', ['ternary', 'binary'], ''],
  ['SVD of a matrix, SVD of an error', ['svd', 'low-rank-correction'], ''],
];
const known = new Set(methodList.map(({ id }) => id));
const coverage = wanted.map(([what, ids, note]) => [
  what,
  ids.map((id) => (known.has(id) ? `\`${id}\`` : `${id} (**missing**)`)).join(', '),
  note,
]);

const processors = cpus();
const machine = `${processors[0]?.model.trim() ?? 'a machine'} (${processors.length} cores, ${process.platform}, Node ${process.versions.node})`;
const text = `# Methods

Every compression method of the lab, ${methodList.length} in all. \`npm run methods -- --write\` makes this file.

- **needs**: what is measured on texts before it can run.
- **golden test**: matrices and masks compared with PyTorch code written from the paper (src/lab/test/golden).
- **parity**: settings whose right answers on the suite of facts were compared with PyTorch’s; they agree where they are off
  by no more than 3, or a thousandth of the questions.
- **time**: for a million weights, with the method’s defaults, on matrices of the shapes of bert-small drawn at random; the
  least of several runs on one core. What is measured on texts before is not in it. Measured on ${machine}.

Any of them can follow another one, in any order: \`npm run -s lab -- run --recipe '[…]'\`, or a list of steps on the page.

${tables.join('\n\n')}

## What was wanted, and where it is

${markdownTable([['wanted', 'methods', 'how'], ...coverage])}
`;
if (options.write) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs/methods.md'), text);
  say('Written to docs/methods.md.');
} else console.log(text);
