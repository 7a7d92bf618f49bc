import type { z } from 'zod';
import { LabError } from '../errors.ts';
import type { Site } from '../model/site.ts';
import type { GroupId } from './groups.ts';

/**
 * How values became codes, so that exports can write the codes and sizes can count them. Scales are for runs of
 * `group` consecutive values in row-major order (a row, a part of one, or a whole matrix); a last run may be shorter.
 */
export type CodeGrid = {
  /** Consecutive values that share a scale. */
  group: number;
  /** One a run, float32, as the values were made with them. */
  scales: Float32Array;
  /** Width of a code. */
  bits: number;
  /** Per input [columns]: the matrix was multiplied by these before it was rounded, and divided by them after it. */
  columnScales?: Float32Array;
  /** Inputs that were left as they came (LLM.int8's outliers), rising. */
  keptColumns?: Uint32Array;
} & (
  | {
      kind: 'uniform';
      /** Zero points, one a run; codes are 0 to 2^bits - 1. Null: symmetric, signed codes, zero point 0. */
      zeros: Float32Array | null;
    }
  | {
      kind: 'table';
      /** What the codes stand for before the scale, rising; code i is the i-th. */
      levels: Float32Array;
    }
);

/** How a matrix would be stored: what size.ts counts bytes from. */
export interface WeightStorage {
  /** Bits of one stored value: 32 or 16 before quantization, the code's width after it. */
  bits: number;
  /** Bits for scales, zero points, indices and outliers of the whole matrix. */
  overheadBits: number;
  /** Set by a method that leaves a regular pattern (n of every m stay), so that packed storage can be counted. */
  pattern?: { n: number; m: number };
  /** Set by quantizers: how the codes are got from the values. */
  grid?: CodeGrid;
  /** Set where the matrix is the product of two of this inner size: [rows, rank] · [rank, columns]. */
  rank?: number;
  /** Set where two factors of this rank were added to what is stored: `base` is the matrix without them. */
  correction?: { rank: number; base: Float32Array };
}

/** What a runtime does to a matrix's input before it multiplies; simulated in the graph (engine/quantize.ts). */
export type ActivationQuantizer =
  /** As torch's dynamic int8: one scale and zero point for each text, codes from 0 to `top`. */
  | { kind: 'text-affine'; top: 127 | 255 }
  /** One symmetric scale for each token, max |x| / (2^(bits-1) - 1), over the inputs that are not outliers. */
  | { kind: 'token'; bits: number; columnScales?: Float32Array; keptColumns?: Uint32Array };

/** One matrix on its way through a recipe: row-major [rows, columns] = [outputs, inputs]. Never changed in place. */
export interface Matrix {
  site: Site;
  rows: number;
  columns: number;
  values: Float32Array;
  storage: WeightStorage;
  /** Set by methods that quantize activations too. */
  activations?: ActivationQuantizer;
}

/** One stop of a slider, one point of a curve. */
export interface Level {
  /** How it is written, e.g. "50 %", "4 bits", "2 of 4". */
  label: string;
  /** Where it lies on the axis, e.g. 0.5, 4. */
  value: number;
  /** The parameters that it sets, e.g. { sparsity: 0.5 } or { n: 2, m: 4 }. */
  params: Readonly<Record<string, number | string>>;
}

/** What a slider moves and a curve runs over. */
export interface Axis {
  /** Plain words, e.g. "Weights removed". */
  label: string;
  /** What its values are: shares rise from mild to strong, bits and ranks fall. */
  unit: 'share' | 'bits' | 'rank';
  /** The levels that a sweep visits, mildest compression first; the uncompressed model is not among them. */
  levels: readonly Level[];
}

/** One step in plain words: "50 % of the weights removed" and, for the brackets behind it, "magnitude". */
export interface Description {
  effect: string;
  how: string;
}

/** How much of the activations a method looks at; each includes the one before. */
export type ActivationNeed = 'nothing' | 'norms' | 'gram';

/** On which texts activations are measured. */
export interface Calibration {
  /** Texts of the suite, or as many of words drawn at random. */
  text: 'suite' | 'random';
  prompts: number;
  /** 0 takes the first texts of the suite; others draw. */
  seed: number;
}

/** What entered a matrix, over all tokens of the calibration texts, measured on the uncompressed model. */
export interface SiteActivations {
  tokens: number;
  /** Per input [columns]: Σ x, Σ |x|, Σ x², max |x|. */
  sum: Float64Array;
  absSum: Float64Array;
  energy: Float64Array;
  absMax: Float32Array;
  /** Σ x xᵀ [columns, columns], symmetric; null where only norms were asked for. */
  gram: Float64Array | null;
}

/** What a method may use beside the weights. */
export interface Context {
  /** By site name; filled for steps whose method needs activations. Use `activationsOf`. */
  activations: ReadonlyMap<string, SiteActivations>;
  /** The uncompressed weights, by site name. */
  original: ReadonlyMap<string, Float32Array>;
  /** The model's attention heads, 0 where unknown. Keys and values may have fewer (grouped-query attention). */
  heads: number;
  keyValueHeads: number;
}

/** For recipes that need nothing but the weights. */
export const noContext: Context = { activations: new Map(), original: new Map(), heads: 0, keyValueHeads: 0 };

/** What was measured at a matrix. @throws LabError `internal` where nothing was */
export function activationsOf(matrix: Matrix, context: Context): SiteActivations {
  const found = context.activations.get(matrix.site.name);
  if (found) return found;
  throw new LabError('internal', `Nothing was measured at ${matrix.site.name}.`);
}

