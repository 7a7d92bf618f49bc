import { type Bound, groupsFor, groupThreads, type Kernels, readsMatrix, writesMatrix } from './kernels.ts';
import type { Member } from './select.ts';

/** Rows, and parts of a run, that a workgroup looks at: neighbouring threads read neighbouring values. */
const tileRows = 32;
const parts = groupThreads / tileRows;

/** The matrix, the grid that it is rounded to, and how. */
const gridCode = /* wgsl */ `
${writesMatrix('f32')}
@group(0) @binding(3) var<uniform> grid: Grid;

struct Grid {
  top: f32,
  // 1 / top in float32: what scaleOf multiplies by.
  inverseTop: f32,
  symmetric: u32,
  // Values of a run; of a matrix with one scale it is not looked at.
  group: u32,
}

// round(f32(w / scale)), half to even, as codeAt. A GPU's division may be off by a few units in the last place, which
// counts where the quotient is near a half: there the remainder decides, computed exactly from products of few bits.
fn codeAt(w: f32, scale: f32) -> f32 {
  let quotient = w / scale;
  let below = floor(quotient);
  let half = below + 0.5;
  if (abs(quotient - half) > 0.01 || abs(half) > 512.0) {
    return round(quotient);
  }
  let high = bitcast<f32>(bitcast<u32>(scale) & 0xfffff000u);
  let rest = (w - half * high) - half * (scale - high);
  // Half the distance of float32 numbers at the half; below 0.5 they lie twice as near.
  var reach = bitcast<f32>(bitcast<u32>(abs(half)) & 0x7f800000u) * 0x1p-24;
  if (abs(half) == 0.5 && rest * half < 0.0) {
    reach *= 0.5;
  }
  if (abs(rest) <= reach * scale) {
    return round(half);
  }
  return select(below, below + 1.0, rest > 0.0);
}

struct Scale {
  scale: f32,
  lowest: f32,
  highest: f32,
}

// The grid of runScale for values between low (0 or less) and high (0 or more).
fn scaleOf(low: f32, high: f32) -> Scale {
  let range = select(high - low, max(-low, high), grid.symmetric == 1);
  var scale = range * grid.inverseTop;
  if (scale == 0.0) {
    scale = 1.0;
  }
  if (grid.symmetric == 1) {
    return Scale(scale, -grid.top, grid.top);
  }
  let zero = codeAt(-low, scale);
  return Scale(scale, -zero, grid.top - zero);
}

fn rounded(w: f32, s: Scale) -> f32 {
  return clamp(codeAt(w, s.scale), s.lowest, s.highest) * s.scale;
}
`;

/** Runs within a row: a workgroup takes one run of each of some rows. */
const runsCode = /* wgsl */ `
${gridCode}
var<workgroup> lows: array<f32, ${groupThreads}>;
var<workgroup> highs: array<f32, ${groupThreads}>;

@compute @workgroup_size(${groupThreads})
fn round_runs(@builtin(local_invocation_id) id: vec3u, @builtin(workgroup_id) tile: vec3u) {
  let row = tile.x * ${tileRows} + id.x % ${tileRows};
  let part = id.x / ${tileRows};
  let begin = tile.y * grid.group;
  var low = 0.0;
  var high = 0.0;
  if (row < matrix.rows) {
    for (var c = begin + part; c < begin + grid.group; c += ${parts}) {
      let value = source[c * matrix.rows + row];
      low = min(low, value);
      high = max(high, value);
    }
  }
  lows[id.x] = low;
  highs[id.x] = high;
  workgroupBarrier();
  for (var other = id.x % ${tileRows}; other < ${groupThreads}; other += ${tileRows}) {
    low = min(low, lows[other]);
    high = max(high, highs[other]);
  }
  if (row < matrix.rows) {
    let s = scaleOf(low, high);
    for (var c = begin + part; c < begin + grid.group; c += ${parts}) {
      let i = c * matrix.rows + row;
      target_[i] = rounded(source[i], s);
    }
  }
}`;

/** Bits of the largest value, and of the largest of the negative ones turned positive: as integers they have the same order. */
const rangeCode = /* wgsl */ `
${readsMatrix('f32')}
@group(0) @binding(2) var<storage, read_write> range: array<atomic<u32>, 2>;

@compute @workgroup_size(${groupThreads})
fn range_of(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var low = 0.0;
  var high = 0.0;
  for (var i = id.x; i < matrix.length; i += groups.x * ${groupThreads}) {
    low = min(low, source[i]);
    high = max(high, source[i]);
  }
  atomicMax(&range[0], bitcast<u32>(-low) & 0x7fffffff);
  atomicMax(&range[1], bitcast<u32>(high) & 0x7fffffff);
}`;

const wholeCode = /* wgsl */ `
${gridCode}
@group(0) @binding(4) var<storage, read> range: array<u32, 2>;

@compute @workgroup_size(${groupThreads})
fn round_whole(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = scaleOf(-bitcast<f32>(range[0]), bitcast<f32>(range[1]));
  for (var i = id.x; i < matrix.length; i += groups.x * ${groupThreads}) {
    target_[i] = rounded(source[i], s);
  }
}`;

/** What is rounded to, and how many values share a scale. */
export interface Form {
  top: number;
  symmetric: boolean;
  group: number;
}

/**
 * Rounds a matrix to an even grid: roundRuns on a GPU, to the bit.
 *
 * @param range two words, both 0, for matrices with one scale
 */
export function roundOnGpu(
  kernels: Kernels,
  { shape, source, target, length, rows, columns }: Member,
  { top, symmetric, group }: Form,
  range: () => GPUBuffer,
): Bound[] {
  const words = new Uint32Array(4);
  new Float32Array(words.buffer, 0, 2).set([top, 1 / top]);
  words.set([symmetric ? 1 : 0, group], 2);
  const grid = kernels.uniform(words);
  if (group <= columns) {
    const tiles = Math.ceil(rows / tileRows);
    return [kernels.bind('round runs', () => runsCode, [shape, source, target, grid], tiles, columns / group)];
  }
  const found = range();
  return [
    kernels.bind('range', () => rangeCode, [shape, source, found], groupsFor(length)),
    kernels.bind('round whole', () => wholeCode, [shape, source, target, grid, found], groupsFor(length)),
  ];
}
