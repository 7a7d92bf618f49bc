import type { Outputs } from '../engine.ts';
import { probeIo, rankedWords } from '../graph.ts';
import { dispatch, groupThreads, type Kernels } from './kernels.ts';

const topK = rankedWords;

/** One workgroup a prediction: what rankInGraph does with operators. */
const rankCode = /* wgsl */ `
struct Sizes {
  words: u32,
  golds: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> golds: array<u32>;
// For each prediction: the highest logits, their words, how many reach the best right word, log sum exp, right words' logits.
@group(0) @binding(3) var<storage, read_write> answers: array<u32>;

const none = 0xffffffffu;
const lowest = -0x1.fffffep127f;
var<workgroup> values: array<f32, ${groupThreads}>;
var<workgroup> words: array<u32, ${groupThreads}>;
var<workgroup> sums: array<f32, ${groupThreads}>;
var<workgroup> counts: array<u32, ${groupThreads}>;

fn before(value: f32, word: u32, other: f32, otherWord: u32) -> bool {
  return value > other || (value == other && word < otherWord);
}

fn isFinite(bits: u32) -> bool {
  return (bits & 0x7f800000u) != 0x7f800000u;
}

@compute @workgroup_size(${groupThreads})
fn rank(@builtin(local_invocation_id) local: vec3u, @builtin(workgroup_id) group: vec3u) {
  let id = local.x;
  let start = group.x * sizes.words;
  let answer = group.x * (${2 * topK + 2} + sizes.golds);
  var best = lowest;
  for (var g = 0u; g < sizes.golds; g++) {
    best = max(best, logits[start + golds[group.x * sizes.golds + g]]);
  }
  // The k highest, one after the other: among equal ones the lowest word first.
  var last = 0.0;
  var lastWord = none;
  var highest = 0.0;
  for (var place = 0u; place < ${topK}; place++) {
    var value = lowest;
    var word = none;
    for (var w = id; w < sizes.words; w += ${groupThreads}) {
      let logit = logits[start + w];
      let isLeft = lastWord == none || before(last, lastWord, logit, w);
      if (isLeft && (word == none || before(logit, w, value, word))) {
        value = logit;
        word = w;
      }
    }
    values[id] = value;
    words[id] = word;
    for (var half = ${groupThreads / 2}u; half > 0; half /= 2) {
      workgroupBarrier();
      if (id < half && words[id + half] != none
        && (words[id] == none || before(values[id + half], words[id + half], values[id], words[id]))) {
        values[id] = values[id + half];
        words[id] = words[id + half];
      }
    }
    workgroupBarrier();
    last = values[0];
    lastWord = words[0];
    workgroupBarrier();
    if (place == 0) {
      highest = last;
    }
    if (id == 0) {
      answers[answer + place] = bitcast<u32>(last);
      answers[answer + ${topK} + place] = lastWord;
    }
  }
  var sum = 0.0;
  var count = 0u;
  var broken = 0u;
  for (var w = id; w < sizes.words; w += ${groupThreads}) {
    let logit = logits[start + w];
    sum += exp(logit - highest);
    count += select(0u, 1u, logit >= best);
    broken |= select(1u, 0u, isFinite(bitcast<u32>(logit)));
  }
  sums[id] = sum;
  counts[id] = count;
  words[id] = broken;
  for (var half = ${groupThreads / 2}u; half > 0; half /= 2) {
    workgroupBarrier();
    if (id < half) {
      sums[id] += sums[id + half];
      counts[id] += counts[id + half];
      words[id] |= words[id + half];
    }
  }
  if (id == 0) {
    answers[answer + ${2 * topK}] = counts[0];
    // What is not finite is told as NaN: nothing that was made of it counts.
    answers[answer + ${2 * topK + 1}] = select(bitcast<u32>(highest + log(sums[0])), 0x7fc00000u, words[0] != 0);
    for (var g = 0u; g < sizes.golds; g++) {
      answers[answer + ${2 * topK + 2} + g] = bitcast<u32>(logits[start + golds[group.x * sizes.golds + g]]);
    }
  }
}`;

/** Buffers of one pass, used again by a later one: making them costs more than ranking does. */
interface Buffers {
  gold: GPUBuffer;
  answers: GPUBuffer;
  staging: GPUBuffer;
  /** Bytes that `answers` and `staging` hold. */
  size: number;
}

/** Ranks words on a GPU. */
export class Ranking {
  readonly #kernels: Kernels;
  readonly #free: Buffers[] = [];

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /**
   * Ranks the words of some predictions where their logits are, and reads back what counts: a hundred bytes each instead
   * of a logit for every word.
   *
   * @param logits float32 [picks, words]
   * @param gold int64 [picks, golds], as a probe graph takes it
   * @returns resolves with what a probe graph that ranks by itself gives; the work is submitted before this returns, so
   *   the logits' buffer may be used for something else afterwards
   */
  rank(logits: GPUBuffer, [picks, words]: readonly [number, number], gold: BigInt64Array): Promise<Outputs> {
    const { device } = this.#kernels;
    const golds = gold.length / picks;
    const size = 4 * (2 * topK + 2 + golds) * picks;
    const buffers = this.#take(size, 4 * gold.length);
    const { gold: right, answers, staging } = buffers;
    device.queue.writeBuffer(right, 0, Uint32Array.from(gold, Number));
    const sizes = this.#kernels.uniform(Uint32Array.of(words, golds));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    dispatch(pass, [this.#kernels.bind('rank', () => rankCode, [sizes, logits, right, answers], picks)]);
    pass.end();
    encoder.copyBufferToBuffer(answers, 0, staging, 0, size);
    device.queue.submit([encoder.finish()]);
    return staging.mapAsync(GPUMapMode.READ, 0, size).then(() => {
      const raw = new Uint32Array(staging.getMappedRange(0, size)).slice();
      staging.unmap();
      this.#free.push(buffers);
      return outputsOf(raw, picks, golds);
    });
  }

  #take(size: number, goldSize: number): Buffers {
    const found = this.#free.findIndex((buffers) => buffers.size >= size && buffers.gold.size >= goldSize);
    if (found >= 0) return this.#free.splice(found, 1)[0];
    const make = (bytes: number, usage: number) => this.#kernels.device.createBuffer({ size: bytes, usage });
    // A power of two, so that few are made for passes of all sizes.
    const room = 2 ** Math.ceil(Math.log2(Math.max(size, 4096)));
    return {
      gold: make(2 ** Math.ceil(Math.log2(Math.max(goldSize, 4096))), GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST),
      answers: make(room, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC),
      staging: make(room, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST),
      size: room,
    };
  }
}

function outputsOf(raw: Uint32Array<ArrayBuffer>, picks: number, golds: number): Outputs {
  const floats = new Float32Array(raw.buffer);
  const width = raw.length / picks;
  const part = (from: number, count: number) =>
    Float32Array.from({ length: picks * count }, (_, i) => floats[Math.floor(i / count) * width + from + (i % count)]);
  return {
    [probeIo.topValues]: part(0, topK),
    [probeIo.topIds]: BigInt64Array.from({ length: picks * topK }, (_, i) =>
      BigInt(raw[Math.floor(i / topK) * width + topK + (i % topK)]),
    ),
    [probeIo.atLeast]: Float32Array.from({ length: picks }, (_, pick) => raw[pick * width + 2 * topK]),
    [probeIo.logSumExp]: part(2 * topK + 1, 1),
    [probeIo.goldLogits]: part(2 * topK + 2, golds),
  };
}
