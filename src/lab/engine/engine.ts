/** The contract between the lab and whatever runs graphs. ort.ts is the one implementation. */

export type Backend = 'wasm' | 'webgpu';

/** A graph whose large weights are external data. */
export interface Graph {
  /** ONNX bytes. */
  skeleton: Uint8Array<ArrayBuffer>;
  /** float32 values by path, laid out as the graph wants them. */
  weights: ReadonlyMap<string, Float32Array>;
}

/** An integer input. */
export interface IntTensor {
  data: BigInt64Array;
  dims: readonly number[];
}

export type Feeds = Readonly<Record<string, IntTensor>>;
export type Outputs = Record<string, Float32Array | BigInt64Array>;

/**
 * A graph that is ready to run. A model of two graphs (encoder-decoder) has two of these. Calls must not overlap.
 */
export interface Session {
  /** One pass. @throws LabError `device-lost` where the GPU went away, `device-wrong` where it cannot do it */
  run(feeds: Feeds): Promise<Outputs>;
  /**
   * Makes the graph run with these weights in the place of its own; paths that are not named have theirs again.
   * How that is done (a new session, or writing into buffers on the GPU) is the implementation's business.
   */
  setWeights(changed: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** Frees what the session holds. May be called twice. */
  release(): Promise<void>;
}

export interface Engine {
  readonly backend: Backend;
  /** In words, e.g. "WebAssembly, 2 threads". */
  readonly device: string;
  /** Rises with every pass through a graph: what tests count to see that nothing is computed twice. */
  readonly runs: number;
  /** @param changed weights in the place of the graph's own, as {@link Session.setWeights} takes them */
  open(graph: Graph, changed?: ReadonlyMap<string, Float32Array>): Promise<Session>;
}