/**
 * Work in pieces: yields the share that is done after each, so that a caller can show it, yieldNow, and stop.
 * Returns one matrix for each that was given, in that order.
 */
export type ChunkedWork = Generator<number, Matrix[], void>;

/** The work of a method that treats each matrix by itself. */
export function* eachMatrix(
  matrices: readonly Matrix[],
  change: (matrix: Matrix, index: number) => Matrix,
): ChunkedWork {
  const done: Matrix[] = [];
  for (const matrix of matrices) {
    done.push(change(matrix, done.length));
    yield done.length / matrices.length;
  }
  return done;
}

/** The work of a method that looks at all matrices at once, too fast for pieces. */
export function* together(change: () => Matrix[]): ChunkedWork {
  const done = change();
  yield 1;
  return done;
}

/** Runs through work in pieces without a stop. */
export function finish<Result>(work: Generator<number, Result, void>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** A matrix with other values: what was said of codes, patterns and factors does not hold any more. */
export function withValues(matrix: Matrix, values: Float32Array, storage: Partial<WeightStorage> = {}): Matrix {
  const { bits, overheadBits } = matrix.storage;
  return { ...matrix, values, storage: { bits, overheadBits, ...storage } };
}

/** The width of a weight in its file, by its data type: what it takes before any quantization. */
export function fileBits(dtype: string): number {
  return dtype === 'float16' || dtype === 'bfloat16' ? 16 : 32;
}

/**
 * A matrix of which some values became zero: its codes hold on (zero is one of them), its factors do not. Of what was a
 * sum of codes and factors, nothing is coded any more: the file's width is stored again.
 */
export function pruned(matrix: Matrix, values: Float32Array, pattern?: WeightStorage['pattern']): Matrix {
  const { rank, correction, ...kept } = matrix.storage;
  const storage = correction ? { bits: fileBits(matrix.site.dtype), overheadBits: 0 } : kept;
  return { ...matrix, values, storage: { ...storage, ...(pattern && { pattern }) } };
}

/** A matrix whose values now lie on a grid; an N:M pattern stays where zeros stay. */
export function quantized(matrix: Matrix, values: Float32Array, grid: CodeGrid, overheadBits: number): Matrix {
  const { pattern } = matrix.storage;
  const { activations, ...rest } = matrix;
  return { ...rest, values, storage: { bits: grid.bits, overheadBits, grid, ...(pattern && { pattern }) } };
}

/** A matrix without its values. */
export type Shape = Pick<Matrix, 'site' | 'rows' | 'columns'>;

/**
 * What a step comes to where it is done on a GPU: the same numbers as {@link Method.apply} gives. Matrices are named: by
 * their sites where a method says it, by their paths in the graph where the engine is told.
 */
export type DeviceStep =
  /** The `count` smallest magnitudes of each set go, all its matrices together; of equal ones the first (removeSmallest). */
  | { kind: 'remove-smallest'; sets: readonly { matrices: readonly string[]; count: number }[] }
  /** Of every m inputs of an output row the n largest magnitudes stay; of equal ones the first (copyLargest). */
  | { kind: 'keep-largest'; matrices: readonly string[]; n: number; m: number }
  /** Rounding to the even grid that minimum and maximum of each run give (roundRuns). */
  | {
      kind: 'round';
      runs: readonly { matrix: string; group: number }[];
      bits: number;
      scheme: 'symmetric' | 'asymmetric';
    };

/** Why a step does not fit a model: at which of its fields, and what is wrong, in words. */
export interface Misfit {
  /** A parameter's name, or `scope`. */
  field: string;
  message: string;
}

/**
 * A compression method: one file each, all of this shape (README.md in this folder is the contract).
 * `apply` is a pure function of its inputs: it returns new matrices and leaves those it was given alone.
 */
export interface Method<Params = Record<string, unknown>> {
  /** Stands in recipes, links, cache keys and on the command line: never renamed. */
  id: string;
  /** Plain words first. */
  label: string;
  /** The field's term. */
  term: string;
  kind: 'prune' | 'quantize' | 'low-rank';
  /** Under which heading people find it. */
  group: GroupId;
  /** What it does, what it costs, when to use another one: two or three sentences. */
  help: string;
  citation: { text: string; url: string };
  /** What is measured before it can run. */
  needs(params: Params): ActivationNeed;
  /** Strict schema with defaults; each parameter carries `.meta({ title, description })`. */
  params: z.ZodType<Params>;
  axis: Axis;
  /** Set where removed weights come back: its values are dense, or zero is none of its levels. */
  losesZeros?: true;
  /** Set where it makes good for earlier steps, so that alone it leaves a model as it came. */
  corrects?: true;
  /**
   * Why `apply` would refuse a model with these sites with `bad-recipe`, so that it is said before anything runs. Only for
   * methods with other conditions than that groups of inputs fill the rows, which fit.ts knows of by itself.
   */
  fits?(sites: readonly Site[], params: Params, model: Pick<Context, 'heads' | 'keyValueHeads'>): Misfit | null;
  /** What given parameters do, in words: what describeRecipe puts together. */
  describe(params: Params): Description;
  apply(matrices: readonly Matrix[], params: Params, context: Context): ChunkedWork;
  /** What `apply` comes to on a GPU; null, or left out, where it cannot be done there. Throws what `apply` throws. */
  device?(matrices: readonly Shape[], params: Params): DeviceStep | null;
}
