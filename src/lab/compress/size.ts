import type { SiteWeights } from '../model/site.ts';
import { bitsOf } from './finite.ts';
import type { Matrix } from './method.ts';

/**
 * Bytes of the same weights in several layouts, each rounded up to whole bytes per site. `bits` is the width of a
 * stored value, `overhead` the bits of scales (16 each) and zero points (`bits` each).
 */
export interface Bytes {
  /** As it came: parameters · the file's bits (16 for float16 and bfloat16, else 32). */
  dense: number;
  /** Every value, zeros too: parameters · bits + overhead. Equals `dense` where nothing was quantized. */
  quantized: number;
  /** One bit per weight that marks the nonzero ones: parameters + nonzeros · bits + overhead. */
  bitmap: number;
  /** Compressed sparse rows: nonzeros · (bits + ceil(log2(columns))) + 32 · (rows + 1) + overhead. */
  csr: number;
  /**
   * N:M packed, n slots per group of m: parameters · n / m · (bits + ceil(log2(m))) + overhead; null where no N:M
   * step was taken or its pattern does not hold any more.
   */
  nm: number | null;
  /** The smallest that holds the compressed weights: any but `dense`, as float16 cannot hold rounded ones exactly. */
  smallest: number;
}

/** What a set of weights has become. Plain JSON: no NaN, no infinity. */
export interface Size {
  parameters: number;
  /** Weights that are exactly 0 now, including those that were before. */
  zeros: number;
  /** zeros / parameters. */
  sparsity: number;
  /** Bits of the dense layout (`quantized`) per weight, scales and zero points included; zeros count in full. */
  bitsPerWeight: number;
  /** Signal to noise, 10 · log10(Σ w² / Σ (w - w')²), in dB; null where no weight changed. */
  snrDb: number | null;
  /** Mean of (w - w')². */
  mse: number;
  bytes: Bytes;
}

export interface SiteSize extends Size {
  name: string;
}

export interface Report {
  /** The sites that a step touched, in the model's order. */
  sites: SiteSize[];
  /**
   * These sites together, null where there are none. Bytes are sums; in `nm` a site without a pattern counts as
   * `quantized`, and in `smallest` each site has the layout that suits it.
   */
  touched: Size | null;
  /**
   * All sites. In every layout the untouched ones stay dense and `otherBytes` is added: the size of the whole model.
   */
  total: Size;
  /**
   * Bytes of parameters that are no site, as given, plus the copy that compressing a tied matrix makes necessary:
   * its other reader (the word embedding) keeps the old one. `total.bytes.dense`, the model as it came, is without it.
   */
  otherBytes: number;
}

/** The width of a weight in its file, by its data type: what it takes before any quantization. */
export function fileBits(dtype: string): number {
  return dtype === 'float16' || dtype === 'bfloat16' ? 16 : 32;
}

/** Sums that Size is computed from, so that totals are exact and not means of means. */
interface Tally {
  parameters: number;
  zeros: number;
  storedBits: number;
  signal: number;
  noise: number;
  bytes: Bytes;
}

/**
 * Compares weights with what a recipe made of them.
 *
 * @param weights all sites, as they came; what is summed over untouched ones is kept as long as their arrays live
 * @param touched what each touched site has become, by its name
 * @param otherBytes bytes of the model's parameters that are no site (embeddings, norms, biases); a matrix that a site
 *   shares with the embedding counts as the site's and not here
 */
export function measure(
  weights: readonly SiteWeights[],
  touched: ReadonlyMap<string, Matrix>,
  otherBytes: number,
): Report {
  const sites: SiteSize[] = [];
  const changed = emptyTally();
  const all = emptyTally();
  let untied = 0;
  for (const { site, values } of weights) {
    const matrix = touched.get(site.name);
    const tally = tallyOf(values, matrix ?? startMatrix({ site, values }));
    if (matrix) {
      sites.push({ name: site.name, ...sizeOf(tally) });
      add(changed, tally);
      if (site.tied && matrix.values !== values) untied += tally.bytes.dense;
    } else {
      const { dense } = tally.bytes;
      tally.bytes = { dense, quantized: dense, bitmap: dense, csr: dense, nm: null, smallest: dense };
    }
    add(all, tally);
  }
  const total = sizeOf(all);
  const { dense, quantized, bitmap, csr, nm, smallest } = total.bytes;
  const rest = otherBytes + untied;
  total.bytes = {
    dense: dense + otherBytes,
    quantized: quantized + rest,
    bitmap: bitmap + rest,
    csr: csr + rest,
    nm: nm === null ? null : nm + rest,
    smallest: smallest + rest,
  };
  return { sites, touched: sites.length > 0 ? sizeOf(changed) : null, total, otherBytes: rest };
}

