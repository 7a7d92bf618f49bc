import type { Recipe } from './compress/recipe.ts';
import type { SiteReconstruction } from './compress/reconstruction.ts';
import type { Report } from './compress/size.ts';
import type { Engine } from './engine/engine.ts';
import { LabError } from './errors.ts';
import type { ExportFormatId } from './export/index.ts';
import type { WriteOptions, Written } from './export/write.ts';
import type { ModelInput } from './family/index.ts';
import type { Histogram } from './metrics/histogram.ts';
import type { Model, ModelFiles } from './model/load.ts';
import { calibrationTexts } from './probe/calibration.ts';
import { emptyPredictions, type Predictions, placePredictions } from './probe/predictions.ts';
import { Prober } from './probe/prober.ts';
import { type Answers, makeProbes, type ProbeSet } from './probe/probes.ts';
import { taskScores } from './probe/score.ts';
import { answersOf, type ResultJson, toJson } from './result/json.ts';
import { makeResult } from './result/result.ts';
import type { Suite, Wording } from './suite/suite.ts';
import type { Preparing, WorkOptions } from './work.ts';

/**
 * Opens a model on what runs it.
 *
 * @param texts what activations are measured on
 */
export type OpenProber = (model: Model, texts: () => readonly ModelInput[]) => Promise<Prober>;

/** What a session holds. */
export interface SessionParts {
  model: Model & { name: string };
  /** The files that the model was loaded from: only exports need them. */
  files?: ModelFiles;
  /** What the model is asked; null where it is only compressed and exported. */
  suite: (Suite & { name: string }) | null;
  /** Which answers count; `single-token` by default. */
  answers?: Answers;
  /** What runs the model: an engine, or a function that opens it on one. Used on first need. */
  engine: Engine | OpenProber;
}

/** A part of the stratified order, in one wording. */
export interface ProbeRange {
  recipe: Recipe;
  wording: Wording;
  from: number;
  /** Not itself included. */
  to: number;
}

export interface EvaluateOptions extends Omit<WorkOptions, 'onProgress'> {
  /** Called after each pass with how many probes are done. */
  onProgress?: (done: number) => void;
  /** Called while activations are measured and weights compressed, where that takes long. */
  onPreparing?: (progress: Preparing) => void;
}

/** Answers to a {@link ProbeRange}, in the order of asking. */
export interface Evaluated {
  predictions: Predictions;
  report: Report;
  seconds: number;
}

export interface RunOptions extends Omit<EvaluateOptions, 'onProgress'> {
  /** The suite's first wording by default. */
  wording?: Wording;
  /** Ask only the first probes of the stratified order, which are a fair sample. */
  limit?: number;
  /** Also measure how far each layer's outputs are from the uncompressed model's. */
  reconstruct?: boolean;
  /** Also put every answer into the result, so that the page's Library can import it. */
  keep?: boolean;
  onProgress?: (done: number, of: number) => void;
}

export interface ExportOptions extends WriteOptions {
  /** How many texts the files are checked on, 16 by default: the suite's first, or random words where there is no suite. */
  compared?: number;
}

/**
 * A model, what it is asked, and what runs it: compresses the model by a recipe, asks it, measures it and exports it.
 * One call at a time. Every call that works takes a signal, and is rejected with a LabError `cancelled` where that is
 * aborted; the session can be used on.
 */
