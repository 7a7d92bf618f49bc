/** Threads of a workgroup in every kernel here. */
export const groupThreads = 256;

/** What every kernel knows of a matrix that lies as the graph multiplies by it: value (row r, column c) at c · rows + r. */
export const matrixCode = /* wgsl */ `
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

/** Compiles kernels once for a device, and dispatches them. */
export class Kernels {
  readonly device: GPUDevice;
  readonly #pipelines = new Map<string, GPUComputePipeline>();

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /**
   * One dispatch.
   *
   * @param code WGSL whose buffers are bindings 0, 1, 2 ... of group 0, in this order
   */
  dispatch(
    pass: GPUComputePassEncoder,
    code: string,
    entry: string,
    buffers: readonly GPUBuffer[],
    groups: readonly number[],
  ) {
    const key = `${entry}\n${code}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      const module = this.device.createShaderModule({ code });
      pipeline = this.device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: entry } });
      this.#pipelines.set(key, pipeline);
    }
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(groups[0], groups[1] ?? 1);
  }

  /** A buffer with these values; 32 bits each. */
  buffer(values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, usage: number): GPUBuffer {
    const buffer = this.device.createBuffer({ size: values.byteLength, usage, mappedAtCreation: true });
    new Uint32Array(buffer.getMappedRange()).set(new Uint32Array(values.buffer, values.byteOffset, values.length));
    buffer.unmap();
    return buffer;
  }
}

/** Workgroups for kernels whose threads take every so-manieth value: enough to fill a GPU, few enough to be cheap. */
export function groupsFor(values: number): number {
  return Math.max(1, Math.min(2048, Math.ceil(values / (groupThreads * 4))));
}
