import {
  type ActivationNeed,
  type Context,
  finish,
  type Matrix,
  type Method,
  noContext,
  type SiteActivations,
} from '../src/lab/compress/method.ts';
import { methods } from '../src/lab/compress/methods/index.ts';
import { startMatrix } from '../src/lab/compress/size.ts';
import type { Site, SiteKind } from '../src/lab/model/site.ts';
import { makeSite } from '../src/lab/test/matrices.ts';

// Matrices and activations drawn at random, for whoever measures time: what is in them does not matter, their shapes do.

/** Numbers from a seed: normal, mean 0, deviation 1 (Box and Muller over a xorshift generator). */
export function normals(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Weights of these sites, as large as those of a trained layer. */
export function drawMatrices(sites: readonly Site[]): Matrix[] {
  return sites.map((site, index) => {
    const next = normals(index);
    const [rows, columns] = site.shape;
    const values = new Float32Array(rows * columns);
    const size = 1 / Math.sqrt(columns);
    for (let i = 0; i < values.length; i++) values[i] = next() * size;
    return startMatrix({ site, values });
  });
}

/** The linear layers of one block of a transformer after the other. */
export function blockSites(blocks: number, hidden: number): Site[] {
  const inner = 4 * hidden;
  const layers: [kind: SiteKind, rows: number, columns: number][] = [
    ['query', hidden, hidden],
    ['key', hidden, hidden],
    ['value', hidden, hidden],
    ['attention-output', hidden, hidden],
    ['intermediate', inner, hidden],
    ['output', hidden, inner],
  ];
  return Array.from({ length: blocks }, (_, layer) =>
    layers.map(([kind, rows, columns], at) =>
      makeSite(`encoder.${layer}.${kind}`, rows, columns, {
        kind,
        layer,
        role: at < 4 ? 'attention' : 'feed-forward',
        dtype: 'float32',
      }),
    ),
  ).flat();
}

const tokens = 512;

/** What a layer of so many inputs is given: normal, a few inputs twenty times as strong, as in language models. */
function drawActivations(columns: number, need: ActivationNeed): SiteActivations {
  const next = normals(columns);
  const x = new Float64Array(tokens * columns);
  for (let i = 0; i < x.length; i++) x[i] = next() * ((i % columns) % 128 === 5 ? 20 : 1);
  const sums = { sum: new Float64Array(columns), absSum: new Float64Array(columns), energy: new Float64Array(columns) };
  const absMax = new Float32Array(columns);
  for (let i = 0; i < x.length; i++) {
    const column = i % columns;
    sums.sum[column] += x[i];
    sums.absSum[column] += Math.abs(x[i]);
    sums.energy[column] += x[i] * x[i];
    absMax[column] = Math.max(absMax[column], Math.abs(x[i]));
  }
  return { tokens, ...sums, absMax, gram: need === 'gram' ? gramOf(x, columns) : null };
}

function gramOf(x: Float64Array, columns: number): Float64Array {
  const gram = new Float64Array(columns * columns);
  for (let from = 0; from < x.length; from += columns)
    for (let i = 0; i < columns; i++) {
      const value = x[from + i];
      for (let j = i; j < columns; j++) gram[i * columns + j] += value * x[from + j];
    }
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) gram[i * columns + j] = gram[j * columns + i];
  return gram;
}

const drawn = new Map<string, SiteActivations>();

/** What a method is given beside the weights: layers of one width get the same. */
export function drawContext(matrices: readonly Matrix[], need: ActivationNeed, heads: number): Context {
  if (need === 'nothing') return { ...noContext, heads, keyValueHeads: heads };
  const activations = new Map<string, SiteActivations>();
  for (const { site, columns } of matrices) {
    const key = `${columns} ${need}`;
    if (!drawn.has(key)) drawn.set(key, drawActivations(columns, need));
    activations.set(site.name, drawn.get(key)!);
  }
  return { activations, original: new Map(), heads, keyValueHeads: heads };
}

/** How a method was timed. */
export interface Timed {
  seconds: number;
  runs: number;
}

/**
 * The least time that a method needs for these matrices, with its defaults.
 *
 * @param most stop after so many seconds; the first run is always made
 */
export function timeMethod(method: Method, matrices: readonly Matrix[], heads: number, most: number): Timed {
  const params = method.params.parse({});
  const context = drawContext(matrices, method.needs(params), heads);
  // A correction has nothing to do for a model as it came: it is given a rounded one.
  const given = method.corrects
    ? finish(methods.rtn.apply(matrices, methods.rtn.params.parse({}), noContext))
    : matrices;
  const original = new Map(method.corrects ? matrices.map(({ site, values }) => [site.name, values]) : []);
  let seconds = Number.POSITIVE_INFINITY;
  let total = 0;
  let runs = 0;
  do {
    const begun = performance.now();
    finish(method.apply(given, params, { ...context, original }));
    const took = (performance.now() - begun) / 1000;
    seconds = Math.min(seconds, took);
    total += took;
    runs++;
    // Code that is compiled while it runs is not at its best in the first two.
  } while (runs < 20 && (total + seconds < most || (runs < 3 && total < most)));
  return { seconds, runs };
}
