import * as comlink from 'comlink';
import type { Exported, ExportStep, LoadProgress, Opened, ProbeList, Running } from '../../../workers/api.ts';
import type { Recipe } from '../../lab/compress/recipe.ts';
import type { SiteReconstruction } from '../../lab/compress/reconstruction.ts';
import type { Backend } from '../../lab/engine/engine.ts';
import { LabError } from '../../lab/errors.ts';
import type { ExportFormatId } from '../../lab/export/index.ts';
import type { Histogram } from '../../lab/metrics/histogram.ts';
import { resultKey } from '../../lab/result/key.ts';
import { makeResult } from '../../lab/result/result.ts';
import type { Result } from '../../lab/result/schema.ts';
import type { Suite, Wording } from '../../lab/suite/suite.ts';
import type { Preparing } from '../../lab/work.ts';
import { chunkEnd, concatenate } from '../chunks.ts';
import type { ResultCache } from '../storage/result-cache.ts';
import type { LabClient } from './client.ts';

/** Model and suite by the names of their folders; what the visitor brought comes with its content. */
export interface Files {
  model: string;
  suite: string;
  userSuite?: Suite;
}

/** What asking needs to know of the probes. */
export type AskedProbes = Pick<ProbeList, 'template' | 'order'>;

export interface EvaluatorEvents {
  onLoad?: (progress: LoadProgress) => void;
  onRunning?: (running: Running) => void;
  /** Something went wrong and the lab went on by itself. */
  onNotice?: (error: LabError) => void;
}

export interface AdvanceOptions {
  most?: number;
  onProgress?: (done: number) => void;
  onPreparing?: (progress: Preparing) => void;
}

/** So often in a row the worker may crash before the lab gives up. */
const mostCrashes = 3;

/**
 * Gets results from the cache or the worker, piece by piece, and keeps every piece. Where the worker crashes or the
 * GPU is lost it starts again where it was; a GPU that is lost twice or answers wrongly is left for WebAssembly.
 */
export class Evaluator {
  readonly #client: LabClient;
  readonly #cache: ResultCache;
  readonly #events: EvaluatorEvents;
  #backend: Backend | 'auto';
  #open: { files: Files; opened: Promise<Opened> } | undefined;
  #running: Promise<Running> | undefined;
  #losses = 0;
  #crashes = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** How often it was ended since the page was opened, by {@link end}. */
  ends = 0;
  /** Probes that the worker answered since the page was opened: what the cache gave is not among them. */
  computed = 0;

  constructor(client: LabClient, cache: ResultCache, backend: Backend | 'auto', events: EvaluatorEvents = {}) {
    this.#client = client;
    client.onEnd = () => {
      this.#open = undefined;
      this.#running = undefined;
    };
    this.#cache = cache;
    this.#backend = backend;
    this.#events = events;
  }

