import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { inverseFactor } from '../../linalg/cholesky.ts';
import { subtractProduct } from '../../linalg/product.ts';
import { activationsOf, type ChunkedWork, type Context, type Matrix, withValues } from '../method.ts';
import { fileBits } from '../size.ts';
import { inChunks, within } from './chunks.ts';
import { checkFinite, fitting } from './finite.ts';

// What GPTQ and SparseGPT share: weights are settled input by input, and what that does to the output is made good, as
// far as can be, by the weights of the inputs that are not settled yet (Frantar and Alistarh 2022, Optimal Brain
// Compression).

/** The parameter that both have. */
export const damping = z
  .number()
  .min(0.0001)
  .max(1)
  .default(0.01)
  .meta({
    title: 'Damping',
    description:
      'Share of the inputs’ mean energy that is added to each: more trusts the measured texts less, and helps where too ' +
      'few were measured.',
    step: 0.0001,
  });

/** Columns that are settled one after the other before their errors are passed on by a product of matrices. */
const leaf = 8;

/** Products of numbers between two yields when errors are passed on: some tens of milliseconds. */
const pieceProducts = 2 ** 25;

/** What the inputs of a matrix have in common, solved: the same for every matrix with the same input. */
export interface Curvature {
  gram: Float64Array;
  /** The inputs in the order in which they are settled. */
  order: Uint32Array;
  /** 1 for an input, in its own place, that was 0 in every text: its weights do nothing. */
  dead: Uint8Array;
  /** The upper triangular U of {@link inverseFactor} [columns, columns], in the order above. */
  factor: Float64Array;
}

/**
 * Solves for what was measured at a matrix: H = Σ x xᵀ, with 1 on the diagonal of a dead input, plus damping times the
 * mean of the diagonal on all of it (as in the reference code of GPTQ and SparseGPT).
 *
 * @param byActivity settles the inputs with the most energy first, else all in their own order
 * @param last what was solved for the matrix before: taken again where it had the same input, as query, key and value
 * @returns work that yields the share that is done
 * @throws LabError `bad-recipe` where the damping is too small for what was measured
 */
function* curvatureOf(
  matrix: Matrix,
  context: Context,
  damping: number,
  byActivity: boolean,
  last: Curvature | null,
): Generator<number, Curvature, void> {
  const { gram } = activationsOf(matrix, context);
  if (!gram) throw new LabError('internal', `No Gram matrix was measured at ${matrix.site.name}.`);
  if (last?.gram === gram) return last;
  const n = matrix.columns;
  const dead = Uint8Array.from({ length: n }, (_, i) => (gram[i * n + i] === 0 ? 1 : 0));
  const diagonal = Float64Array.from(dead, (isDead, i) => (isDead ? 1 : gram[i * n + i]));
  const order = Uint32Array.from(dead.keys());
  if (byActivity) order.sort((a, b) => diagonal[b] - diagonal[a] || a - b);

  const damped = (damping * diagonal.reduce((sum, x) => sum + x, 0)) / n;
  const h = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = order[i] * n;
    for (let j = 0; j < n; j++) h[i * n + j] = gram[row + order[j]];
    h[i * n + i] = diagonal[order[i]] + damped;
  }
  const factor = yield* inverseFactor(h, n);
  if (factor) return { gram, order, dead, factor };
  throw new LabError(
    'bad-recipe',
    `What was measured at ${matrix.site.name} cannot be solved for with a damping of ${damping}.`,
    'Choose more damping, or measure more texts.',
  );
}

/** A matrix on its way: one input after the other, because inputs are what is settled and passed on. */
export interface Sheet {
  rows: number;
  columns: number;
  /** [columns, rows], in the order of the curvature. */
  weights: Float64Array;
  /** 1 for a weight that was 0 on the way in, in the same layout: it stays 0, and what it would have become is passed on. */
  zeros: Uint8Array;
  curvature: Curvature;
}

/** Lays a matrix out for {@link settleColumns}. */
function sheetOf({ rows, columns, values }: Matrix, curvature: Curvature): Sheet {
  const weights = new Float64Array(values.length);
  const zeros = new Uint8Array(values.length);
  for (let at = 0, column = 0; column < columns; column++) {
    const input = curvature.order[column];
    const isDead = curvature.dead[input];
    for (let i = input; i < values.length; i += columns, at++) {
      weights[at] = isDead ? 0 : values[i];
      zeros[at] = weights[at] === 0 ? 1 : 0;
    }
  }
  return { rows, columns, weights, zeros, curvature };
}

/** The weights of a sheet in the layout of its matrix. @throws LabError `bad-model` where float32 does not hold them */
function valuesOf(matrix: Matrix, { rows, columns, weights, curvature }: Sheet): Float32Array {
  const values = new Float32Array(weights.length);
  for (let at = 0, column = 0; column < columns; column++, at += rows) {
    const input = curvature.order[column];
    for (let row = 0; row < rows; row++) values[row * columns + input] = weights[at + row];
  }
  return fitting(matrix, values);
}

/** How a method settles a sheet. Columns are numbered in the sheet's order. */
export interface Settling {
  /** Columns after which errors are passed on to all that follow. */
  block: number;
  /**
   * Columns that the method has to see together, each as all columns before them have left it. A block of several is
   * cut to whole ones; where a block holds less than one, each begins a new block.
   */
  unit: number;
  /** Called before the columns of a unit, or of the part of it that a block holds, are settled. */
  begin(start: number, end: number): void;
  /** Replaces a column's weights, which stand from weights[column · rows] on, by what becomes of them. */
  settle(column: number): void;
}

