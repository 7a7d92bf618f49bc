import { type Matrix, pruned } from '../method.ts';
import { bitsOf, firstNonFinite, notFinite } from './finite.ts';

const highBins = 1 << 15;
const lowBins = 1 << 16;

/**
 * Rounds to the nearest integer and a half to the even one, as Python's round() and torch.round do. It defines how many
 * weights a share means.
 */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Where the k smallest magnitudes end: all below `bits` go, and the first `ties` of those equal to it. */
interface Cut {
  bits: number;
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
  if (count === 0) return { bits: 0, ties: 0 };

  let left = count;
  let bin = 0;
  while (left > high[bin]) left -= high[bin++];
  const low = new Uint32Array(lowBins);
  for (const { values } of matrices) countLow(bitsOf(values), low, bin);
  let rest = 0;
  while (left > low[rest]) left -= low[rest++];
  return { bits: (bin << 16) | rest, ties: left };
}

function countHigh(bits: Int32Array, bins: Uint32Array): void {
  for (let i = 0; i < bits.length; i++) bins[(bits[i] >>> 16) & 0x7fff]++;
}

function countLow(bits: Int32Array, bins: Uint32Array, high: number): void {
  for (let i = 0; i < bits.length; i++) if (((bits[i] >>> 16) & 0x7fff) === high) bins[bits[i] & 0xffff]++;
}

/**
 * Sets the `count` smallest magnitudes of all matrices together to zero, exactly that many. Among equal magnitudes
 * the lowest index goes first (order of the matrices, then row-major): torch leaves that order open, and weights that
 * were float16 once have many ties. Zeros that are already there count as the smallest.
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
    copyFrom(cut.bits, bitsOf(matrix.values), bitsOf(values));
    ties = clearTies(cut.bits, bitsOf(values), ties);
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

/** Where the `count` smallest of some keys end: all below `key` belong to them, and the first `ties` equal to it. */
export interface KeyCut {
  /** 32 bits, as in the keys. */
  key: number;
  ties: number;
}

const digits = [
  { shift: 21, bins: 1 << 11 },
  { shift: 10, bins: 1 << 11 },
  { shift: 0, bins: 1 << 10 },
];
const counts = new Uint32Array(1 << 11);

/**
 * Finds the cut of one list of keys, digit by digit from the highest: after the first pass only those that share the
 * cut's digits are looked at. Exact, O(n), without a sort; made for many short lists (the rows of a matrix).
 *
 * @param keys 32 bits each, ordered as if they had no sign; the bit patterns of floats from 0 up order as the floats do
 * @param count 1 up to the number of keys
 * @param scratch room for as many keys, overwritten
 */
export function cutOf(keys: Int32Array, count: number, scratch: Int32Array): KeyCut {
  let left = count;
  let key = 0;
  let from = keys;
  let length = keys.length;
  for (const { shift, bins } of digits) {
    counts.fill(0, 0, bins);
    const low = bins - 1;
    for (let i = 0; i < length; i++) counts[(from[i] >>> shift) & low]++;
    let bin = 0;
    while (left > counts[bin]) left -= counts[bin++];
    key |= bin << shift;
    if (shift === 0) break;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const candidate = from[i];
      scratch[kept] = candidate;
      kept += ((candidate >>> shift) & low) === bin ? 1 : 0;
    }
    from = scratch;
    length = kept;
  }
  return { key, ties: left };
}
