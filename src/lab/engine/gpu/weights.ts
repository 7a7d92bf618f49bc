import { topOf } from '../../compress/grid.ts';
import type { DeviceStep } from '../../compress/method.ts';
import { keepOnGpu } from './keep.ts';
import { Kernels } from './kernels.ts';
import { roundOnGpu } from './round.ts';
import { type Member, Selection } from './select.ts';

const MAP_READ = 0x01;
const COPY_SRC = 0x04;
const COPY_DST = 0x08;
const UNIFORM = 0x40;
const STORAGE = 0x80;

interface Held {
  rows: number;
  columns: number;
  /** The model's own weights, never written again; and those that the graph reads. */
  original: GPUBuffer;
  current: GPUBuffer;
}

/**
 * Weight matrices that live on a GPU: the model's own, and beside them what a level makes of them. A level that kernels
 * can make is made where the weights are; others are uploaded. Nothing is read back.
 */
export class GpuWeights {
  readonly #kernels: Kernels;
  readonly #selection: Selection;
  readonly #held = new Map<string, Held>();
  /** Those whose current values are not the model's own. */
  #changed = new Set<string>();

  /**
   * @param weights by path, laid out as the graph multiplies by them: [columns, rows] = [inputs, outputs]
   * @param shapes dims of each, in that order
   */
  constructor(
    device: GPUDevice,
    weights: ReadonlyMap<string, Float32Array>,
    shapes: ReadonlyMap<string, readonly number[]>,
  ) {
    this.#kernels = new Kernels(device);
    this.#selection = new Selection(this.#kernels);
    for (const [path, [columns, rows]] of shapes) {
      const make = () =>
        this.#kernels.buffer(weights.get(path) as Float32Array<ArrayBuffer>, STORAGE | COPY_SRC | COPY_DST);
      this.#held.set(path, { rows, columns, original: make(), current: make() });
    }
  }

  /** The buffers that a graph reads, by path. They stay the same: only what is in them changes. */
  *buffers(): Generator<[path: string, buffer: GPUBuffer, dims: [number, number]]> {
    for (const [path, { current, rows, columns }] of this.#held) yield [path, current, [columns, rows]];
  }

  /** Makes these the current weights, and the model's own those of all other matrices. */
  write(changed: ReadonlyMap<string, Float32Array>): void {
    const { device } = this.#kernels;
    this.#restore((path) => !changed.has(path));
    for (const [path, values] of changed)
      device.queue.writeBuffer(this.#held.get(path)!.current, 0, values as Float32Array<ArrayBuffer>);
    this.#changed = new Set(changed.keys());
  }

  /** Makes the current weights from the model's own, step by step. */
  compress(steps: readonly DeviceStep[]): void {
    const { device } = this.#kernels;
    const touched = new Set<string>();
    const temporary: GPUBuffer[] = [];
    for (const step of steps) this.#step(step, touched, temporary);
    this.#restore((path) => !touched.has(path));
    this.#changed = touched;
    void device.queue.onSubmittedWorkDone().then(() => {
      for (const buffer of temporary) buffer.destroy();
    });
  }

  /** The current values of a matrix, read back: for checks. */
  async read(path: string): Promise<Float32Array> {
    const { device } = this.#kernels;
    const { current } = this.#held.get(path)!;
    const staging = device.createBuffer({ size: current.size, usage: MAP_READ | COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(current, 0, staging, 0, current.size);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_READ);
    const values = new Float32Array(staging.getMappedRange()).slice();
    staging.destroy();
    return values;
  }

  destroy(): void {
    for (const { original, current } of this.#held.values()) {
      original.destroy();
      current.destroy();
    }
    this.#held.clear();
    this.#selection.destroy();
  }

  #step(step: DeviceStep, touched: Set<string>, temporary: GPUBuffer[]): void {
    const { device } = this.#kernels;
    // What a step before this one left is read from a copy: a kernel must not read what another of its threads wrote.
    const begin = (paths: readonly string[]) => {
      const encoder = device.createCommandEncoder();
      const again = paths.filter((path) => touched.has(path));
      const sources = new Map<string, GPUBuffer>();
      for (const path of again) {
        const { current } = this.#held.get(path)!;
        const copy = device.createBuffer({ size: current.size, usage: STORAGE | COPY_DST });
        encoder.copyBufferToBuffer(current, 0, copy, 0, current.size);
        sources.set(path, copy);
      }
      let first = 0;
      const members = paths.map((path): Member => {
        const { rows, columns, original, current } = this.#held.get(path)!;
        const length = rows * columns;
        const shape = this.#kernels.buffer(Uint32Array.of(rows, columns, first, length), UNIFORM);
        temporary.push(shape);
        first += length;
        return { shape, source: sources.get(path) ?? original, target: current, length };
      });
      const isOwn = again.length === 0;
      for (const path of paths) touched.add(path);
      temporary.push(...sources.values());
      return { encoder, pass: encoder.beginComputePass(), members, isOwn };
    };
    const end = ({ encoder, pass }: ReturnType<typeof begin>) => {
      pass.end();
      device.queue.submit([encoder.finish()]);
    };
    if (step.kind === 'remove-smallest') {
      for (const { matrices, count } of step.sets) {
        if (count === 0) continue;
        const work = begin(matrices);
        const name = work.isOwn ? matrices.join() : undefined;
        temporary.push(...this.#selection.removeSmallest(work.pass, work.members, count, name));
        end(work);
      }
    } else if (step.kind === 'keep-largest') {
      const work = begin(step.matrices);
      for (const member of work.members) keepOnGpu(this.#kernels, work.pass, member, step.n, step.m);
      end(work);
    } else {
      const { runs, bits, scheme } = step;
      const work = begin(runs.map(({ matrix }) => matrix));
      const form = { top: topOf(bits, scheme), symmetric: scheme === 'symmetric' };
      runs.forEach(({ matrix, group }, at) => {
        const member = work.members[at];
        temporary.push(...roundOnGpu(this.#kernels, work.pass, member, this.#held.get(matrix)!, { ...form, group }));
      });
      end(work);
    }
  }

  /** Gives matrices that were changed their own weights again. */
  #restore(isWanted: (path: string) => boolean): void {
    const { device } = this.#kernels;
    const encoder = device.createCommandEncoder();
    for (const path of this.#changed) {
      if (!isWanted(path)) continue;
      const { original, current } = this.#held.get(path)!;
      encoder.copyBufferToBuffer(original, 0, current, 0, current.size);
    }
    device.queue.submit([encoder.finish()]);
  }
}
