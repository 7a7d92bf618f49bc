import { bitsOf, checkFinite, firstNonFinite, notFinite } from './finite.ts';
import { type Matrix, pruned } from './method.ts';

const highBins = 1 << 15;
const lowBins = 1 << 16;

/**
 * Rounds to the nearest integer and a half to the even one, as Python's round() and torch.round do:
 * how many weights a share means is defined by it (reference.py; paper section 2.1).
 */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Where the k smallest keys end: all below `key` go, and the first `ties` of those equal to it. */
export interface Cut {
  key: number;
  ties: number;
}

/**
 * Finds the cut by two histograms over the bit patterns of |w|: 15 high bits, then 16 low bits within one bin.
 * Exact and O(N) without a sort, whatever the distribution.
 *
 * @param count 0 up to the number of weights
 * @throws LabError `bad-model` for a matrix that holds NaN or an infinity
 */
function findCut(matrices: readonly Matrix[], count: number): Cut {
  const high = new Uint32Array(highBins);
  for (const { values } of matrices) {
    countHigh(bitsOf(values), high);
  }
  for (let bin = firstNonFinite >>> 16; bin < highBins; bin++) {
    if (high[bin] === 0) continue;
    throw notFinite(matrices.find(({ values }) => !values.every(Number.isFinite))!);
  }
  if (count === 0) return { key: 0, ties: 0 };

  let left = count;
  let bin = 0;
  while (left > high[bin]) left -= high[bin++];
  const low = new Uint32Array(lowBins);
  for (const { values } of matrices) countLow(bitsOf(values), low, bin);
  let rest = 0;
  while (left > low[rest]) left -= low[rest++];
  return { key: (bin << 16) | rest, ties: left };
}

function countHigh(bits: Int32Array, bins: Uint32Array): void {
  for (let i = 0; i < bits.length; i++) bins[(bits[i] >>> 16) & 0x7fff]++;
}

function countLow(bits: Int32Array, bins: Uint32Array, high: number): void {
  for (let i = 0; i < bits.length; i++) if (((bits[i] >>> 16) & 0x7fff) === high) bins[bits[i] & 0xffff]++;
}

/**
 * Sets the `count` smallest magnitudes of all matrices together to zero, exactly that many. Among equal magnitudes
 * the lowest index goes first (order of the matrices, then row-major): torch leaves that order open (paper 2.1), and
 * weights that were float16 once have many ties. Zeros that are there already count as the smallest.
 *
 * @param count 0 up to the number of weights; with 0 the given matrices themselves come back
 * @throws LabError `bad-model` for a matrix that holds NaN or an infinity
 */
export function removeSmallest(matrices: readonly Matrix[], count: number): Matrix[] {
  const cut = findCut(matrices, count);
  if (count === 0) return [...matrices];
  let ties = cut.ties;
  return matrices.map((matrix) => {
    const values = new Float32Array(matrix.values.length);
    copyFrom(cut.key, bitsOf(matrix.values), bitsOf(values));
    ties = clearTies(cut.key, bitsOf(values), ties);
    return pruned(matrix, values);
  });
}

/** Copies the magnitudes from `limit` up, and zero for those below it. */
function copyFrom(limit: number, from: Int32Array, to: Int32Array): void {
  // The sign of a difference as a mask: at half sparsity a branch here would be mispredicted every other time.
  for (let i = 0; i < from.length; i++) to[i] = from[i] & ~(((from[i] & 0x7fffffff) - limit) >> 31);
}

/** Sets up to `count` magnitudes equal to `limit` to zero, in their order; returns how many are left to find. */
function clearTies(limit: number, bits: Int32Array, count: number): number {
  let left = count;
  for (let i = 0; left > 0 && i < bits.length; i++) {
    if ((bits[i] & 0x7fffffff) !== limit) continue;
    bits[i] = 0;
    left--;
  }
  return left;
}

/** Where keys are counted by their high bits; used again by each search. */
const bins = new Uint32Array(1 << 11);

