import type { z } from 'zod';
import type { Site } from '../model/site.ts';

/** How a matrix would be stored: what size.ts counts bytes from. */
export interface Storage {
  /** Bits of one stored value: 32 or 16 before quantization, the code's width after it. */
  bits: number;
  /** Bits for scales and zero points of the whole matrix. */
  overheadBits: number;
  /** Set by a method that leaves a regular pattern (n of every m stay), so that packed storage can be counted. */
  pattern?: { n: number; m: number };
}

/** One matrix on its way through a recipe: row-major [rows, columns] = [outputs, inputs]. Never changed in place. */
export interface Matrix {
  site: Site;
  rows: number;
  columns: number;
  values: Float32Array;
  storage: Storage;
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
  unit: 'share' | 'bits';
  /** The levels that a sweep visits, mildest compression first; the uncompressed model is not among them. */
  levels: readonly Level[];
}

/** One step in plain words: "50 % of the weights removed" and, for the brackets behind it, "magnitude". */
export interface Description {
  effect: string;
  how: string;
}

/** What a method may use beside the weights. */
export interface Context {
  /**
   * Per site, the L2 norm of each input feature over the calibration tokens, [columns], measured on the uncompressed
   * model. Filled for recipes with a method that needs activations.
   */
  inputNorms: ReadonlyMap<string, Float32Array>;
}

/** For recipes that need nothing but the weights. */
export const noContext: Context = { inputNorms: new Map() };

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
  kind: 'prune' | 'quantize';
  /** What it does, what it costs, when to use another one: two or three sentences. */
  help: string;
  citation: { text: string; url: string };
  needs: 'nothing' | 'activations';
  /** Strict schema with defaults; each parameter carries `.meta({ title, description })`. */
  params: z.ZodType<Params>;
  axis: Axis;
  /** What given parameters do, in words: what describeRecipe puts together. */
  describe(params: Params): Description;
  apply(matrices: readonly Matrix[], params: Params, context: Context): Matrix[];
}
