import type { Recipe } from '../src/lab/compress/recipe.ts';
import type { SiteReconstruction } from '../src/lab/compress/reconstruction.ts';
import type { Backend } from '../src/lab/engine/engine.ts';
import type { PlainError } from '../src/lab/errors.ts';
import type { ExportFormatId } from '../src/lab/export/index.ts';
import type { Likeness } from '../src/lab/export/verify.ts';
import type { Histogram } from '../src/lab/metrics/histogram.ts';
import type { FamilyId, Site } from '../src/lab/model/site.ts';
import type { AskedRelation } from '../src/lab/probe/probes.ts';
import type { Evaluated } from '../src/lab/session.ts';
import type { Skipped, Suite, Wording } from '../src/lab/suite/suite.ts';
import type { Preparing } from '../src/lab/work.ts';

/** What the lab worker answers with: errors travel as data, because a thrown one would arrive as a bare message. */
export type Settled<T> = { ok: true; value: T } | { ok: false; error: PlainError };

/** Bytes of all files together, those that are kept already included. */
export interface LoadProgress {
  done: number;
  total: number;
}

export interface OpenedModel {
  name: string;
  title: string;
  sha256: string;
  tokenizerSha256: string;
  family: FamilyId;
  parameters: number;
  licence: string;
  training: string;
  sites: Site[];
  /** Attention heads of a block, and those with keys and values of their own; 0 where unknown. */
  heads: number;
  keyValueHeads: number;
}

export interface OpenedSuite {
  name: string;
  title: string;
  licence: string;
  sha256: string;
  /** The wordings that it can be asked in, the first one by default. */
  wordings: readonly Wording[];
}

/** A model and a suite, read but not yet running. */
export interface Opened {
  model: OpenedModel;
  suite: OpenedSuite;
  /** What went wrong without stopping anything, e.g. that the browser keeps no files. */
  notices: PlainError[];
}

/** The probes of a template as the page needs them; numbers count through the relations in turn. */
export interface ProbeList {
  template: Wording;
  relations: AskedRelation[];
  /** Per probe: what it is about, the text that the model is given, and what is right. */
  subjects: string[];
  prompts: string[];
  gold: string[][];
  /** Per probe: the right option of a choice; -1 for facts. */
  right: Int8Array;
  /** Per probe: how many sentences of one pass of the training state it; null where that is not known. */
  frequency: (number | null)[];
  /** What was left out, and why. */
  skipped: Skipped[];
  /** Probe numbers in the order in which they are asked. */
  order: Uint32Array;
}

/** A file that the visitor chose, with its path within the chosen folder. */
export interface UserFile {
  path: string;
  file: Blob;
}

/** What runs the graphs. */
export interface Running {
  backend: Backend;
  device: string;
  /** Set where the GPU was compared with WebAssembly: the largest difference of a logit. */
  checkedTo: number | null;
  /** Why it is not what was asked for. */
  notices: PlainError[];
}

/** What is being done for an export, and how much of it, 0 to 1. */
export interface ExportStep {
  phase: 'compressing' | 'writing' | 'checking' | 'packing';
  share: number;
}

/** A compressed model as files. */
export interface Exported {
  zip: Uint8Array<ArrayBuffer>;
  /** What is in it, with the bytes of each file before packing. */
  files: { name: string; bytes: number }[];
  /** What a runtime of its own made of the files, beside the lab; null for formats that no runtime runs as they are. */
  verified: Likeness | null;
}

/** The worker's side of the lab. One call of `evaluate`, `reconstruction`, `histogram` or `export` at a time. */
export interface LabWorker {
  /** Fetches and reads a model and a suite; a suite that the visitor brought is given as it is. */
  open(
    files: { model: string; suite: string | Suite },
    onProgress: (progress: LoadProgress) => void,
  ): Promise<Settled<Opened>>;
  /** Reads a suite from the visitor's files: a folder, a zip or a single file (LAMA, LM-harness tasks, the lab's own). */
  importSuite(files: readonly UserFile[], name: string): Promise<Settled<Suite>>;
  /** The probes of the opened model and suite. */
  probes(template: Wording): Promise<Settled<ProbeList>>;
  /** Starts the runtime. Without it the first `evaluate` does, on what suits this machine. */
  start(backend: Backend | 'auto'): Promise<Settled<Running>>;
  /**
   * Compresses the model and asks it the probes from..to of the template's order.
   *
   * @param onProgress probes that are done
   * @param onPreparing how far measuring and compressing are, where that takes long enough to be told
   */
  evaluate(
    job: { recipe: Recipe; template: Wording; from: number; to: number },
    onProgress: (done: number) => void,
    onPreparing: (progress: Preparing) => void,
  ): Promise<Settled<Evaluated>>;
  /** Compresses the model, and compares the outputs of each changed layer with the uncompressed model's. */
  reconstruction(recipe: Recipe, onProgress: (progress: Preparing) => void): Promise<Settled<SiteReconstruction[]>>;
  /** Compresses the model, and counts the weights of one layer in bins, before and after. */
  histogram(
    job: { recipe: Recipe; site: string; bins: number },
    onProgress: (progress: Preparing) => void,
  ): Promise<Settled<Histogram>>;
  /** Compresses the model and writes it down as a zip of the files that other programs take. */
  export(
    job: { recipe: Recipe; format: ExportFormatId },
    onProgress: (step: ExportStep) => void,
  ): Promise<Settled<Exported>>;
  /** Stops `evaluate`, `reconstruction`, `histogram` or `export` after the pass, or the piece of its work, that it is in. */
  cancel(): Promise<void>;
  /** The words of these numbers. */
  words(ids: Uint32Array): Promise<string[]>;
  /** Passes through a graph since the worker started. */
  runs(): Promise<number>;
}
