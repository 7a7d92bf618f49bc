import { z } from 'zod';
import type { SiteWeights } from '../model/site.ts';
import { countCodes } from './codes.ts';
import { fileBits, type Matrix } from './method.ts';
import { bitsOf } from './shared/finite.ts';

export { fileBits };

/** A number of things: whole, from 0, and exact as a float. */
const count = z.int().nonnegative();

/**
 * Bytes of the same weights in several layouts, each rounded up to whole bytes per site. `bits` is the width of a
 * stored value, one more where zeros came after a rounding that has none among its levels and have to be marked;
 * `overhead` the bits of scales, zero points, indices and outliers. The two factors of a correction are added to every
 * layout: (rows + columns) · rank · the file's bits.
 */
const bytesSchema = z.object({
  /** As it came: parameters · the file's bits (16 for float16 and bfloat16, else 32). */
  dense: count,
  /** Every value, zeros too: parameters · bits + overhead. Equals `dense` where nothing was quantized. */
  quantized: count,
  /** One bit per weight that marks the nonzero ones: parameters + nonzeros · bits + overhead. */
  bitmap: count,
  /** Compressed sparse rows: nonzeros · (bits + ceil(log2(columns))) + 32 · (rows + 1) + overhead. */
  csr: count,
  /**
   * N:M packed, n slots per group of m: parameters · n / m · (bits + ceil(log2(m))) + overhead; null where no N:M
   * step was taken or its pattern does not hold any more.
   */
  nm: count.nullable(),
  /**
   * Without the rows and columns that are zero throughout, which a bit each marks: rows left · columns left · bits +
   * rows + columns + overhead; null where there are none. Versions before it did not store this layout, nor the next two.
   */
  compact: count.nullable().default(null),
  /** As two factors: (rows + columns) · rank · the file's bits; null where the matrix is no product of two. */
  factors: count.nullable().default(null),
  /**
   * What no code for single values goes below, whatever their order: values · the entropy of their codes + overhead;
   * of values that were not rounded only the zeros are coded: parameters · H(share of zeros) + nonzeros · bits +
   * overhead. Patterns, whole rows and factors can go below it, as they are no single values. Null in results of
   * versions that did not count it.
   */
  entropy: count.nullable().default(null),
  /**
   * The smallest that holds the compressed weights: any but `dense`, as float16 cannot hold rounded ones exactly, and
   * `entropy`, which is a bound.
   */
  smallest: count,
});
export type Bytes = z.infer<typeof bytesSchema>;

/** What a set of weights has become. Plain JSON: no NaN, no infinity. */
export const sizeSchema = z.object({
  parameters: count,
  /** Weights that are exactly 0 now, including those that were before. */
  zeros: count,
  /** zeros / parameters. */
  sparsity: z.number().min(0).max(1),
  /**
   * Bits of the dense layout (`quantized`) per weight, scales and zero points included; zeros count in full. Of a
   * product of two factors, the bits of these, where they are fewer. The factors of a correction add at most 64 bits to
   * the 32 of a float: no honest number comes near the bound.
   */
  bitsPerWeight: z.number().min(0).max(256),
  /** Signal to noise, 10 · log10(Σ w² / Σ (w - w')²), in dB; null where no weight changed. */
  snrDb: z.number().nullable(),
  /** Mean of (w - w')². */
  mse: z.number().nonnegative(),
  bytes: bytesSchema,
});
export type Size = z.infer<typeof sizeSchema>;

const siteSizeSchema = sizeSchema.extend({ name: z.string().max(200) });
export type SiteSize = z.infer<typeof siteSizeSchema>;

