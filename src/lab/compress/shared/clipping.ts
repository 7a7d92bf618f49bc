import type { Matrix } from '../method.ts';
import { bitsOf, notFinite } from './finite.ts';
import { clip, codeAt, type Ranges, rangesOf, rounder, type Scheme, scaleOf, topOf } from './grid.ts';

/** The factors that are tried on a range: 1 down to 0.4 in steps of 0.02, as float32. */
const factors = Float32Array.from({ length: 31 }, (_, i) => (50 - i) / 50);

/** Weights between two looks at how large the error is by now. */
const piece = 256;

/**
 * Ranges with the least squared error: each run's minimum and maximum times one of 31 factors from 1 to 0.4 (Nagel et
 * al. 2021, section 3.1, as a search). Among equal errors the widest range is taken.
 *
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite or too far apart
 */
export function leastErrorRanges(
  matrix: Matrix,
  { bits, scheme, group }: { bits: number; scheme: Scheme; group: number },
): Ranges {
  const { values } = matrix;
  const { lows, highs } = rangesOf(values, group);
  const isSymmetric = scheme === 'symmetric';
  const top = topOf(bits, scheme);
  const patterns = bitsOf(values);
  const clipped = new Float32Array(piece);
  const clippedPatterns = bitsOf(clipped);
  // Neighbouring runs are alike: with the last one's factor first and those around it next, most others are given up
  // early. It is the least of all 31 in any case.
  let guess = 0;
  for (let run = 0; run < lows.length; run++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 2 * factors.length; turn++) {
      const number = guess + (turn & 1 ? (turn + 1) >> 1 : -(turn >> 1));
      if (number < 0 || number >= factors.length) continue;
      const low = Math.fround(lows[run] * factors[number]);
      const high = Math.fround(highs[run] * factors[number]);
      const scale = scaleOf(matrix, isSymmetric ? Math.max(-low, high) : Math.fround(high - low), top);
      const zero = isSymmetric ? 0 : codeAt(-low, scale);
      const lowest = isSymmetric ? -top : -zero;
      let error = 0;
      const end = (run + 1) * group;
      for (let from = run * group; from < end && error <= least; from += piece) {
        const count = Math.min(piece, end - from);
        clip(patterns, from, clippedPatterns, 0, count, scale * lowest, scale * (top - zero));
        error += errorOf(values, from, clipped, count, scale);
      }
      if (error > least || (error === least && number > best)) continue;
      least = error;
      best = number;
    }
    guess = best;
    lows[run] *= factors[best];
    highs[run] *= factors[best];
  }
  return { lows, highs };
}

/** Σ (w - w')² of some weights, where w' is rounded from what was clipped to the grid. */
function errorOf(values: Float32Array, from: number, clipped: Float32Array, count: number, scale: number): number {
  const inverse = 1 / scale;
  // Two sums, so that one addition need not wait for the other.
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < count; i += 2) {
    const a = values[from + i] - Math.fround((Math.fround(clipped[i] * inverse) + rounder - rounder) * scale);
    const b = values[from + i + 1] - Math.fround((Math.fround(clipped[i + 1] * inverse) + rounder - rounder) * scale);
    even += a * a;
    odd += b * b;
  }
  if (i === count) return even + odd;
  const last = values[from + i] - Math.fround((Math.fround(clipped[i] * inverse) + rounder - rounder) * scale);
  return even + odd + last * last;
}

/**
 * Ranges that leave out the outermost weights: symmetric up to the percentile of |w|, asymmetric from the percentile
 * counted from the lowest weight to the one counted from the highest, with 0 in between (Wu et al. 2020, Integer
 * Quantization for Deep Learning Inference, section 3.2).
 *
 * @param percentile 90 to 100; 100 leaves out none
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite
 */
export function percentileRanges(matrix: Matrix, scheme: Scheme, group: number, percentile: number): Ranges {
  const patterns = bitsOf(matrix.values);
  const ranges = rangesOf(matrix.values, group);
  const { lows, highs } = ranges;
  const keys = new Int32Array(group);
  for (let run = 0; run < lows.length; run++) {
    if (!(Number.isFinite(lows[run]) && Number.isFinite(highs[run]))) throw notFinite(matrix);
    const start = run * group;
    if (scheme === 'symmetric') {
      for (let i = 0; i < group; i++) keys[i] = patterns[start + i] & 0x7fffffff;
      highs[run] = quantile(keys, percentile / 100);
      lows[run] = -highs[run];
      continue;
    }
    for (let i = 0; i < group; i++) keys[i] = ordered(patterns[start + i]);
    highs[run] = Math.max(0, quantile(keys, percentile / 100));
    lows[run] = Math.min(0, quantile(keys, 1 - percentile / 100));
  }
  return ranges;
}

/** A bit pattern as a number that orders as the floats do, and back. */
const ordered = (bits: number) => bits ^ ((bits >> 31) & 0x7fffffff);

const counts = new Uint32Array(1 << 12);
const pair = new Int32Array(2);
const pairValues = new Float32Array(pair.buffer);

/**
 * The quantile of some floats, given as {@link ordered} patterns: linear interpolation between the two next to
 * share · (n - 1), in double as torch.quantile has it.
 */
function quantile(keys: Int32Array, share: number): number {
  const position = share * (keys.length - 1);
  const at = Math.floor(position);
  // A histogram over sign, exponent and three more bits finds the few that the two are among: those are sorted.
  counts.fill(0);
  for (let i = 0; i < keys.length; i++) counts[(keys[i] >> 20) + 2048]++;
  let below = 0;
  let first = 0;
  while (below + counts[first] <= at) below += counts[first++];
  let last = first;
  let through = below + counts[first];
  while (through <= Math.ceil(position)) through += counts[++last];
  const near = new Int32Array(through - below);
  let found = 0;
  for (let i = 0; i < keys.length; i++) {
    const bin = (keys[i] >> 20) + 2048;
    if (bin >= first && bin <= last) near[found++] = keys[i];
  }
  near.sort();
  pair[0] = ordered(near[at - below]);
  pair[1] = ordered(near[Math.ceil(position) - below]);
  const [lower, upper] = pairValues;
  const weight = position - at;
  return weight < 0.5 ? lower + weight * (upper - lower) : upper - (upper - lower) * (1 - weight);
}