  /** One after the other: the worker holds one model. A failed task does not stop the next. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Reads a model and a suite; does nothing where they are open already. */
  async open(files: Files): Promise<Opened> {
    const open = this.#open;
    if (open && open.files.model === files.model && open.files.suite === files.suite) return open.opened;
    if (open) this.#client.restart();
    const opened = this.#client.call((lab) =>
      lab.open(
        { model: files.model, suite: files.userSuite ?? files.suite },
        comlink.proxy((progress: LoadProgress) => this.#events.onLoad?.(progress)),
      ),
    );
    this.#open = { files, opened };
    try {
      const { notices } = await opened;
      for (const notice of notices) this.#events.onNotice?.(LabError.from(notice));
      return await opened;
    } catch (error) {
      // A failed opening is forgotten, so that the next call tries again; another one may have begun meanwhile.
      if (this.#open?.opened === opened) this.#open = undefined;
      throw error;
    }
  }

  /** The probes of a template. */
  async probes(files: Files, template: Wording): Promise<ProbeList> {
    await this.open(files);
    return this.#client.call((lab) => lab.probes(template));
  }

  /** Starts the runtime, and says on what. */
  async start(): Promise<Running> {
    this.#running ??= this.#start();
    const running = this.#running;
    try {
      return await running;
    } catch (error) {
      if (this.#running === running) this.#running = undefined;
      throw error;
    }
  }

  async #start(): Promise<Running> {
    const running = await this.#client.call((lab) => lab.start(this.#backend));
    for (const notice of running.notices) this.#events.onNotice?.(LabError.from(notice));
    this.#events.onRunning?.(running);
    return running;
  }

  /** The content key of a result. */
  async key(files: Files, template: Wording, recipe: Recipe): Promise<string> {
    const { model, suite } = await this.open(files);
    return resultKey({ model, suite, template, recipe });
  }

  /**
   * Asks the next piece of a result and keeps it.
   *
   * @param probes the template's
   * @param before what is there already
   * @param options.most ask no probe of the order beyond this one; otherwise the piece decides
   * @param options.onProgress probes of this piece that are done
   * @param options.onPreparing how far measuring and compressing are, before the first probe is asked
   * @throws LabError `cancelled` where {@link cancel} or {@link end} was called, or what could not be mended
   */
  async advance(
    files: Files,
    probes: AskedProbes,
    recipe: Recipe,
    before: Result | null,
    options: AdvanceOptions = {},
  ): Promise<Result> {
    for (;;) {
      try {
        const stored = await this.#advance(files, probes, recipe, before, options);
        this.#crashes = 0;
        return stored;
      } catch (error) {
        this.#recover(LabError.from(error));
        options.onProgress?.(0);
      }
    }
  }

  async #advance(
    files: Files,
    probes: AskedProbes,
    recipe: Recipe,
    before: Result | null,
    { most = probes.order.length, onProgress, onPreparing }: AdvanceOptions,
  ): Promise<Result> {
    const { model, suite } = await this.open(files);
    const { device } = await this.start();
    const { template } = probes;
    const from = before?.entry.asked ?? 0;
    const to = Math.min(most, chunkEnd(from, probes.order.length));
    const piece = await this.#client.call((lab) =>
      lab.evaluate(
        { recipe, template, from, to },
        comlink.proxy((done: number) => onProgress?.(done)),
        comlink.proxy((progress: Preparing) => onPreparing?.(progress)),
      ),
    );
    this.computed += to - from;
    const predictions = before ? concatenate(before.predictions, piece.predictions) : piece.predictions;
    const result = makeResult(
      { model, suite, template, recipe },
      {
        predictions,
        of: probes.order.length,
        report: piece.report,
        backend: device,
        seconds: (before?.entry.seconds ?? 0) + piece.seconds,
        savedAt: Date.now(),
      },
    );
    await this.#cache.write(result);
    return result;
  }

  /**
   * How far each layer's outputs are from the uncompressed model's. Of one model at a time, as all work: call it within
   * {@link exclusive}.
   *
   * @throws LabError `cancelled` where {@link cancel} or {@link end} was called
   */
  async reconstruction(
    files: Files,
    recipe: Recipe,
    onProgress: (progress: Preparing) => void = () => {},
  ): Promise<SiteReconstruction[]> {
    await this.open(files);
    await this.start();
    return this.#client.call((lab) => lab.reconstruction(recipe, comlink.proxy(onProgress)));
  }

  /**
   * How the weights of one layer are spread before and after a recipe. Call it within {@link exclusive}, as
   * {@link reconstruction}.
   *
   * @throws LabError `cancelled` where {@link cancel} or {@link end} was called
   */
  async histogram(files: Files, job: { recipe: Recipe; site: string; bins: number }): Promise<Histogram> {
    await this.open(files);
    await this.start();
    return this.#client.call((lab) =>
      lab.histogram(
        job,
        comlink.proxy(() => {}),
      ),
    );
  }

  /**
   * The compressed model as a zip of files. Of one model at a time, as all work: call it within {@link exclusive}.
   *
   * @throws LabError `bad-recipe` where the format cannot hold it; `cancelled` where {@link cancel} or {@link end} was called
   */
  async export(
    files: Files,
    job: { recipe: Recipe; format: ExportFormatId },
    onProgress: (step: ExportStep) => void = () => {},
  ): Promise<Exported> {
    await this.open(files);
    await this.start();
    return this.#client.call((lab) => lab.export(job, comlink.proxy(onProgress)));
  }

  /** Makes ready for another try, or throws the error again where that would not help. */
  #recover(error: LabError): void {
    const toWasm = () => {
      this.#backend = 'wasm';
    };
    if (error.kind === 'device-wrong') toWasm();
    else if (error.kind === 'device-lost') {
      if (++this.#losses >= 2) toWasm();
    } else if (error.kind !== 'worker' || ++this.#crashes >= mostCrashes) throw error;
    this.#client.restart(error);
    this.#events.onNotice?.(error);
  }

  /** Stops the chunk in progress after the pass that it is in; the model stays open. */
  async cancel(): Promise<void> {
    // A worker that ends meanwhile has nothing left to stop.
    if (this.#open) await this.#client.raw((lab) => lab.cancel()).catch(() => {});
  }

  /** Ends the worker at once, with all that it holds; the next call starts another. */
  end(): void {
    this.ends++;
    this.#client.restart();
  }

  /** The words of these numbers, from the open model. */
  words(ids: Uint32Array): Promise<string[]> {
    return this.#client.raw((lab) => lab.words(ids));
  }

  /** Passes through a graph since the worker started. */
  async runs(): Promise<number> {
    return this.#open ? this.#client.raw((lab) => lab.runs()) : 0;
  }
}