/**
 * Settles all columns of a sheet in place. Of each column, err = (w - w') / U[i, i], and U[i, j] · err is taken from
 * every later column j: at once from its neighbours, from the others by products of matrices, each as large as can be.
 *
 * @returns work that yields the share that is done
 */
function* settleColumns(sheet: Sheet, settling: Settling): Generator<number, void, void> {
  const { rows, columns } = sheet;
  const { block, unit } = settling;
  const longest = block < unit ? block : block - (block % unit);
  for (let start = 0; start < columns; ) {
    const nextUnit = start - (start % unit) + unit;
    const end = Math.min(start + longest, block < unit ? nextUnit : columns, columns);
    const errors = new Float64Array((end - start) * rows);
    settleUnits({ sheet, settling, errors, first: start }, start, end);
    const chunk = Math.max(leaf, Math.floor(pieceProducts / errors.length));
    for (let from = end; from < columns; from += chunk) {
      const to = Math.min(from + chunk, columns);
      passOn({ sheet, settling, errors, first: start }, start, end, from, to);
      yield (start + ((end - start) * (to - end)) / (columns - end)) / columns;
    }
    start = end;
    yield start / columns;
  }
}

/** A block at work. */
interface Part {
  sheet: Sheet;
  settling: Settling;
  /** [columns of the block, rows]. */
  errors: Float64Array;
  /** The first column of the block. */
  first: number;
}

function settleUnits(part: Part, start: number, end: number): void {
  const { unit, begin } = part.settling;
  const units = Math.ceil((end - start) / unit);
  if (units <= 1) {
    begin(start, end);
    settleRange(part, start, end);
    return;
  }
  const middle = start + Math.floor(units / 2) * unit;
  settleUnits(part, start, middle);
  passOn(part, start, middle, middle, end);
  settleUnits(part, middle, end);
}

function settleRange(part: Part, start: number, end: number): void {
  if (end - start <= leaf) {
    for (let column = start; column < end; column++) {
      passOn(part, start, column, column, column + 1);
      settleColumn(part, column);
    }
    return;
  }
  const middle = (start + end) >> 1;
  settleRange(part, start, middle);
  passOn(part, start, middle, middle, end);
  settleRange(part, middle, end);
}

function settleColumn({ sheet, settling, errors, first }: Part, column: number): void {
  const { rows, columns, weights, zeros, curvature } = sheet;
  const from = column * rows;
  const to = (column - first) * rows;
  for (let row = 0; row < rows; row++) errors[to + row] = weights[from + row];
  settling.settle(column);
  const step = curvature.factor[column * columns + column];
  for (let i = from; i < from + rows; i++) if (zeros[i]) weights[i] = 0;
  for (let row = 0; row < rows; row++) errors[to + row] = (errors[to + row] - weights[from + row]) / step;
}

/** Passes the errors of the columns `start` to `end` on to the columns `from` to `to`. */
function passOn({ sheet, errors, first }: Part, start: number, end: number, from: number, to: number): void {
  const { rows, columns, weights, curvature } = sheet;
  subtractProduct(
    { data: weights, at: from * rows, step: rows },
    { data: curvature.factor, at: start * columns + from, step: columns },
    { data: errors, at: (start - first) * rows, step: rows },
    to - from,
    rows,
    end - start,
  );
}

/** What becomes of a matrix: how its sheet is settled, and what is made of the weights that come out. */
export interface BlockPlan extends Settling {
  made(values: Float32Array): Matrix;
}

/**
 * The work of a method that settles its matrices one after the other.
 *
 * @param byActivity settles the inputs with the most energy first
 * @param planned a matrix's plan, or null where it stays as it is
 * @throws LabError as {@link curvatureOf}; `bad-model` for weights that are not finite, or become too large
 */
export function* compensate(
  matrices: readonly Matrix[],
  context: Context,
  damping: number,
  byActivity: boolean,
  planned: (matrix: Matrix, index: number) => ((sheet: Sheet) => BlockPlan) | null,
): ChunkedWork {
  for (const matrix of matrices) checkFinite(matrix);
  let last: Curvature | null = null;
  return yield* inChunks(matrices, cost, function* (matrix, index) {
    const planFor = planned(matrix, index);
    if (!planFor) return matrix;
    last = yield* within(curvatureOf(matrix, context, damping, byActivity, last), 0, 0.4);
    const sheet = sheetOf(matrix, last);
    const plan = planFor(sheet);
    yield* within(settleColumns(sheet, plan), 0.4, 1);
    return plan.made(valuesOf(matrix, sheet));
  });
}

/** About how long a matrix takes: solving, passing on, and what is done with each weight. */
function cost({ rows, columns }: Matrix): number {
  return columns ** 3 / 3 + (rows * columns ** 2) / 2 + 50 * rows * columns;
}

/** A matrix whose weights changed as they had to: they lie on no grid any more, but a pattern of zeros holds on. */
export function rewritten(matrix: Matrix, values: Float32Array, pattern = matrix.storage.pattern): Matrix {
  const bits = fileBits(matrix.site.dtype);
  return withValues(matrix, values, { bits, overheadBits: 0, ...(pattern && { pattern }) });
}