/** What a recipe made of a model, in numbers. */
export const reportSchema = z.object({
  /** The sites that a step touched, in the model's order. */
  sites: z.array(siteSizeSchema).max(10_000),
  /**
   * These sites together, null where there are none. Bytes are sums; where a site cannot have a layout (`nm` without a
   * pattern) it counts as `quantized`, and in `smallest` each site has the layout that suits it.
   */
  touched: sizeSchema.nullable(),
  /**
   * All sites. In every layout the untouched ones stay dense and `otherBytes` is added: the size of the whole model.
   */
  total: sizeSchema,
  /**
   * Bytes of parameters that are no site, as given, plus the copy that compressing a tied matrix makes necessary:
   * its other reader (the word embedding) keeps the old one. `total.bytes.dense`, the model as it came, is without it.
   */
  otherBytes: count,
});
export type Report = z.infer<typeof reportSchema>;

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
    } else tally.bytes = bytesOf(tally.bytes.dense);
    add(all, tally);
  }
  const total = sizeOf(all);
  const rest = otherBytes + untied;
  const { dense } = total.bytes;
  total.bytes = { ...sumOf(total.bytes, bytesOf(rest)), dense: dense + otherBytes };
  return { sites, touched: sites.length > 0 ? sizeOf(changed) : null, total, otherBytes: rest };
}

/** A site's weights at the start of a recipe. */
export function startMatrix({ site, values }: SiteWeights): Matrix {
  const [rows, columns] = site.shape;
  return { site, rows, columns, values, storage: { bits: fileBits(site.dtype), overheadBits: 0 } };
}

function tallyOf(before: Float32Array, matrix: Matrix): Tally {
  const { zeros, signal, noise } = matrix.values === before ? unchangedSums(before) : sums(before, matrix.values);
  return { parameters: before.length, zeros, signal, noise, ...layoutsOf(matrix, zeros) };
}

type Sums = Pick<Tally, 'zeros' | 'signal' | 'noise'>;

function sums(before: Float32Array, after: Float32Array): Sums {
  const bits = bitsOf(after);
  let zeros = 0;
  let signal = 0;
  let noise = 0;
  // Two sums of each kind, so that one addition need not wait for the other.
  let oddSignal = 0;
  let oddNoise = 0;
  const pairs = before.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    const value = before[i];
    const odd = before[i + 1];
    const error = value - after[i];
    const oddError = odd - after[i + 1];
    signal += value * value;
    oddSignal += odd * odd;
    noise += error * error;
    oddNoise += oddError * oddError;
    // 1 for a magnitude of 0 only, without a branch: at half sparsity it would cost more than all else here.
    zeros += (((bits[i] & 0x7fffffff) - 1) >>> 31) + (((bits[i + 1] & 0x7fffffff) - 1) >>> 31);
  }
  if (pairs < before.length) {
    const value = before[pairs];
    signal += value * value;
    noise += (value - after[pairs]) ** 2;
    zeros += zerosIn(after, pairs, before.length);
  }
  return { zeros, signal: signal + oddSignal, noise: noise + oddNoise };
}

const known = new WeakMap<Float32Array, Sums>();

/** The sums of weights that stay as they came: the same at every stop of a slider, so they are computed once. */
function unchangedSums(values: Float32Array): Sums {
  const found = known.get(values) ?? sums(values, values);
  known.set(values, found);
  return found;
}

/** The same bytes in every layout that any weights can have. */
function bytesOf(dense: number): Bytes {
  const bytes = { dense, quantized: dense, bitmap: dense, csr: dense, entropy: dense, smallest: dense };
  return { ...bytes, nm: null, compact: null, factors: null };
}

