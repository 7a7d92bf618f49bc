import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { subtractProduct } from '../../linalg/product.ts';
import { calibration } from '../calibration.ts';
import { activationsOf, type CodeGrid, type Context, type Matrix, type Method, quantized } from '../method.ts';
import { inChunks, within } from '../shared/chunks.ts';
import { checkFinite, fitting } from '../shared/finite.ts';
import {
  bits,
  bitsAxis,
  grainWords,
  granularity,
  groupSize,
  type Rounded,
  roundRuns,
  scaleBits,
  scheme,
} from '../shared/grid.ts';

const params = z.strictObject({
  bits,
  scheme,
  granularity,
  grid: z.int().min(4).max(40).default(20).meta({
    title: 'Strengths tried',
    description: 'How many strengths, from none to nearly the full one, are tried for each matrix.',
  }),
  ...calibration,
});

type Params = z.output<typeof params>;

/**
 * AWQ (Lin et al. 2023, section 3.2, and the scale search of the reference code): inputs are multiplied by
 * s = max((mean |x|)^a, 1e-4) / √(max · min) before the weights are rounded on the grid that rtn has, and divided by it
 * after. Of a = 0, 1 / grid, … the one with the least error of the output, Σ over rows of d · H · dᵀ, wins, the first of
 * equals. Each matrix is searched by itself (the reference lets query, key and value share their scales), and weights
 * are not clipped.
 */
export const awq: Method<Params> = {
  id: 'awq',
  label: 'Round weights more finely where inputs are strong',
  term: 'activation-aware weight quantization (AWQ)',
  kind: 'quantize',
  group: 'fitted',
  help:
    'Stretches the weights of inputs that are usually strong before it rounds them, as far as it helps, measured on texts ' +
    'of the suite. On those texts no layer does worse than with plain rounding. Choose GPTQ for the smallest error, or ' +
    'HQQ to do without texts.',
  citation: {
    text: 'Lin et al. 2023, AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration',
    url: 'https://arxiv.org/abs/2306.00978',
  },
  needs: () => 'gram',
  params,
  axis: bitsAxis([8, 7, 6, 5, 4, 3, 2]),
  describe: ({ bits, scheme, granularity }) => ({
    effect: `${bits}-bit rounding`,
    how: `AWQ, ${grainWords(granularity)}${scheme === 'asymmetric' ? ', asymmetric' : ''}`,
  }),
  apply: (matrices, params, context) =>
    inChunks(
      matrices,
      ({ rows, columns }) => rows * columns * (columns + 50),
      (matrix) => search(matrix, params, context),
    ),
};

/** Rows whose error is summed at a time, and inputs: pieces that stay in a cache. */
const rowsAtOnce = 64;
const inputsAtOnce = 32;

interface Candidate extends Rounded {
  columnScales: Float32Array;
  loss: number;
}

function* search(matrix: Matrix, params: Params, context: Context): Generator<number, Matrix, void> {
  const { columns } = matrix;
  checkFinite(matrix);
  const { bits, scheme } = params;
  const group = groupSize(matrix, params.granularity, 'awq');
  const { gram, absSum, tokens } = activationsOf(matrix, context);
  if (!gram) throw new LabError('internal', `No Gram matrix was measured at ${matrix.site.name}.`);
  const mean = absSum.map((sum) => sum / tokens);
  const triangle = foldedTriangle(gram, columns);

  let best: Candidate | null = null;
  for (let step = 0; step < params.grid; step++) {
    const columnScales = scalesOf(mean, step / params.grid);
    const rounded = roundRuns(matrix, { bits, scheme, group }, stretched(matrix, columnScales));
    const limit: number = best?.loss ?? Number.POSITIVE_INFINITY;
    const losing = lossOf(matrix, rounded.values, columnScales, triangle, limit);
    const loss: number = yield* within(losing, step / params.grid, (step + 1) / params.grid);
    if (!best || loss < limit) best = { ...rounded, columnScales, loss };
  }
  const { columnScales, scales, zeros, values } = best!;
  for (let i = 0; i < values.length; )
    for (let column = 0; column < columns; column++, i++) values[i] /= columnScales[column];
  const grid: CodeGrid = { kind: 'uniform', bits, group, scales, zeros, columnScales };
  const overhead = scales.length * (zeros ? scaleBits + bits : scaleBits) + columns * scaleBits;
  return quantized(matrix, fitting(matrix, values), grid, overhead);
}

/** The weights, each input's times its scale, rounded to float32. */
function stretched({ columns, values }: Matrix, columnScales: Float32Array): Float32Array {
  const made = new Float32Array(values.length);
  for (let i = 0; i < made.length; )
    for (let column = 0; column < columns; column++, i++) made[i] = values[i] * columnScales[column];
  return made;
}

/** What inputs are multiplied by at a strength from 0, where nothing is, to 1. */
function scalesOf(mean: Float64Array, strength: number): Float32Array {
  const raw = mean.map((size) => Math.max(size ** strength, 1e-4));
  const middle = Math.sqrt(raw.reduce((a, b) => Math.max(a, b)) * raw.reduce((a, b) => Math.min(a, b)));
  return Float32Array.from(raw, (size) => size / middle);
}

/** d · H · dᵀ needs half of a symmetric H: [i, j] with i > j holds it twice, with i < j it is 0. */
function foldedTriangle(gram: Float64Array, n: number): Float64Array {
  const folded = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) folded[i * n + j] = 2 * gram[i * n + j];
    folded[i * n + i] = gram[i * n + i];
  }
  return folded;
}

/**
 * The error of the output, Σ over rows of d · H · dᵀ with d = rounded / scales - weights, in double. H has no negative
 * direction, so each row makes the sum larger: what is above the limit already is not summed to its end.
 */
function* lossOf(
  { rows, columns, values: weights }: Matrix,
  rounded: Float32Array,
  columnScales: Float32Array,
  triangle: Float64Array,
  limit: number,
): Generator<number, number, void> {
  const width = Math.min(rowsAtOnce, rows);
  // [columns, rows at once], and what comes of some of them.
  const errors = new Float64Array(columns * width);
  const product = new Float64Array(inputsAtOnce * width);
  let loss = 0;
  for (let first = 0; first < rows && loss <= limit; first += width) {
    const count = Math.min(width, rows - first);
    for (let row = 0; row < count; row++)
      for (let column = 0, i = (first + row) * columns; column < columns; column++, i++)
        errors[column * width + row] = rounded[i] / columnScales[column] - weights[i];
    for (let start = 0; start < columns; start += inputsAtOnce) {
      const inputs = Math.min(inputsAtOnce, columns - start);
      const from = { data: errors, at: start * width, step: width };
      product.fill(0);
      subtractProduct(
        { data: product, at: 0, step: width },
        { data: triangle, at: start * columns + start, step: columns },
        from,
        inputs,
        count,
        columns - start,
      );
      for (let input = 0; input < inputs; input++)
        for (let row = 0; row < count; row++)
          loss -= product[input * width + row] * errors[(start + input) * width + row];
    }
    yield (first + count) / rows;
  }
  return loss;
}
