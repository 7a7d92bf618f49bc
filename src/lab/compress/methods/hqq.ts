import { z } from 'zod';
import { type CodeGrid, type Matrix, type Method, quantized } from '../method.ts';
import { inChunks } from '../shared/chunks.ts';
import { checkFinite, fitting } from '../shared/finite.ts';
import { bitsAxis, grainChoices, grainWords, groupSize, rounder, scaleBits } from '../shared/grid.ts';

const params = z.strictObject({
  bits: z.int().min(2).max(8).default(4).meta({
    title: 'Bits per weight',
    description: 'Width of a stored weight: b bits give 2^b levels.',
  }),
  granularity: z
    .string()
    .regex(/^(channel|group-([2-9]|[1-9]\d{1,5}))$/)
    .default('group-64')
    .meta({
      title: 'One scale for',
      words: grainChoices,
      description: 'Fewer weights per scale mean smaller errors and more scales to store.',
      choices: ['channel', 'group-32', 'group-64', 'group-128'],
      allowed: 'channel, or group-N with N of 2 or more (such as group-64)',
    }),
  iterations: z.int().min(1).max(100).default(20).meta({
    title: 'Rounds',
    description: 'How often the zero points are moved, at most: it stops when the error grows.',
  }),
  zero: z
    .enum(['integer', 'float'])
    .default('integer')
    .meta({
      title: 'Zero points',
      words: { integer: 'whole number (integer)', float: 'any number (float)' },
      description:
        'Whole codes, so that removed weights stay removed; or any number, which fits better and loses zeros.',
    }),
});

type Params = z.output<typeof params>;

/** The norm of the error is |x|^p, its weight 1 / beta, which grows in each round (the reference code's defaults). */
const p = 0.7;
const firstBeta = 10;
const growth = 1.01;

/** Scales stay below it, so that a run of equal weights has one (the reference code). */
const largestScale = 2e4;

/**
 * HQQ (optimize_weights_proximal of the reference code, in double): half-quadratic splitting moves the zero points so
 * that the l_0.7 norm of the error gets smaller, which forgives outliers; scales stay as minimum and maximum give them.
 * With zero `integer`, zero points are rounded and kept among the codes, before and after, and 0 is always within the
 * range that a scale is made from, which makes no difference to a run that has weights of both signs.
 */
export const hqq: Method<Params> = {
  id: 'hqq',
  label: 'Round weights to levels that forgive outliers',
  term: 'half-quadratic quantization (HQQ)',
  kind: 'quantize',
  group: 'fitted',
  help:
    'Moves each group’s levels so that most weights are met well and a few large ones badly. It needs no texts and little ' +
    'time. Choose GPTQ or AWQ if the result for the model’s own texts counts most.',
  citation: {
    text: 'Badri and Shaji 2023, Half-Quadratic Quantization of Large Machine Learning Models',
    url: 'https://mobiusml.github.io/hqq_blog/',
  },
  needs: () => 'nothing',
  params,
  axis: bitsAxis([8, 7, 6, 5, 4, 3, 2]),
  describe: ({ bits, granularity, zero }) => ({
    effect: `${bits}-bit rounding`,
    how: `HQQ, ${grainWords(granularity)}${zero === 'float' ? ', zero points between codes' : ''}`,
  }),
  apply: (matrices, params) =>
    inChunks(
      matrices,
      ({ values }) => values.length,
      (matrix) => fit(matrix, params),
    ),
};

/** Runs of a matrix with the levels they have for now: code = clamp(round(w · scale + zero), 0, top). */
interface Runs {
  weights: Float32Array;
  group: number;
  top: number;
  scales: Float64Array;
  zeros: Float64Array;
}

function* fit(matrix: Matrix, { bits, granularity, iterations, zero }: Params): Generator<number, Matrix, void> {
  const weights = matrix.values;
  checkFinite(matrix);
  const group = groupSize(matrix, granularity, 'hqq');
  const whole = zero === 'integer';
  const count = weights.length / group;
  const runs = { weights, group, top: 2 ** bits - 1, scales: new Float64Array(count), zeros: new Float64Array(count) };
  begin(runs, whole);
  let beta = firstBeta;
  let best = 1e4;
  for (let round = 0; round < iterations; round++) {
    const error = move(runs, beta);
    beta *= growth;
    if (error >= best) break;
    best = error;
    yield (round + 1) / (iterations + 1);
  }
  if (whole) settle(runs);
  const steps = Float32Array.from(runs.scales, (scale) => 1 / scale);
  const zeros = Float32Array.from(runs.zeros);
  const values = fitting(matrix, valuesOf(runs, steps, zeros));
  const grid: CodeGrid = { kind: 'uniform', bits, group, scales: steps, zeros };
  return quantized(matrix, values, grid, count * (scaleBits + (whole ? bits : scaleBits)));
}

function begin(runs: Runs, whole: boolean): void {
  const { weights, group, top, scales, zeros } = runs;
  for (let run = 0; run < scales.length; run++) {
    const start = run * group;
    let low = whole ? 0 : weights[start];
    let high = low;
    for (let i = start; i < start + group; i++) {
      low = Math.min(low, weights[i]);
      high = Math.max(high, weights[i]);
    }
    scales[run] = Math.min(top / (high - low), largestScale);
    zeros[run] = -low * scales[run];
  }
  if (whole) settle(runs);
}

/** Rounds the zero points, and keeps them among the codes. */
function settle({ top, zeros }: Runs): void {
  for (let run = 0; run < zeros.length; run++) zeros[run] = Math.min(Math.max(zeros[run] + rounder - rounder, 0), top);
}

/**
 * One round: of the error w - w' only what the norm does not forgive, sign(x) · max(|x| - |x|^(p-1) / beta, 0), is taken
 * off the weights, and each zero point moves to where it serves what is left best, their mean.
 *
 * @returns the mean of |w - w'| before the move
 */
function move({ weights, group, top, scales, zeros }: Runs, beta: number): number {
  // From here on, |x| - |x|^(p-1) / beta is positive: the power is needed for few errors.
  const forgiven = (1 / beta) ** (1 / (2 - p));
  let distance = 0;
  for (let run = 0; run < scales.length; run++) {
    const scale = scales[run];
    const zero = zeros[run];
    const end = (run + 1) * group;
    let sum = 0;
    for (let i = run * group; i < end; i++) {
      const weight = weights[i];
      const code = Math.min(Math.max(weight * scale + zero + rounder - rounder, 0), top);
      const error = weight - (code - zero) / scale;
      const size = Math.abs(error);
      distance += size;
      let left = weight;
      if (size > forgiven) left -= Math.sign(error) * Math.max(size - size ** (p - 1) / beta, 0);
      sum += code - left * scale;
    }
    zeros[run] = sum / group;
  }
  return distance / weights.length;
}

/** The weights on their levels, with the steps and zero points that are stored. */
function valuesOf({ weights, group, top, scales, zeros: exact }: Runs, steps: Float32Array, zeros: Float32Array) {
  const values = new Float32Array(weights.length);
  for (let run = 0; run < scales.length; run++) {
    const end = (run + 1) * group;
    for (let i = run * group; i < end; i++) {
      const code = Math.min(Math.max(weights[i] * scales[run] + exact[run] + rounder - rounder, 0), top);
      values[i] = (code - zeros[run]) * steps[run];
    }
  }
  return values;
}
