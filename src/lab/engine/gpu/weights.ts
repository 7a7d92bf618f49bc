import type { DeviceStep } from '../../compress/method.ts';
import { topOf } from '../../compress/shared/grid.ts';
import { keepOnGpu } from './keep.ts';
import { type Bound, dispatch, type Kernels } from './kernels.ts';
import { roundOnGpu } from './round.ts';
import { bins, type Member, Selection } from './select.ts';

interface Held {
  rows: number;
  columns: number;
  /** The model's own weights, never written again; and those that the graph reads. */
  original: GPUBuffer;
  current: GPUBuffer;
  /** What a step left, for a step behind it to read: made when first needed. */
  before?: GPUBuffer;
}

/**
 * Weight matrices that live on a GPU: the model's own, and beside them what a level makes of them. A level that kernels
 * can make is made where the weights are; others are uploaded. Nothing is read back.
 */
export class GpuWeights {
  readonly #device: GPUDevice;
  readonly #kernels: Kernels;
  readonly #held = new Map<string, Held>();
  /** Those whose current values are not the model's own. */
  #changed = new Set<string>();
  /** What was bound once, by what it does. */
  readonly #bound = new Map<string, Bound[]>();
  readonly #selections = new Map<string, Selection>();
  readonly #low: GPUBuffer;
  readonly #ranges = new Map<string, GPUBuffer>();

  /**
   * @param weights by path, laid out as the graph multiplies by them: [columns, rows] = [inputs, outputs]
   * @param shapes dims of each, in that order
   */
  constructor(
    kernels: Kernels,
    weights: ReadonlyMap<string, Float32Array>,
    shapes: ReadonlyMap<string, readonly number[]>,
  ) {
    const { device } = kernels;
    this.#device = device;
    this.#kernels = kernels;
    this.#low = device.createBuffer({ size: 4 * bins, usage: GPUBufferUsage.STORAGE });
    for (const [path, [columns, rows]] of shapes) {
      const values = weights.get(path) as Float32Array<ArrayBuffer>;
      const original = this.#buffer(4 * rows * columns);
      const current = this.#buffer(4 * rows * columns);
      for (const buffer of [original, current]) device.queue.writeBuffer(buffer, 0, values);
      this.#held.set(path, { rows, columns, original, current });
    }
  }

