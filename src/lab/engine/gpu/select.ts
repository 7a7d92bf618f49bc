import { groupsFor, groupThreads, type Kernels, matrixCode } from './kernels.ts';

/** A matrix on the GPU, as a member of a set. */
export interface Member {
  /** struct Matrix. */
  shape: GPUBuffer;
  source: GPUBuffer;
  target: GPUBuffer;
  length: number;
}

/** Bins of a histogram. */
export const bins = 65_536;

/** u32: what is left to find, then what the picks found: high key bits, key, high bits of the last place, last place. */
const stateWords = 8;

const state = /* wgsl */ `
struct State {
  left: u32,
  bin: u32,
  key: u32,
  high: u32,
  last: u32,
}
`;

/**
 * One of four histograms that together find where the k smallest end, exactly. The order is that of removeSmallest: by
 * magnitude (31 bits: 16 high, 15 low), and among equal magnitudes by place (16 high bits, 16 low).
 */
const countCode = (stage: 1 | 2 | 3 | 4) => {
  const [isIn, bin] = {
    1: ['true', 'key >> 15'],
    2: ['(key >> 15) == state.bin', 'key & 0x7fff'],
    3: ['key == state.key', 'placeOf(matrix, i) >> 16'],
    4: ['key == state.key && (placeOf(matrix, i) >> 16) == state.high', 'placeOf(matrix, i) & 0xffff'],
  }[stage];
  return /* wgsl */ `
${matrixCode}
${state}
@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read_write> bins: array<atomic<u32>>;
${stage === 1 ? '' : '@group(0) @binding(3) var<storage, read> state: State;'}

@compute @workgroup_size(${groupThreads})
fn count(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < matrix.length; i += groups.x * ${groupThreads}) {
    let key = source[i] & 0x7fffffff;
    if (${isIn}) {
      atomicAdd(&bins[${bin}], 1u);
    }
  }
}`;
};

/** Finds the bin in which the k-th is, and how many of it belong to the k. Leaves the bins empty, but for those kept. */
const pickCode = (stage: 1 | 2 | 3 | 4) => {
  const found = {
    1: 'state.bin = bin;',
    2: 'state.key = (state.bin << 15) | bin;',
    3: 'state.high = bin;',
    4: 'state.last = (state.high << 16) | bin;',
  }[stage];
  const each = bins / groupThreads;
  return /* wgsl */ `
${state}
@group(0) @binding(0) var<storage, read_write> bins: array<u32>;
@group(0) @binding(1) var<storage, read_write> state: State;
var<workgroup> sums: array<u32, ${groupThreads}>;

@compute @workgroup_size(${groupThreads})
fn pick(@builtin(local_invocation_id) id: vec3u) {
  var sum = 0u;
  for (var b = id.x * ${each}; b < (id.x + 1) * ${each}; b++) {
    sum += bins[b];
  }
  sums[id.x] = sum;
  let left = state.left;
  workgroupBarrier();
  storageBarrier();
  if (id.x == 0) {
    var before = 0u;
    var part = 0u;
    while (before + sums[part] < left) {
      before += sums[part];
      part++;
    }
    var bin = part * ${each};
    while (before + bins[bin] < left) {
      before += bins[bin];
      bin++;
    }
    state.left = left - before;
    ${found}
  }
  ${
    stage === 1
      ? ''
      : `workgroupBarrier();
  storageBarrier();
  for (var b = id.x * ${each}; b < (id.x + 1) * ${each}; b++) {
    bins[b] = 0;
  }`
  }
}`;
};

const removeCode = /* wgsl */ `
${matrixCode}
${state}
@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read_write> target_: array<u32>;
@group(0) @binding(3) var<storage, read> state: State;

@compute @workgroup_size(${groupThreads})
fn remove(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < matrix.length; i += groups.x * ${groupThreads}) {
    let bits = source[i];
    let key = bits & 0x7fffffff;
    let goes = key < state.key || (key == state.key && placeOf(matrix, i) <= state.last);
    target_[i] = select(bits, 0u, goes);
  }
}`;

const STORAGE = 0x80;

/** Sets the smallest magnitudes of sets of matrices to zero: removeSmallest on a GPU, to the bit. */
export class Selection {
  readonly #kernels: Kernels;
  /** Histograms of the high bits of uncompressed sets, by the set's name: the same for every level. */
  readonly #known = new Map<string, GPUBuffer>();
  readonly #bins: GPUBuffer;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#bins = this.#histogram();
  }

  /**
   * @param count 1 up to the number of weights
   * @param name of the set where the sources are the uncompressed weights; undefined where they are not
   * @returns buffers to destroy when the work is done
   */
  removeSmallest(
    pass: GPUComputePassEncoder,
    members: readonly Member[],
    count: number,
    name: string | undefined,
  ): GPUBuffer[] {
    const state = this.#kernels.buffer(
      Uint32Array.from({ length: stateWords }, (_, i) => (i === 0 ? count : 0)),
      STORAGE,
    );
    const tally = (stage: 1 | 2 | 3 | 4, into: GPUBuffer) => {
      for (const { shape, source, length } of members)
        this.#kernels.dispatch(
          pass,
          countCode(stage),
          'count',
          [shape, source, into, ...(stage === 1 ? [] : [state])],
          [groupsFor(length)],
        );
    };
    const pick = (stage: 1 | 2 | 3 | 4, from: GPUBuffer) =>
      this.#kernels.dispatch(pass, pickCode(stage), 'pick', [from, state], [1]);
    let high = name === undefined ? undefined : this.#known.get(name);
    if (!high) {
      high = this.#histogram();
      tally(1, high);
      if (name !== undefined) this.#known.set(name, high);
    }
    pick(1, high);
    for (const stage of [2, 3, 4] as const) {
      tally(stage, this.#bins);
      pick(stage, this.#bins);
    }
    for (const { shape, source, target, length } of members)
      this.#kernels.dispatch(pass, removeCode, 'remove', [shape, source, target, state], [groupsFor(length)]);
    return name === undefined ? [state, high] : [state];
  }

  destroy(): void {
    for (const buffer of [this.#bins, ...this.#known.values()]) buffer.destroy();
    this.#known.clear();
  }

  #histogram(): GPUBuffer {
    return this.#kernels.device.createBuffer({ size: 4 * bins, usage: STORAGE });
  }
}
