import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { controls } from '../src/lab/compress/controls.ts';
import { groups } from '../src/lab/compress/groups.ts';
import { axisParams } from '../src/lab/compress/level.ts';
import type { Method } from '../src/lab/compress/method.ts';
import { parseRecipe } from '../src/lab/compress/recipe.ts';
import { hitTolerance } from '../src/lab/test/reference/reference.ts';
import { markdownTable } from './markdown.ts';

const tests = resolve(import.meta.dirname, '../src/lab/test');
const golden = join(tests, 'golden');
const reference = join(tests, 'reference');

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
  /** Right answers by {@link keyOf}. */
  lab: ReadonlyMap<string | null, number>;
}

const readRuns = (file: string): Run[] =>
  existsSync(file) ? runsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).runs : [];

const readModels = (): Model[] =>
  readdirSync(reference)
    .flatMap((name) => /^methods-(.+)\.json$/.exec(name)?.[1] ?? [])
    .map((id) => ({
      id,
      runs: readRuns(join(reference, `methods-${id}.json`)),
      lab: new Map(readRuns(join(reference, 'lab', `methods-${id}.json`)).map((run) => [keyOf(run), run.hits])),
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

function parityOf({ id }: Method, models: readonly Model[]): string {
  const parts = models.flatMap((model) => {
    const runs = model.runs.filter(({ steps }) => steps.some(({ method }) => method === id));
    if (runs.length === 0) return [];
    const compared = runs.flatMap((run) => {
      const own = model.lab.get(keyOf(run));
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
const columns = ['method', 'from', 'needs', 'variants', 'golden test', 'parity', 'time'];

/**
 * What docs/methods.md says.
 *
 * @param methods in the order in which they are offered
 * @param timeOf what a method takes, in words
 * @param machine what they were timed on
 */
export function describeMethods(
  methods: readonly Method[],
  { timeOf, machine }: { timeOf: (method: Method) => string; machine: string },
): string {
  const models = readModels();
  const tables = Object.entries(groups).flatMap(([group, { label, term }]) => {
    const members = methods.filter((method) => method.group === group);
    if (members.length === 0) return [];
    const rows = members.map((method) => [
      `${method.label}<br>\`${method.id}\`: ${method.term}`,
      `[${method.citation.text}](${method.citation.url})`,
      needsOf(method),
      variantsOf(method),
      goldenOf(method),
      parityOf(method, models),
      timeOf(method),
    ]);
    return [`## ${label} (${term})\n\n${markdownTable([columns, ...rows], [columns.length - 1])}`];
  });

  const known = new Set(methods.map(({ id }) => id));
  const coverage = wanted.map(([what, ids, note]) => [
    what,
    ids.map((id) => (known.has(id) ? `\`${id}\`` : `${id} (**missing**)`)).join(', '),
    note,
  ]);

  return `# Methods

Every compression method of the lab, ${methods.length} in all. \`npm run methods -- --write\` makes this file.

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
}
