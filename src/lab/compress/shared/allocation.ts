import { z } from 'zod';
import { activationsOf, type Context, type Matrix } from '../method.ts';

/** How a share of the whole is spread over the layers. */
export type Allocation = 'uniform' | 'erk' | 'owl';

const title = 'Spread over layers';

const words = {
  uniform: 'the same for all layers (uniform)',
  erk: 'larger layers lose more (ERK)',
  owl: 'layers with outliers lose less (OWL)',
};

/** The parameter of methods that see weights alone. */
export const allocation = z.enum(['uniform', 'erk']).default('uniform').meta({
  title,
  words,
  description: 'Uniform: every layer loses the same share. ERK: large layers lose more, small ones less.',
});

/** The parameter of methods that see activations. */
export const activeAllocation = z.enum(['uniform', 'erk', 'owl']).default('uniform').meta({
  title,
  words,
  description:
    'Uniform: every layer loses the same share. ERK: large layers lose more. OWL: blocks in which some weights stick out lose less.',
});

/** Behind what a method is called in a description; the uniform one goes without saying. */
export const allocationWords = (allocation: Allocation) =>
  ({ uniform: '', erk: ', shares by ERK', owl: ', shares by OWL' })[allocation];

/** An outlier is a weight whose metric is so many times the mean of its block; a block's share moves by ± `reach`. */
const outlier = 5;
const reach = 0.08;

/**
 * The share that each matrix loses so that all together lose `sparsity` of their weights.
 *
 * @returns one share (0 to 1) a matrix, in their order
 */
export function shares(
  matrices: readonly Matrix[],
  sparsity: number,
  allocation: Allocation,
  context: Context,
): number[] {
  if (allocation === 'erk') return erdosRenyi(matrices, sparsity);
  if (allocation === 'owl') return outlierWeighed(matrices, sparsity, context);
  return matrices.map(() => sparsity);
}

/**
 * Evci et al. 2020 (RigL), section 3: density ∝ (rows + columns) / (rows · columns). While the densest layers would be
 * more than dense they stay whole, and the rest is spread anew.
 */
function erdosRenyi(matrices: readonly Matrix[], sparsity: number): number[] {
  const sizes = matrices.map(({ values }) => values.length);
  const raw = matrices.map(({ rows, columns, values }) => (rows + columns) / values.length);
  const whole = new Set<number>();
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let eps = 0;
  while (whole.size < matrices.length) {
    let wanted = (1 - sparsity) * total;
    let weighed = 0;
    let most = 0;
    for (const [i, size] of sizes.entries()) {
      if (whole.has(i)) wanted -= size;
      else {
        weighed += raw[i] * size;
        most = Math.max(most, raw[i]);
      }
    }
    eps = wanted / weighed;
    if (most * eps <= 1) break;
    for (const i of raw.keys()) if (raw[i] === most) whole.add(i);
  }
  return raw.map((density, i) => (whole.has(i) ? 0 : 1 - eps * density));
}

/**
 * Yin et al. 2023 (OWL), section 3.2: blocks in which more weights have |w| · ‖x‖ over 5 times the block's mean keep
 * more. The blocks' densities differ by at most 2 · 0.08, and their plain mean is 1 - sparsity.
 */
function outlierWeighed(matrices: readonly Matrix[], sparsity: number, context: Context): number[] {
  const blocks = new Map<string, Matrix[]>();
  const blockOf = ({ site: { stack, layer } }: Matrix) => (layer === null ? 'outside' : `${stack} ${layer}`);
  for (const matrix of matrices) blocks.set(blockOf(matrix), [...(blocks.get(blockOf(matrix)) ?? []), matrix]);
  const found = [...blocks.values()].map((members) => outlierShare(members, context));
  const low = Math.min(...found);
  const high = Math.max(...found);
  if (low === high) return matrices.map(() => sparsity);
  const moved = found.map((share) => ((share - low) / (high - low)) * 2 * reach);
  const mean = moved.reduce((sum, value) => sum + value, 0) / moved.length;
  const names = [...blocks.keys()];
  return matrices.map((matrix) => {
    const density = moved[names.indexOf(blockOf(matrix))] - mean + (1 - sparsity);
    return 1 - Math.min(Math.max(density, 0), 1);
  });
}

/** The share of a block's weights whose metric is over 5 times the block's mean. */
function outlierShare(members: readonly Matrix[], context: Context): number {
  let sum = 0;
  let count = 0;
  const metrics = members.map((matrix) => {
    const { values, columns } = matrix;
    const norms = normsOf(matrix, context);
    const metric = new Float32Array(values.length);
    for (let start = 0; start < values.length; start += columns)
      for (let c = 0; c < columns; c++) {
        metric[start + c] = Math.abs(values[start + c]) * norms[c];
        sum += metric[start + c];
      }
    count += values.length;
    return metric;
  });
  const limit = (outlier * sum) / count;
  let above = 0;
  for (const metric of metrics) for (let i = 0; i < metric.length; i++) above += metric[i] > limit ? 1 : 0;
  return above / count;
}

/** The L2 norm of each input over the calibration texts, float32 (Sun et al. 2023, equation 1). */
export function normsOf(matrix: Matrix, context: Context): Float32Array {
  return Float32Array.from(activationsOf(matrix, context).energy, Math.sqrt);
}