  /** The buffers that a graph reads, by path. They stay the same: only what is in them changes. */
  *buffers(): Generator<[path: string, buffer: GPUBuffer, dims: [number, number]]> {
    for (const [path, { current, rows, columns }] of this.#held) yield [path, current, [columns, rows]];
  }

  /** Makes these the current weights, and the model's own those of all other matrices. */
  write(changed: ReadonlyMap<string, Float32Array>): void {
    const encoder = this.#device.createCommandEncoder();
    this.#restore(encoder, (path) => !changed.has(path));
    this.#device.queue.submit([encoder.finish()]);
    for (const [path, values] of changed)
      this.#device.queue.writeBuffer(this.#held.get(path)!.current, 0, values as Float32Array<ArrayBuffer>);
    this.#changed = new Set(changed.keys());
  }

  /** Makes the current weights from the model's own, step by step. */
  compress(steps: readonly DeviceStep[]): void {
    const touched = new Set<string>();
    for (const step of steps) this.#step(step, touched);
    const encoder = this.#device.createCommandEncoder();
    this.#restore(encoder, (path) => !touched.has(path));
    this.#device.queue.submit([encoder.finish()]);
    this.#changed = touched;
  }

  /** The current values of a matrix, read back: for checks. */
  async read(path: string): Promise<Float32Array> {
    const { current } = this.#held.get(path)!;
    const staging = this.#device.createBuffer({
      size: current.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(current, 0, staging, 0, current.size);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const values = new Float32Array(staging.getMappedRange()).slice();
    staging.destroy();
    return values;
  }

  destroy(): void {
    for (const { original, current, before } of this.#held.values())
      for (const buffer of [original, current, before]) buffer?.destroy();
    for (const kept of [this.#low, ...this.#ranges.values(), ...this.#selections.values()]) kept.destroy();
    this.#held.clear();
  }

  #step(step: DeviceStep, touched: Set<string>): void {
    const encoder = this.#device.createCommandEncoder();
    if (step.kind === 'remove-smallest') {
      const sets = step.sets.filter(({ count }) => count > 0);
      const work = sets.map(({ matrices, count }) => {
        const { isOwn, key, members } = this.#sources(encoder, matrices, touched);
        let selection = this.#selections.get(key);
        if (!selection) {
          selection = new Selection(this.#kernels, members(), this.#low);
          this.#selections.set(key, selection);
        }
        selection.prepare(encoder, count, isOwn);
        return selection;
      });
      const pass = encoder.beginComputePass();
      for (const selection of work) selection.run(pass);
      pass.end();
    } else {
      const paths = step.kind === 'round' ? step.runs.map(({ matrix }) => matrix) : step.matrices;
      const { key, members } = this.#sources(encoder, paths, touched);
      const name = `${JSON.stringify(step)} ${key}`;
      const work = this.#bound.get(name) ?? members().flatMap((member, at) => this.#bind(step, member, at));
      this.#bound.set(name, work);
      for (const range of this.#ranges.values()) encoder.clearBuffer(range);
      const pass = encoder.beginComputePass();
      dispatch(pass, work);
      pass.end();
    }
    this.#device.queue.submit([encoder.finish()]);
  }

  /** What a step does to its matrix number `at`. */
  #bind(step: Exclude<DeviceStep, { kind: 'remove-smallest' }>, member: Member, at: number): Bound[] {
    if (step.kind === 'keep-largest') return [keepOnGpu(this.#kernels, member, step.n, step.m)];
    const { bits, scheme, runs } = step;
    const { matrix, group } = runs[at];
    const form = { top: topOf(bits, scheme), symmetric: scheme === 'symmetric', group };
    return roundOnGpu(this.#kernels, member, form, () => this.#range(matrix));
  }

  /**
   * Where a step reads: the model's own weights, or a copy of what the steps before it left, as a kernel must not read what
   * another of its threads wrote.
   */
  #sources(encoder: GPUCommandEncoder, paths: readonly string[], touched: Set<string>) {
    const again = new Set(paths.filter((path) => touched.has(path)));
    for (const path of again) {
      const held = this.#held.get(path)!;
      held.before ??= this.#buffer(held.current.size);
      encoder.copyBufferToBuffer(held.current, 0, held.before, 0, held.current.size);
    }
    for (const path of paths) touched.add(path);
    return {
      isOwn: again.size === 0,
      /** The same for the same matrices read from the same places. */
      key: paths.map((path) => `${path}${again.has(path) ? '*' : ''}`).join(),
      members: () => {
        let first = 0;
        return paths.map((path): Member => {
          const { rows, columns, original, before, current } = this.#held.get(path)!;
          const length = rows * columns;
          const shape = this.#kernels.uniform(Uint32Array.of(rows, columns, first, length));
          first += length;
          return { rows, columns, shape, source: again.has(path) ? before! : original, target: current, length };
        });
      },
    };
  }

  #range(path: string): GPUBuffer {
    const range = this.#ranges.get(path) ?? this.#buffer(8);
    this.#ranges.set(path, range);
    return range;
  }

  #buffer(size: number): GPUBuffer {
    return this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  /** Gives matrices that were changed their own weights again. */
  #restore(encoder: GPUCommandEncoder, isWanted: (path: string) => boolean): void {
    for (const path of this.#changed) {
      if (!isWanted(path)) continue;
      const { original, current } = this.#held.get(path)!;
      encoder.copyBufferToBuffer(original, 0, current, 0, current.size);
    }
  }
}
