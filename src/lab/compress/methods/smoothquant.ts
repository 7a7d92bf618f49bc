import { z } from 'zod';
import { calibration } from '../calibration.ts';
import { activationsOf, type Context, eachMatrix, type Matrix, type Method, quantized } from '../method.ts';
import { bitsOf, tooLarge } from '../shared/finite.ts';
import { bitsAxis, grainChoices, grainWords, groupSize, roundRuns, scaleBits, topOf } from '../shared/grid.ts';

const params = z.strictObject({
  alpha: z.number().min(0).max(1).default(0.5).meta({
    title: 'Moved to the weights',
    description: 'How much of the inputs’ uneven range the weights take over: 0 none, 1 all, 0.5 half of it.',
    step: 0.05,
  }),
  bits: z.int().min(4).max(8).default(8).meta({
    title: 'Bits per weight',
    description: 'Width of a stored weight, and of what enters the layer.',
  }),
  granularity: z.enum(['tensor', 'channel']).default('channel').meta({
    title: 'One scale for',
    words: grainChoices,
    description: 'The whole matrix, or each output row.',
  }),
  ...calibration,
});

type Params = z.output<typeof params>;

/** Scales of inputs are not let below this. */
const least = 1e-5;

/**
 * SmoothQuant: weights are multiplied by s_j = max|X_j|^alpha / max|W_j|^(1 - alpha) of each input and rounded, and the
 * inputs are divided by it and rounded for each token (equation 4). Of each matrix by itself; the paper's code shares s
 * among matrices of one input.
 */
export const smoothquant: Method<Params> = {
  id: 'smoothquant',
  label: 'Eight bits, strong inputs evened out',
  term: 'SmoothQuant',
  kind: 'quantize',
  group: 'int8',
  help:
    'Makes strong inputs weaker and their weights stronger by the same factor, measured on texts, then rounds both to few ' +
    'bits. It saves most of what plain int8 loses to outliers; at fewer than eight bits activations suffer first.',
  citation: {
    text: 'Xiao et al. 2022, SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models',
    url: 'https://arxiv.org/abs/2211.10438',
  },
  needs: () => 'norms',
  params,
  axis: bitsAxis([8, 7, 6, 5, 4]),
  describe: ({ alpha, bits, granularity }) => ({
    effect: `${bits}-bit weights and activations`,
    how: `SmoothQuant, alpha ${alpha}, ${grainWords(granularity)}`,
  }),
  apply: (matrices, params, context) => eachMatrix(matrices, (matrix) => quantize(matrix, params, context)),
};

function quantize(matrix: Matrix, { alpha, bits, granularity }: Params, context: Context): Matrix {
  const { rows, columns, values: source } = matrix;
  const { absMax } = activationsOf(matrix, context);
  const group = groupSize(matrix, granularity, 'smoothquant');
  const largest = columnMaxima(matrix);
  const columnScales = largest.map((max, column) =>
    max === 0 || absMax[column] === 0 ? 1 : Math.max(absMax[column] ** alpha / max ** (1 - alpha), least),
  );
  const smoothed = new Float32Array(source.length);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let c = 0; c < columns; c++) smoothed[start + c] = source[start + c] * columnScales[c];
  }
  const { values, scales, zeros } = roundRuns(matrix, { bits, scheme: 'symmetric', group }, smoothed);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let c = 0; c < columns; c++) values[start + c] /= columnScales[c];
  }
  // Far from what any model has: only where the largest level over the least factor is too large can a weight be.
  const bound = (topOf(bits, 'symmetric') * Math.max(...scales)) / Math.min(...columnScales);
  if (!Number.isFinite(Math.fround(bound)) && !values.every(Number.isFinite)) throw tooLarge(matrix);
  const overhead = scaleBits * (scales.length + columns);
  const made = quantized(matrix, values, { kind: 'uniform', bits, group, scales, zeros, columnScales }, overhead);
  return { ...made, activations: { kind: 'token', bits, columnScales } };
}

/** The largest magnitude of each input's weights. */
function columnMaxima({ values, rows, columns }: Matrix): Float32Array {
  const patterns = bitsOf(values);
  const largest = new Float32Array(columns);
  const largestBits = bitsOf(largest);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let c = 0; c < columns; c++) largestBits[c] = Math.max(largestBits[c], patterns[start + c] & 0x7fffffff);
  }
  return largest;
}
