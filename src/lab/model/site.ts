import type { FamilyId, Stack } from '../family/family.ts';

export type { FamilyId, Stack } from '../family/family.ts';

/** What a linear layer does in its block. `unclassified` is listed to the user and left alone. */
export type SiteKind =
  | 'query'
  | 'key'
  | 'value'
  | 'query-key-value'
  | 'attention-output'
  | 'gate'
  | 'intermediate'
  | 'output'
  | 'transform'
  | 'decoder'
  | 'unclassified';

export type SiteRole = 'attention' | 'feed-forward' | 'head' | 'other';

/** One weight matrix that a compression method may touch, found from the graph. */
export interface Site {
  /** Canonical name, e.g. `encoder.3.attention.query`, `head.decoder`. Unique in a model. */
  name: string;
  kind: SiteKind;
  role: SiteRole;
  /** The model's family: what a scope covers depends on it. */
  family: FamilyId;
  stack: Stack;
  /** True for attention from the decoder to what the encoder made. */
  cross: boolean;
  /** Block number from 0, or null outside the blocks. */
  layer: number | null;
  /** Logical shape, as torch.nn.Linear has it: [outputs, inputs]. */
  shape: readonly [rows: number, columns: number];
  /** The initializer that holds the weights, and the output of the node that multiplies by them: names are optional. */
  initializer: string;
  node: string;
  /** Index of the constant among the node's inputs. */
  input: number;
  /** True where the file stores [inputs, outputs] (a MatMul's right operand). */
  transposed: boolean;
  /** Data type in the file, e.g. `float16`. */
  dtype: string;
  /** True where the same initializer also feeds something else (a decoder tied to the word embedding). */
  tied: boolean;
  /** Why it could not be classified. */
  reason?: string;
}

/** A site's weights, dense: row-major [rows, columns] in logical orientation. */
export interface SiteWeights {
  site: Site;
  values: Float32Array;
}
