/** The contract between the lab and whatever runs graphs. */
import type { DeviceStep } from '../compress/method.ts';

export type Backend = 'wasm' | 'webgpu';

/** How far a GPU's logits may be off: ten times what float32 sums in another order were seen to differ by. */
export const gpuTolerance = 5e-3;

/** A graph whose large weights lie beside it. */
export interface Graph {
  /** ONNX bytes, a few hundred kB. */
  skeleton: Uint8Array<ArrayBuffer>;
  /** float32 values by path, laid out as the graph wants them. */
  weights: ReadonlyMap<string, Float32Array>;
  /**
   * The shapes of those weights that are inputs of the graph, by path: what a level of compression changes. The others
   * are external data of the graph. None where it is left out.
   */
  matrices?: ReadonlyMap<string, readonly number[]>;
}

/** An integer input. */
export interface IntTensor {
  data: BigInt64Array;
  dims: readonly number[];
}

export type Feeds = Readonly<Record<string, IntTensor>>;
export type Outputs = Record<string, Float32Array | BigInt64Array>;

/**
 * A graph that is ready to run. A model of two graphs (encoder-decoder) has two of these. Runs may overlap, as many as
 * the engine has lanes; other calls wait until the runs are done, and the caller waits for them.
 */
export interface Session {
  /** One pass. @throws LabError `device-lost` where the GPU went away, `device-wrong` where it cannot do it */
  run(feeds: Feeds): Promise<Outputs>;
  /**
   * Makes the graph run with these weights in the place of its own; paths that are not named have theirs again.
   *
   * @param changed by paths of {@link Graph.matrices}; the arrays are not changed afterwards
   */
  setWeights(changed: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** The same, with weights that the engine makes of the graph's own where they lie. Only where they lie on a GPU. */
  compress?(steps: readonly DeviceStep[]): Promise<void>;
  /** Frees what the session holds. May be called twice. */
  release(): Promise<void>;
}

/** What suits one pass. */
export interface Batch {
  /** The most texts, predictions, and tokens of all texts together. */
  readonly rows: number;
  readonly picks: number;
  readonly tokens: number;
  /**
   * What a pass costs beside its tokens, in tokens. Where it is above 0, texts of several lengths share a pass if that is
   * cheaper, and the shorter ones are padded.
   */
  readonly passCost: number;
}

export interface Engine {
  readonly backend: Backend;
  /** In words, e.g. "WebAssembly, 2 threads". */
  readonly device: string;
  /** Rises with every pass through a graph: what tests count to see that nothing is computed twice. */
  readonly runs: number;
  /** How many runs of a session may overlap; as many keep it busy. */
  readonly lanes: number;
  readonly batch: Batch;
  /** Whether graphs rank the words themselves, or give logits (probeIo.logits) that the engine ranks. */
  readonly ranking: 'graph' | 'engine';
  /** @param changed weights in the place of the graph's own, as {@link Session.setWeights} takes them */
  open(graph: Graph, changed?: ReadonlyMap<string, Float32Array>): Promise<Session>;
}
