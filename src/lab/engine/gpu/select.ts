import { type Bound, dispatch, groupsFor, groupThreads, type Kernels, readsMatrix, writesMatrix } from './kernels.ts';

/** A matrix on the GPU, as a member of a set. */
export interface Member {
  rows: number;
  columns: number;
  /** struct Matrix. */
  shape: GPUBuffer;
  source: GPUBuffer;
  target: GPUBuffer;
  length: number;
}

/** Bins of a histogram. */
export const bins = 65_536;

type Stage = 1 | 2 | 3 | 4;

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
const countCode = (stage: Stage) => {
  const [isIn, bin] = {
    1: ['true', 'key >> 15'],
    2: ['(key >> 15) == state.bin', 'key & 0x7fff'],
    3: ['key == state.key', 'placeOf(matrix, i) >> 16'],
    4: ['key == state.key && (placeOf(matrix, i) >> 16) == state.high', 'placeOf(matrix, i) & 0xffff'],
  }[stage];
  return /* wgsl */ `
${readsMatrix('u32')}
${state}
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
const pickCode = (stage: Stage) => {
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
${writesMatrix('u32')}
${state}
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

/** Sets the smallest magnitudes of a set of matrices to zero: removeSmallest on a GPU, to the bit. */
export class Selection {
  readonly #device: GPUDevice;
  readonly #state: GPUBuffer;
  /** The histogram of the high bits: the same for every level where the sources never change. */
  readonly #high: GPUBuffer;
  #isCounted = false;
  readonly #count: readonly Bound[];
  readonly #find: readonly Bound[];

  /** @param low a buffer of {@link bins} words, all 0, which all sets share */
  constructor(kernels: Kernels, members: readonly Member[], low: GPUBuffer) {
    this.#device = kernels.device;
    this.#state = this.#device.createBuffer({
      size: 4 * stateWords,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    this.#high = this.#device.createBuffer({ size: 4 * bins, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
    const tally = (stage: Stage, into: GPUBuffer) =>
      members.map(({ shape, source, length }) => {
        const buffers = [shape, source, into, ...(stage === 1 ? [] : [this.#state])];
        return kernels.bind(`count ${stage}`, () => countCode(stage), buffers, groupsFor(length));
      });
    const pick = (stage: Stage, from: GPUBuffer) =>
      kernels.bind(`pick ${stage}`, () => pickCode(stage), [from, this.#state], 1);
    this.#count = tally(1, this.#high);
    this.#find = [
      pick(1, this.#high),
      ...([2, 3, 4] as const).flatMap((stage) => [...tally(stage, low), pick(stage, low)]),
      ...members.map(({ shape, source, target, length }) =>
        kernels.bind('remove', () => removeCode, [shape, source, target, this.#state], groupsFor(length)),
      ),
    ];
  }

  /** Before the pass: what is asked for. @param count 1 up to the number of weights */
  prepare(encoder: GPUCommandEncoder, count: number, isOwn: boolean): void {
    this.#device.queue.writeBuffer(this.#state, 0, Uint32Array.of(count));
    if (isOwn) return;
    this.#isCounted = false;
    encoder.clearBuffer(this.#high);
  }

  run(pass: GPUComputePassEncoder): void {
    if (!this.#isCounted) dispatch(pass, this.#count);
    this.#isCounted = true;
    dispatch(pass, this.#find);
  }

  destroy(): void {
    this.#state.destroy();
    this.#high.destroy();
  }
}