export class LabSession {
  readonly model: SessionParts['model'];
  readonly answers: Answers;
  readonly #parts: SessionParts;
  readonly #sets = new Map<Wording, ProbeSet>();
  #prober: Promise<Prober> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.model = parts.model;
    this.answers = parts.answers ?? 'single-token';
  }

  /** @throws LabError `internal` where the session was opened without one */
  get suite(): Suite & { name: string } {
    const { suite } = this.#parts;
    if (suite) return suite;
    throw new LabError('internal', 'This session has no suite.');
  }

  /**
   * The suite's probes in a wording (by default its first), made once.
   *
   * @throws LabError `bad-suite` where the model can be asked nothing of it
   */
  probes(wording: Wording = this.suite.wordings[0]): ProbeSet {
    const set = this.#sets.get(wording) ?? makeProbes(this.suite, wording, this.model, this.answers);
    this.#sets.set(wording, set);
    return set;
  }

  /**
   * Opens the model on its engine, unless that was done already. The other calls do it by themselves.
   *
   * @throws LabError `bad-model` where the runtime refuses it; the next call tries again
   */
  start(): Promise<Prober> {
    if (this.#prober) return this.#prober;
    const { engine } = this.#parts;
    const texts = () => (this.#parts.suite ? calibrationTexts(this.probes().probes) : []);
    const starting = typeof engine === 'function' ? engine(this.model, texts) : Prober.open(this.model, engine, texts);
    this.#prober = starting;
    starting.catch(() => {
      this.#prober = undefined;
    });
    return starting;
  }

  /**
   * Compresses the model and asks it a part of the probes.
   *
   * @throws LabError `bad-recipe` where the recipe does not fit the model
   */
  async evaluate({ recipe, wording, from, to }: ProbeRange, options: EvaluateOptions = {}): Promise<Evaluated> {
    const begun = performance.now();
    const { signal, onProgress, onPreparing, yieldNow } = options;
    const prober = await this.start();
    const { probes, order } = this.probes(wording);
    const made = await prober.make(recipe, { signal, onProgress: onPreparing, yieldNow });
    await yieldNow?.();
    const asked = Array.from(order.subarray(from, to), (number) => probes[number]);
    // Sizes are counted while a GPU computes. Its progress is that of the answers, which come first.
    const answers = prober.predict(asked, { signal, onProgress, yieldNow });
    const [predictions, report] = await Promise.allSettled([answers, made.report({ signal, yieldNow })]);
    if (predictions.status === 'rejected') throw predictions.reason;
    if (report.status === 'rejected') throw report.reason;
    return { predictions: predictions.value, report: report.value, seconds: secondsSince(begun) };
  }

  /**
   * Compresses the model and asks it: everything, or a sample.
   *
   * @returns the result, and the predictions by probe number (rank 0: not asked)
   * @throws LabError `bad-recipe` where the recipe does not fit the model
   */
  async run(recipe: Recipe, options: RunOptions = {}): Promise<{ result: ResultJson; predictions: Predictions }> {
    const begun = performance.now();
    const { wording, limit, reconstruct, keep, onProgress, ...rest } = options;
    const set = this.probes(wording);
    const asked = set.order.subarray(0, limit);
    const prober = await this.start();
    const reconstruction = reconstruct
      ? await this.reconstruct(recipe, { ...rest, onProgress: options.onPreparing })
      : undefined;
    const question = { recipe, wording: set.template, from: 0, to: asked.length };
    const { predictions: answers, report } = await this.evaluate(question, {
      ...rest,
      onProgress: (done) => onProgress?.(done, asked.length),
    });
    const predictions = emptyPredictions(set.probes.length);
    placePredictions(predictions, answers, asked);
    const { model, suite } = this;
    const made = makeResult(
      { model, suite, template: set.template, recipe, answers: this.answers },
      {
        of: set.probes.length,
        predictions: answers,
        report,
        backend: prober.engine.device,
        seconds: secondsSince(begun),
        savedAt: Date.now(),
      },
    );
    const result = toJson(made, set, {
      answers: this.answers,
      tasks: taskScores(set, predictions),
      reconstruction,
      kept: keep ? answersOf(made, model.tokenizerSha256) : undefined,
    });
    return { result, predictions };
  }

  /**
   * Compresses the model and compares the outputs of each changed layer with the uncompressed model's.
   *
   * @throws LabError `bad-recipe` where the recipe does not fit the model
   */
  async reconstruct(recipe: Recipe, options: WorkOptions = {}): Promise<SiteReconstruction[]> {
    const prober = await this.start();
    await prober.make(recipe, options);
    return prober.reconstruction(options);
  }

  /**
   * Compresses the model and counts the weights of one layer in bins, before and after.
   *
   * @param site a layer's name
   * @throws LabError `bad-recipe` where the recipe does not fit the model, `internal` where it has no such layer
   */
  async histogram(recipe: Recipe, site: string, bins: number, options: WorkOptions = {}): Promise<Histogram> {
    const prober = await this.start();
    await prober.make(recipe, options);
    return prober.histogram(site, bins, options);
  }

  /**
   * Compresses the model and writes it as files that other programs read. They are checked where the options say what
   * runs them.
   *
   * @throws LabError `bad-recipe` where the recipe does not fit the model, or the format cannot hold what it makes
   */
  async export(recipe: Recipe, format: ExportFormatId, options: ExportOptions = {}): Promise<Written> {
    const { files, suite } = this.#parts;
    if (!files) throw new LabError('internal', 'This session was opened without the files of its model.');
    // On first need: a page that only asks does not load what writes files.
    const [{ writeExport }, { drawnRows }, prober] = await Promise.all([
      import('./export/write.ts'),
      import('./export/verify.ts'),
      this.start(),
    ]);
    const { compared = 16, ...rest } = options;
    const rows = suite ? this.#firstTexts(compared) : drawnRows(this.model, compared);
    return writeExport(prober, { files, recipe, format, rows }, rest);
  }

  #firstTexts(count: number): ModelInput[] {
    const { probes, order } = this.probes();
    return Array.from(order.subarray(0, count), (number) => probes[number].rows[0][0]);
  }

  /** The words of these numbers, as {@link Predictions} has them. */
  words(ids: Iterable<number>): string[] {
    return Array.from(ids, (id) => this.model.tokenizer.word(id));
  }

  /** Frees what the engine holds. */
  async close(): Promise<void> {
    await (await this.#prober)?.close();
  }
}

const secondsSince = (begun: number) => (performance.now() - begun) / 1000;
