import { z } from 'zod';
import { calibration } from '../calibration.ts';
import { activationsOf, type Context, eachMatrix, type Matrix, type Method, quantized } from '../method.ts';
import { bitsOf, firstNonFinite, notFinite, tooLarge } from '../shared/finite.ts';
import { clip, codeAt, scaleBits, snap } from '../shared/grid.ts';

const params = z.strictObject({
  threshold: z.number().min(0.5).max(100).default(6).meta({
    title: 'Outliers from',
    description: 'Inputs that reach this magnitude in any text measured keep 16 bits, with all weights that take them.',
    step: 0.5,
  }),
  ...calibration,
});

type Params = z.output<typeof params>;

/** Bits of an outlier's weight and of its index. */
const outlierBits = 16;
const indexBits = 32;

const bits = 8;
const top = 2 ** (bits - 1) - 1;

/**
 * LLM.int8(): inputs with outliers stay as they are, the rest is int8 with one scale for each output row and each token
 * (section 3). Outliers are told from the texts that were measured, once; the paper looks at each batch.
 */
export const llmInt8: Method<Params> = {
  id: 'llm-int8',
  label: 'Eight bits, but for the strongest inputs',
  term: 'LLM.int8()',
  kind: 'quantize',
  group: 'int8',
  help:
    'Rounds weights and activations to eight bits, except for the few inputs that are far stronger than the rest, which ' +
    'stay as they are. Nearly free for large models, whose outliers spoil other kinds of int8; small ones often have none.',
  citation: {
    text: 'Dettmers et al. 2022, LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale',
    url: 'https://arxiv.org/abs/2208.07339',
  },
  needs: () => 'norms',
  params,
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '8 bits', value: 8, params: {} }] },
  describe: ({ threshold }) => ({
    effect: '8-bit weights and activations',
    how: `LLM.int8(), outliers from ${threshold}`,
  }),
  apply: (matrices, params, context) => eachMatrix(matrices, (matrix) => quantize(matrix, params.threshold, context)),
};

function quantize(matrix: Matrix, threshold: number, context: Context): Matrix {
  const { rows, columns, values: source } = matrix;
  const { absMax } = activationsOf(matrix, context);
  const keptColumns = Uint32Array.from(absMax.keys()).filter((column) => absMax[column] >= threshold);
  /** All bits of a weight that is rounded, none of one that stays. */
  const masks = new Int32Array(columns).fill(-1);
  for (const column of keptColumns) masks[column] = 0;
  const patterns = bitsOf(source);
  const values = new Float32Array(source.length);
  const made = bitsOf(values);
  const largest = new Float32Array(rows);
  const largestBits = bitsOf(largest);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let all = 0;
    let max = 0;
    for (let c = 0; c < columns; c++) {
      const bits = patterns[start + c];
      const rounded = bits & masks[c];
      all = Math.max(all, bits & 0x7fffffff);
      max = Math.max(max, rounded & 0x7fffffff);
      made[start + c] = rounded;
    }
    if (all >= firstNonFinite) throw notFinite(matrix);
    largestBits[row] = max;
    const scale = Math.fround(largest[row] / top) || 1;
    if (!Number.isFinite(Math.fround(top * scale))) throw tooLarge(matrix);
    scales[row] = scale;
    // Only a scale so small that float32 holds few digits of it has codes beyond the last.
    if (codeAt(largest[row], scale) > top) clip(made, start, made, start, columns, -top * scale, top * scale);
    snap(values, start, values, start, columns, scale);
    for (const column of keptColumns) values[start + column] = source[start + column];
  }
  const grid = { kind: 'uniform', bits, group: columns, scales, zeros: null, keptColumns } as const;
  const kept = keptColumns.length;
  const overhead = scaleBits * rows + kept * (rows * (outlierBits - bits) + indexBits);
  return { ...quantized(matrix, values, grid, overhead), activations: { kind: 'token', bits, keptColumns } };
}
