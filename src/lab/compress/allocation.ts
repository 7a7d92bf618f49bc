import { z } from 'zod';
import { activationsOf, type Context, type Matrix } from './method.ts';

/** How a share of the whole scope is divided among its matrices. */
export type Allocation = 'uniform' | 'erk' | 'owl';

const title = 'Share of each layer';

/** The parameter of methods that see nothing but weights. */
export const allocation = z
  .enum(['uniform', 'erk'])
  .default('uniform')
  .meta({ title, description: 'The same share of every matrix; or, by ERK, a larger one of larger matrices.' });

/** The parameter of methods that measure activations. */
export const activeAllocation = z
  .enum(['uniform', 'erk', 'owl'])
  .default('uniform')
  .meta({
    title,
    description:
      'The same share of every matrix; by ERK, a larger one of larger matrices; by OWL, a smaller one of blocks with ' +
      'many outliers.',
  });

/** An allocation behind what a method is called in a description; the uniform one goes without saying. */
export function allocationWords(allocation: Allocation): string {
  return { uniform: '', erk: ', shares by ERK', owl: ', shares by OWL' }[allocation];
}

/**
 * The share of its weights that each matrix loses, in the order given.
 *
 * - `uniform`: `sparsity` everywhere.
 * - `erk`: {@link erkShares}; over all matrices it is `sparsity` of the weights.
 * - `owl`: {@link owlShares}; the mean over blocks is `sparsity`, so blocks of unequal size make another total.
 *
 * @param sparsity 0 to 1
 * @param context what was measured; only `owl` looks at it
 * @returns shares from 0 to 1; counts are rounded by who uses them
 * @throws LabError `internal` where `owl` finds nothing measured
 */
export function shares(
  matrices: readonly Matrix[],
  sparsity: number,
  allocation: Allocation,
  context: Context,
): number[] {
  if (allocation === 'erk') return erkShares(matrices, sparsity);
  if (allocation === 'owl') return owlShares(matrices, sparsity, context);
  return matrices.map(() => sparsity);
}

/**
 * Erdős–Rényi kernel (Evci et al. 2020, RigL, section 3; for dense layers the rule of Mocanu et al. 2018): what is
 * kept of a matrix is ε (rows + columns) / (rows · columns), with the ε that keeps 1 - sparsity of all weights. While
 * some would keep more than all, those with the largest density stay whole and ε is solved again, as RigL's code does
 * (sparse_utils.py; it rounds each layer's count before it solves, we do not).
 */
function erkShares(matrices: readonly Matrix[], sparsity: number): number[] {
  const raw = matrices.map(({ rows, columns }) => (rows + columns) / (rows * columns));
  const size = matrices.map(({ values }) => values.length);
  const whole = new Set<number>();
  while (whole.size < matrices.length) {
    let kept = 0;
    let divisor = 0;
    let largest = 0;
    for (const [i, count] of size.entries()) {
      kept += (1 - sparsity) * count;
      if (whole.has(i)) kept -= count;
      else {
        divisor += raw[i] * count;
        largest = Math.max(largest, raw[i]);
      }
    }
    const epsilon = kept / divisor;
    if (largest * epsilon <= 1) return raw.map((density, i) => (whole.has(i) ? 0 : 1 - epsilon * density));
    for (const [i, density] of raw.entries()) if (density === largest) whole.add(i);
  }
  return matrices.map(() => 0);
}

/** OWL's M, from where on a score is an outlier, in means; and λ, how far a block's share may lie from the mean. */
const outlier = 5;
const lambda = 0.08;

/**
 * Outlier weighed layerwise sparsity (Yin et al. 2023, section 3.2; its reference code): a block's scores are
 * |w| · ‖x‖ of all its matrices; the more of them exceed 5 means, the less of the block goes. Blocks are the matrices
 * of one stack and layer; those outside the blocks are one more.
 */
function owlShares(matrices: readonly Matrix[], sparsity: number, context: Context): number[] {
  const keys = matrices.map(({ site }) => `${site.stack} ${site.layer}`);
  const blocks = [...new Set(keys)];
  const outliers = blocks.map((block) =>
    outlierShare(
      matrices.filter((_, i) => keys[i] === block),
      context,
    ),
  );
  const min = Math.min(...outliers);
  const max = Math.max(...outliers);
  if (max === min) return matrices.map(() => sparsity);
  const scaled = outliers.map((share) => ((share - min) / (max - min)) * 2 * lambda);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const gone = scaled.map((value) => 1 - Math.min(Math.max(value - mean + (1 - sparsity), 0), 1));
  return keys.map((key) => gone[blocks.indexOf(key)]);
}

/** The share of a block's scores above five times their mean. Scores are float32, as torch has them, the mean double. */
function outlierShare(matrices: readonly Matrix[], context: Context): number {
  const norms = matrices.map((matrix) => normsOf(matrix, context));
  let sum = 0;
  let count = 0;
  for (const [i, { values }] of matrices.entries()) {
    sum += sumOfScores(values, norms[i]);
    count += values.length;
  }
  const limit = (outlier * sum) / count;
  let above = 0;
  for (const [i, { values }] of matrices.entries()) above += countAbove(values, norms[i], limit);
  return above / count;
}

function sumOfScores(values: Float32Array, norms: Float32Array): number {
  let sum = 0;
  for (let start = 0; start < values.length; start += norms.length)
    for (let c = 0; c < norms.length; c++) sum += Math.fround(Math.abs(values[start + c]) * norms[c]);
  return sum;
}

function countAbove(values: Float32Array, norms: Float32Array, limit: number): number {
  let above = 0;
  for (let start = 0; start < values.length; start += norms.length)
    for (let c = 0; c < norms.length; c++) above += Number(Math.fround(Math.abs(values[start + c]) * norms[c]) > limit);
  return above;
}

/** The L2 norm of each input over the calibration texts [columns], float32: what Wanda multiplies weights with. */
export function normsOf(matrix: Matrix, context: Context): Float32Array {
  return Float32Array.from(activationsOf(matrix, context).energy, Math.sqrt);
}