/** @param zeros in the matrix's values, with what a correction adds to them */
function layoutsOf(matrix: Matrix, zeros: number): Pick<Tally, 'storedBits' | 'bytes'> {
  const { rows, columns, storage } = matrix;
  const { pattern, rank, correction, grid } = storage;
  const stored = correction?.base ?? matrix.values;
  const parameters = stored.length;
  const nonzeros = parameters - (correction ? zerosIn(stored, 0, parameters) : zeros);
  const factorBits = (rank: number) => (rows + columns) * rank * fileBits(matrix.site.dtype);
  const overhead = storage.overheadBits + (correction ? factorBits(correction.rank) : 0);
  const coded = grid && countCodes(matrix, nonzeros < parameters);
  const bits = storage.bits + (coded && coded.strayZeros > 0 ? 1 : 0);
  const parts = keptParts(stored, rows, columns, parameters - nonzeros);
  const packed = pattern && holds(stored, pattern.n, pattern.m) ? pattern : null;

  const quantizedBits = parameters * bits + overhead;
  const whole = (count: number) => Math.ceil(count / 8);
  const quantized = whole(quantizedBits);
  const bitmap = whole(parameters + nonzeros * storage.bits + overhead);
  const csr = whole(nonzeros * (storage.bits + Math.ceil(Math.log2(columns))) + 32 * (rows + 1) + overhead);
  const nm = packed && whole((parameters / packed.m) * packed.n * (bits + Math.ceil(Math.log2(packed.m))) + overhead);
  const compact = parts && whole(parts.rows * parts.columns * bits + rows + columns + overhead);
  const factors = rank === undefined ? null : whole(factorBits(rank));
  const informationBits = coded
    ? informationOf([...coded.counts, coded.strayZeros]) + (grid.keptColumns?.length ?? 0) * rows * storage.bits
    : informationOf([nonzeros, parameters - nonzeros]) + nonzeros * storage.bits;
  const smallest = Math.min(quantized, ...[bitmap, csr, nm, compact, factors].filter((bytes) => bytes !== null));
  return {
    storedBits: rank === undefined ? quantizedBits : Math.min(quantizedBits, factorBits(rank)),
    bytes: {
      dense: whole(parameters * fileBits(matrix.site.dtype)),
      quantized,
      bitmap,
      csr,
      nm,
      compact,
      factors,
      entropy: whole(informationBits + overhead),
      smallest,
    },
  };
}

/** Bits that say which of several symbols each of some values is, from how often each occurs: values · entropy. */
function informationOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count) => (count === 0 ? sum : sum + count * Math.log2(total / count)), 0);
}

function zerosIn(values: Float32Array, start: number, end: number): number {
  const bits = bitsOf(values);
  let zeros = 0;
  for (let i = start; i < end; i++) zeros += ((bits[i] & 0x7fffffff) - 1) >>> 31;
  return zeros;
}

/** How many rows and columns are not zero throughout; null where that is all of them. */
function keptParts(
  values: Float32Array,
  rows: number,
  columns: number,
  zeros: number,
): { rows: number; columns: number } | null {
  if (zeros < Math.min(rows, columns)) return null;
  let keptRows = 0;
  /** Columns that are zero in all rows so far. Where weights went here and there, few rows suffice to rule them out. */
  const empty = Uint32Array.from({ length: columns }, (_, column) => column);
  let left = columns;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let column = 0;
    while (column < columns && values[start + column] === 0) column++;
    if (column === columns) continue;
    keptRows++;
    let still = 0;
    for (let i = 0; i < left; i++) if (values[start + empty[i]] === 0) empty[still++] = empty[i];
    left = still;
  }
  return keptRows === rows && left === 0 ? null : { rows: keptRows, columns: columns - left };
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
  return { parameters: 0, zeros: 0, storedBits: 0, signal: 0, noise: 0, bytes: bytesOf(0) };
}

function add(sum: Tally, tally: Tally): void {
  sum.bytes = sumOf(sum.bytes, tally.bytes);
  sum.parameters += tally.parameters;
  sum.zeros += tally.zeros;
  sum.storedBits += tally.storedBits;
  sum.signal += tally.signal;
  sum.noise += tally.noise;
}

/** What some weights cannot have counts as dense, on either side; where none can have it, it stays out. */
function sumOf(a: Bytes, b: Bytes): Bytes {
  const sum = (layout: 'nm' | 'compact' | 'factors' | 'entropy') =>
    a[layout] === null && b[layout] === null ? null : (a[layout] ?? a.quantized) + (b[layout] ?? b.quantized);
  return {
    dense: a.dense + b.dense,
    quantized: a.quantized + b.quantized,
    bitmap: a.bitmap + b.bitmap,
    csr: a.csr + b.csr,
    nm: sum('nm'),
    compact: sum('compact'),
    factors: sum('factors'),
    entropy: sum('entropy'),
    smallest: a.smallest + b.smallest,
  };
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