/** A site's weights at the start of a recipe. */
export function startMatrix({ site, values }: SiteWeights): Matrix {
  const [rows, columns] = site.shape;
  return { site, rows, columns, values, storage: { bits: fileBits(site.dtype), overheadBits: 0 } };
}

function tallyOf(before: Float32Array, matrix: Matrix): Tally {
  const { bits, overheadBits } = matrix.storage;
  const { zeros, signal, noise } = matrix.values === before ? unchangedSums(before) : sums(before, matrix.values);
  const parameters = before.length;
  const storedBits = parameters * bits + overheadBits;
  return { parameters, zeros, storedBits, signal, noise, bytes: bytesOf(matrix, parameters - zeros) };
}

type Sums = Pick<Tally, 'zeros' | 'signal' | 'noise'>;

function sums(before: Float32Array, after: Float32Array): Sums {
  const bits = bitsOf(after);
  let zeros = 0;
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < before.length; i++) {
    const value = before[i];
    const error = value - after[i];
    signal += value * value;
    noise += error * error;
    // 1 for a magnitude of 0 only, without a branch: at half sparsity it would cost more than all else here.
    zeros += ((bits[i] & 0x7fffffff) - 1) >>> 31;
  }
  return { zeros, signal, noise };
}

const known = new WeakMap<Float32Array, Sums>();

/** The sums of weights that stay as they came: the same at every stop of a slider, so they are computed once. */
function unchangedSums(values: Float32Array): Sums {
  const found = known.get(values) ?? sums(values, values);
  known.set(values, found);
  return found;
}

function bytesOf(matrix: Matrix, nonzeros: number): Bytes {
  const { bits, overheadBits, pattern } = matrix.storage;
  const parameters = matrix.values.length;
  const whole = (count: number) => Math.ceil(count / 8);
  const indexBits = Math.ceil(Math.log2(matrix.columns));
  const dense = whole(parameters * fileBits(matrix.site.dtype));
  const quantized = whole(parameters * bits + overheadBits);
  const bitmap = whole(parameters + nonzeros * bits + overheadBits);
  const csr = whole(nonzeros * (bits + indexBits) + 32 * (matrix.rows + 1) + overheadBits);
  const packed =
    pattern && holds(matrix.values, pattern.n, pattern.m)
      ? whole((parameters / pattern.m) * pattern.n * (bits + Math.ceil(Math.log2(pattern.m))) + overheadBits)
      : null;
  const smallest = Math.min(quantized, bitmap, csr, packed ?? quantized);
  return { dense, quantized, bitmap, csr, nm: packed, smallest };
}

/** Whether no group of m has more than n nonzeros: a later step could have changed that. */
function holds(values: Float32Array, n: number, m: number): boolean {
  const bits = bitsOf(values);
  for (let start = 0; start < bits.length; start += m) {
    let zeros = 0;
    for (let i = start; i < start + m; i++) zeros += ((bits[i] & 0x7fffffff) - 1) >>> 31;
    if (m - zeros > n) return false;
  }
  return true;
}

function emptyTally(): Tally {
  const bytes = { dense: 0, quantized: 0, bitmap: 0, csr: 0, nm: null, smallest: 0 };
  return { parameters: 0, zeros: 0, storedBits: 0, signal: 0, noise: 0, bytes };
}

function add(sum: Tally, tally: Tally): void {
  const [a, b] = [sum.bytes, tally.bytes];
  // Until the first pattern turns up, what is packed counts as dense, on either side.
  const packed = a.nm === null && b.nm === null ? null : (a.nm ?? a.quantized) + (b.nm ?? b.quantized);
  sum.bytes = {
    dense: a.dense + b.dense,
    quantized: a.quantized + b.quantized,
    bitmap: a.bitmap + b.bitmap,
    csr: a.csr + b.csr,
    nm: packed,
    smallest: a.smallest + b.smallest,
  };
  sum.parameters += tally.parameters;
  sum.zeros += tally.zeros;
  sum.storedBits += tally.storedBits;
  sum.signal += tally.signal;
  sum.noise += tally.noise;
}

function sizeOf({ parameters, zeros, storedBits, signal, noise, bytes }: Tally): Size {
  const perWeight = (sum: number) => (parameters === 0 ? 0 : sum / parameters);
  return {
    parameters,
    zeros,
    sparsity: perWeight(zeros),
    bitsPerWeight: perWeight(storedBits),
    // Without a signal there is nothing that could have changed, up to squares that underflow.
    snrDb: noise === 0 || signal === 0 ? null : 10 * Math.log10(signal / noise),
    mse: perWeight(noise),
    bytes,
  };
}
