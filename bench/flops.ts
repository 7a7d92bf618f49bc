import type { ModelInput } from '../src/lab/family/model-input.ts';
import type { Site } from '../src/lab/model/site.ts';

/** Floating-point operations of the matrix products for one text; a multiplication and an addition are two. */
export interface Flops {
  /** By the model's own graph: every layer for every token, logits at every place. */
  written: number;
  /** The fewest that give the same answers where texts share nothing: see {@link flopsOf}. */
  needed: number;
}

/**
 * Counts from shapes. With T tokens in a stack (of a decoder behind an encoder, its own), S tokens that its
 * cross-attention looks at, and P places where predictions are read:
 *
 * - a layer of shape [outputs, inputs] costs 2 · outputs · inputs for each token that goes through it: keys and values of
 *   cross-attention take S, all other layers T;
 * - an attention step of heads · width = w (the inputs of its output layer) costs 2 · queries · keys · w for the scores
 *   and as much for the weighted sum: 4 · T · T · w, and 4 · T · S · w across. Masked places count, as they are computed.
 *
 * `needed` is the same, but in the last block of the stack that makes the logits everything behind its keys and values,
 * and the head, goes through P places instead of T. What an engine saves beyond that, by sharing work between texts, makes it
 * faster than its operations here say. Element-wise work (norms, activations, softmax) is not counted.
 */
export function flopsOf(
  sites: readonly Site[],
  { ids, target, picks }: Pick<ModelInput, 'ids' | 'target' | 'picks'>,
): Flops {
  const head = sites.find(({ kind }) => kind === 'decoder');
  if (!head) throw new Error('The model has no layer that makes its logits.');
  const answering = head.stack;
  const places = new Set(picks.map(({ at }) => at)).size;
  const last = Math.max(
    -1,
    ...sites.flatMap(({ stack, layer }) => (stack === answering && layer !== null ? [layer] : [])),
  );
  const tokensOf = ({ stack }: Site) => (stack === 'decoder' && target ? target.length : ids.length);
  const flops: Flops = { written: 0, needed: 0 };
  for (const site of sites) {
    const [rows, columns] = site.shape;
    const isKeyOrValue = ['key', 'value', 'query-key-value'].includes(site.kind);
    const tokens = site.cross && isKeyOrValue ? ids.length : tokensOf(site);
    const isLate = site.role === 'head' || (site.stack === answering && site.layer === last && !isKeyOrValue);
    const through = isLate ? places : tokens;
    flops.written += 2 * rows * columns * tokens;
    flops.needed += 2 * rows * columns * through;
    if (site.kind !== 'attention-output') continue;
    const keys = site.cross ? ids.length : tokens;
    flops.written += 4 * tokens * keys * columns;
    flops.needed += 4 * through * keys * columns;
  }
  return flops;
}

/** The sum over several texts. */
export function flopsOfAll(sites: readonly Site[], rows: readonly ModelInput[]): Flops {
  const all: Flops = { written: 0, needed: 0 };
  for (const row of rows) {
    const { written, needed } = flopsOf(sites, row);
    all.written += written;
    all.needed += needed;
  }
  return all;
}