/**
 * Finds the cut among a row's or a matrix's keys, in O(N) and exactly: a histogram over the high bits, small enough
 * for a core's nearest cache, and then bit by bit among the few keys of the bin where the cut is.
 *
 * @param keys bit patterns, ordered as unsigned integers
 * @param count 1 up to the number of keys
 * @param scratch room for as many keys; what it holds does not matter
 * @param shift how many low bits the histogram leaves out: as many that at most 11 are left
 * @returns the cut; its key is the bit pattern too
 */
export function cutOf(keys: Int32Array, count: number, scratch: Int32Array, shift: number): Cut {
  bins.fill(0);
  countBins(keys, shift);
  let left = count;
  let bin = 0;
  while (left > bins[bin]) left -= bins[bin++];
  let length = 0;
  for (let i = 0; i < keys.length; i++) {
    scratch[length] = keys[i];
    length += (((keys[i] >>> shift) ^ bin) - 1) >>> 31;
  }
  let prefix = bin;
  for (let bit = shift - 1; bit >= 0; bit--) {
    let zeros = 0;
    for (let i = 0; i < length; i++) zeros += ~(scratch[i] >>> bit) & 1;
    const one = Number(left > zeros);
    left -= one * zeros;
    prefix = (prefix << 1) | one;
    if (zeros === (one ? 0 : length)) continue;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const key = scratch[i];
      scratch[kept] = key;
      kept += ~((key >>> bit) ^ one) & 1;
    }
    length = kept;
  }
  return { key: prefix, ties: left };
}

function countBins(keys: Int32Array, shift: number): void {
  const even = keys.length & ~3;
  // Four at a time, for one of them has to wait where its bin is the one before's.
  for (let i = 0; i < even; i += 4) {
    const [a, b, c, d] = [keys[i] >>> shift, keys[i + 1] >>> shift, keys[i + 2] >>> shift, keys[i + 3] >>> shift];
    bins[a]++;
    bins[b]++;
    bins[c]++;
    bins[d]++;
  }
  for (let i = even; i < keys.length; i++) bins[keys[i] >>> shift]++;
}

/**
 * Writes what the weights of a row are compared by: |w|, or |w| · norm of the input, rounded to float32.
 *
 * @param metric [columns], written to
 * @param start where the row begins among all values
 */
export function fillMetric(metric: Float32Array, values: Float32Array, start: number, norms?: Float32Array): void {
  if (norms) for (let c = 0; c < metric.length; c++) metric[c] = Math.abs(values[start + c]) * norms[c];
  else for (let c = 0; c < metric.length; c++) metric[c] = Math.abs(values[start + c]);
}

/** Leaves a float's exponent and the first bit behind it: bins of half an octave, of which a row fills a few. */
const floatShift = 22;

/**
 * Sets the `count` weights of each row with the smallest |w|, or the smallest |w| · norm of its input, to zero, exactly
 * that many in each. Among equal ones the leftmost goes first, as a stable ascending sort has it.
 *
 * @param count 0 up to the number of columns; with 0 the matrix itself comes back
 * @param norms one for each input [columns], not negative; products are rounded to float32
 * @throws LabError `bad-model` for a matrix that holds NaN or an infinity
 */
export function removeSmallestOfRows(matrix: Matrix, count: number, norms?: Float32Array): Matrix {
  checkFinite(matrix);
  if (count === 0) return matrix;
  const { columns } = matrix;
  const from = matrix.values;
  const values = new Float32Array(from.length);
  const [fromBits, toBits] = [bitsOf(from), bitsOf(values)];
  // What is not negative has bits that order as it does.
  const metric = new Float32Array(columns);
  const keys = bitsOf(metric);
  const scratch = new Int32Array(columns);
  for (let start = 0; start < from.length; start += columns) {
    fillMetric(metric, from, start, norms);
    const { key, ties } = cutOf(keys, count, scratch, floatShift);
    for (let c = 0; c < columns; c++) toBits[start + c] = fromBits[start + c] & ~((keys[c] - key) >> 31);
    for (let c = 0, left = ties; left > 0; c++) {
      if (keys[c] !== key) continue;
      toBits[start + c] = 0;
      left--;
    }
  }
  return pruned(matrix, values);
}
