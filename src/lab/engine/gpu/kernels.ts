/** Threads of a workgroup in every kernel here. */
export const groupThreads = 256;

/**
 * How every kernel here begins: a matrix that lies as the graph multiplies by it, value (row r, column c) at c · rows + r.
 *
 * @param type of its values: numbers, or their bits
 */
export const readsMatrix = (type: 'f32' | 'u32') => /* wgsl */ `
@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<storage, read> source: array<${type}>;

struct Matrix {
  rows: u32,
  columns: u32,
  // How many values the matrices before it in its set have.
  first: u32,
  length: u32,
}

// Where a value stands in its set: matrix by matrix, each row by row, as in the lab's own arrays.
fn placeOf(matrix: Matrix, i: u32) -> u32 {
  return matrix.first + (i % matrix.rows) * matrix.columns + i / matrix.rows;
}
`;

/** The same, where another matrix of this shape is written. */
export const writesMatrix = (type: 'f32' | 'u32') => /* wgsl */ `
${readsMatrix(type)}
@group(0) @binding(2) var<storage, read_write> target_: array<${type}>;
`;

/** A kernel with its buffers, ready to be dispatched any number of times. */
export interface Bound {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  workgroups: readonly [number, number];
}

/**
 * Compiles kernels once for a device, and binds buffers to them. Making a buffer or a binding costs a browser many times what
 * a dispatch costs: whoever comes back to the same work keeps them.
 */
export class Kernels {
  readonly device: GPUDevice;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  readonly #uniforms = new Map<string, GPUBuffer>();

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /**
   * @param name of the kernel: the same name stands for the same code
   * @param code WGSL with one entry point, and its buffers as bindings 0, 1, 2 ... of group 0
   */
  bind(name: string, code: () => string, buffers: readonly GPUBuffer[], x: number, y = 1): Bound {
    let pipeline = this.#pipelines.get(name);
    if (!pipeline) {
      const module = this.device.createShaderModule({ code: code(), label: name });
      pipeline = this.device.createComputePipeline({ layout: 'auto', compute: { module } });
      this.#pipelines.set(name, pipeline);
    }
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const group = this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return { pipeline, group, workgroups: [x, y] };
  }

  /** A uniform buffer with these 32-bit values; the same one for the same values. */
  uniform(values: Uint32Array<ArrayBuffer>): GPUBuffer {
    const key = values.join();
    let buffer = this.#uniforms.get(key);
    if (!buffer) {
      buffer = this.device.createBuffer({
        size: values.byteLength,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
      this.device.queue.writeBuffer(buffer, 0, values);
      this.#uniforms.set(key, buffer);
    }
    return buffer;
  }
}

export function dispatch(pass: GPUComputePassEncoder, work: Iterable<Bound>): void {
  for (const { pipeline, group, workgroups } of work) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...workgroups);
  }
}

/** Workgroups for kernels whose threads take every so-manieth value: enough to fill a GPU, few enough to be cheap. */
export function groupsFor(values: number): number {
  return Math.max(1, Math.min(2048, Math.ceil(values / (groupThreads * 4))));
}
