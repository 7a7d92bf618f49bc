import { calibrationOf } from '../compress/calibration.ts';
import type { ActivationQuantizer, Calibration, SiteActivations } from '../compress/method.ts';
import { type Applied, deviceSteps, measurements, type Recipe, recipeWork } from '../compress/recipe.ts';
import { type OutputError, reconstructionWork, type SiteReconstruction } from '../compress/reconstruction.ts';
import type { Report } from '../compress/size.ts';
import { type ActivationOutputs, buildActivationGraph } from '../engine/activation-graph.ts';
import type { Engine, Outputs, Session } from '../engine/engine.ts';
import { buildProbeGraph, type ProbeGraph, probeIo } from '../engine/graph.ts';
import { wasmBatch } from '../engine/ort.ts';
import { LabError } from '../errors.ts';
import type { ModelInput } from '../family/model-input.ts';
import { type Histogram, histogramPair } from '../metrics/histogram.ts';
import type { Model } from '../model/load.ts';
import { transpose } from '../onnx/tensors.ts';
import { runInChunks, sideBySide, stopIfAborted, type WorkOptions } from '../work.ts';
import { batchesByLength, canPad, fittingBatch, makeFeeds, modelFeeds } from './batches.ts';
import { calibrationRows } from './calibration.ts';
import { emptyPredictions, type Predictions } from './predictions.ts';
import type { Probe } from './probes.ts';
import { emptyAnswers, scorePass, scoreProbe } from './score.ts';

/** So many sets of measurements are kept, the latest used; fewer with Gram matrices, which are large. */
const mostMeasured = 4;
const mostGrams = 2;

/** Texts in a pass that measures; the same on every engine, because sums of floats depend on their order. */
const calibrationBatch = wasmBatch;

/** The model is compressed. */
export interface Made {
  /** Sizes and errors of the weights, counted when first asked for. Throws as {@link Prober.compress} does. */
  report(options?: WorkOptions): Promise<Report>;
}

export interface PredictOptions {
  signal?: AbortSignal;
  /** Called after each batch with how many of the probes are done. */
  onProgress?: (done: number) => void;
  /** Awaited between batches, so that a worker can read its messages (a cancellation, for one). */
  yieldNow?: () => Promise<void>;
}

/** What comes out of the graph for one prompt. */
export interface RawAnswer {
  ids: number[];
  logits: number[];
  logSumExp: number;
}

/** What predicting needs of a probe. */
export type ProbeQuestion = Pick<Probe, 'kind' | 'rows' | 'right'>;

/** What was measured on the texts of one calibration. */
interface Measured {
  hasGram: boolean;
  /** By site name. */
  sites: ReadonlyMap<string, SiteActivations>;
}

/** A level of compression, ready for the graph. */
interface Level {
  /** The weights that are not the model's own, by path, laid out as the graph wants them. */
  changed: ReadonlyMap<string, Float32Array>;
  /** What is done to activations, by site name. */
  quantizers: ReadonlyMap<string, ActivationQuantizer>;
  report: Report;
  bytes: number;
}

const keyOf = (recipe: Recipe) => JSON.stringify(recipe);

/** Levels that were made are kept up to so many bytes: a sweep comes back to each of them several times. */
const mostKept = 256 * 2 ** 20;

/** A model on an engine: compresses it and asks it. One at a time: calls must not overlap, but for {@link Made.report}. */
export class Prober {
  readonly model: Model;
  readonly engine: Engine;
  readonly #texts: () => readonly ModelInput[];
  readonly #plain: ProbeGraph;
  /** The graph that runs; another one than the plain one where activations are quantized. */
  #graph: ProbeGraph;
  /** Undefined where it could not be opened: the next compression tries again. */
  #session: Session | undefined;
  /** The recipe that the running weights are at, and its report; undefined while that is uncertain. */
  #current: { recipe: Recipe; made: Made } | undefined;
  /** By recipe, the latest used last. */
  readonly #levels = new Map<string, Level>();
  /** By calibration, the latest used last. */
  readonly #measured = new Map<string, Measured>();

  private constructor(
    model: Model,
    engine: Engine,
    graph: ProbeGraph,
    session: Session,
    texts: () => readonly ModelInput[],
  ) {
    this.model = model;
    this.engine = engine;
    this.#plain = graph;
    this.#graph = graph;
    this.#session = session;
    this.#texts = texts;
  }

  /**
   * @param texts the suite's in its first wording (calibrationTexts), which activations are measured on; asked for when
   *   the first recipe needs them
   * @throws LabError `bad-model` where the runtime refuses the graph
   */
  static async open(model: Model, engine: Engine, texts: () => readonly ModelInput[]): Promise<Prober> {
    const graph = buildProbeGraph(model.proto, model.sites, { ranking: engine.ranking });
    try {
      return new Prober(model, engine, graph, await engine.open(graph), texts);
    } catch (error) {
      throw LabError.from(error, 'bad-model', 'The runtime cannot run this model: try another export of it.');
    }
  }

  /**
   * Compresses the model; what {@link predict} says from now on is the compressed model's answer. Where it is stopped,
   * or the recipe does not fit, the model is still what it was before.
   *
   * @returns sizes and errors of the weights
   * @throws LabError `bad-recipe` or `bad-model`, see recipeWork; `cancelled` where the signal was given
   */
  async compress(recipe: Recipe, options: WorkOptions = {}): Promise<Report> {
    const made = await this.make(recipe, options);
    return made.report(options);
  }

  /**
   * The same, but without waiting for sizes and errors where the engine compresses on a GPU: they can be counted while
   * it computes. Returns at once if the model is at this recipe already. Throws as {@link compress} does.
   */
  async make(recipe: Recipe, options: WorkOptions = {}): Promise<Made> {
    if (this.#current && keyOf(this.#current.recipe) === keyOf(recipe)) return this.#current.made;
    const session = this.#graph === this.#plain ? this.#session : undefined;
    const isKept = this.#levels.has(keyOf(recipe));
    const { sitePaths } = this.#plain;
    const steps = session?.compress && !isKept ? deviceSteps(this.model.sites, recipe, sitePaths) : null;
    if (session?.compress && steps) {
      this.#current = undefined;
      await session.compress(steps);
      return this.#nowAt(recipe, { report: async (again) => (await this.#level(recipe, again)).report });
    }
    const { changed, quantizers, report } = await this.#level(recipe, options);
    this.#current = undefined;
    await this.#become(changed, quantizers);
    return this.#nowAt(recipe, { report: async () => report });
  }

  #nowAt(recipe: Recipe, made: Made): Made {
    this.#current = { recipe, made };
    return made;
  }

  /**
   * What a recipe makes of the weights; the model that is asked stays as it is, and {@link compress} finds it made.
   * Throws as {@link compress} does.
   */
  async apply(recipe: Recipe, options: WorkOptions = {}): Promise<Applied> {
    const { model } = this;
    const measured = new Map<string, Measured>();
    for (const { calibration, need } of measurements(recipe))
      measured.set(JSON.stringify(calibration), await this.#measure(calibration, need === 'gram', options));
    // What was shown last is that all is measured: the first piece may take a while.
    if (measured.size > 0) options.onProgress?.({ phase: 'compressing', share: 0 });
    const activations = (calibration: Calibration) => measured.get(JSON.stringify(calibration))!.sites;
    const applied = await runInChunks(
      recipeWork(model.weights, recipe, { ...model, activations }),
      'compressing',
      options,
    );
    this.#keep(recipe, this.#levelOf(applied));
    return applied;
  }

  /**
   * How far the layers' outputs are from the uncompressed model's, for the recipe that the model is at. Measured with
   * the calibration that methods have by default. Rounding of activations has no part in it: it is about weights alone.
   *
   * @returns for each layer whose weights changed, in the model's order
   * @throws LabError `cancelled` where the signal was given
   */
  async reconstruction(options: WorkOptions = {}): Promise<SiteReconstruction[]> {
    const level = await this.#level(this.#current?.recipe ?? [], options);
    const changed = this.model.weights.flatMap(({ site, values }) => {
      const now = level.changed.get(this.#plain.sitePaths.get(site.name)!);
      return now ? [{ site, original: values, now }] : [];
    });
    if (changed.length === 0) return [];
    const { sites } = await this.#measure(calibrationOf({}), true, options);
    options.onProgress?.({ phase: 'comparing', share: 0 });
    function* layers(): Generator<OutputError> {
      for (const { site, original, now } of changed) {
        const [rows, columns] = site.shape;
        // The graph has them as [inputs, outputs].
        const compressed = transpose(now, columns, rows);
        yield { site: site.name, rows, columns, original, compressed, activations: sites.get(site.name)! };
      }
    }
    return runInChunks(reconstructionWork(layers(), changed.length), 'comparing', options);
  }

  /**
   * How the weights of a layer were spread before the recipe that the model is at, and are now.
   *
   * @throws LabError `internal` where the model has no such layer, `cancelled` where the signal was given
   */
  async histogram(site: string, bins: number, options: WorkOptions = {}): Promise<Histogram> {
    const original = this.model.weights.find((entry) => entry.site.name === site);
    if (!original) throw new LabError('internal', `This model has no layer ${site}.`);
    const level = await this.#level(this.#current?.recipe ?? [], options);
    const now = level.changed.get(this.#plain.sitePaths.get(site)!) ?? original.values;
    return histogramPair(original.values, now, bins);
  }

  /**
   * Asks the model as it is now.
   *
   * @returns predictions in the order of `probes`
   * @throws LabError `cancelled` where the signal was given, `device-lost` where the GPU went away
   */
  async predict(probes: readonly ProbeQuestion[], options: PredictOptions = {}): Promise<Predictions> {
    const { signal, onProgress, yieldNow } = options;
    const rows: ModelInput[] = [];
    /** For each row where its first pick's answer goes; for each probe the same of its first row. */
    const places: number[] = [];
    const firsts: number[] = [];
    let picks = 0;
    for (const probe of probes) {
      firsts.push(picks);
      for (const row of probe.rows.flat()) {
        rows.push(row);
        places.push(picks);
        picks += row.picks.length;
      }
    }
    const answers = emptyAnswers(picks);
    let done = 0;
    const { inputs } = this.#graph;
    // Where activations are rounded by a text's range, padding would be part of the text.
    const pads = this.#graph === this.#plain && canPad(inputs);
    const batches = batchesByLength(rows, fittingBatch(this.engine.batch, this.model), pads);
    const ask = async (batch: readonly number[]) => {
      const chosen = batch.map((position) => rows[position]);
      const outputs = await this.#running.run(makeFeeds(chosen, inputs));
      const at = batch.map((position) => places[position]);
      scorePass(outputs, chosen, this.model.vocabulary, answers, at);
      done += batch.length;
      // A probe of several texts is done when all of them are; told as their share.
      onProgress?.(Math.floor((done / rows.length) * probes.length));
    };
    await sideBySide(batches, this.engine.lanes, ask, { signal, yieldNow });
    const result = emptyPredictions(probes.length);
    probes.forEach((probe, at) => {
      scoreProbe(probe, answers, firsts[at], result, at);
    });
    return result;
  }

  /**
   * The raw logits of a few texts, one pass each: what parity checks and the check of a GPU compare.
   *
   * @returns for each text's first pick the k highest logits, falling, and log Σ exp(logit) over the vocabulary
   */
  async logits(rows: readonly ModelInput[]): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = [];
    const { topK } = this.#graph;
    for (const row of rows) {
      const outputs = await this.#running.run(makeFeeds([row], this.#graph.inputs));
      answers.push({
        ids: Array.from((outputs[probeIo.topIds] as BigInt64Array).subarray(0, topK), Number),
        logits: Array.from((outputs[probeIo.topValues] as Float32Array).subarray(0, topK)),
        logSumExp: (outputs[probeIo.logSumExp] as Float32Array)[0],
      });
    }
    return answers;
  }

  /** Frees the session. */
  async close(): Promise<void> {
    await this.#session?.release();
  }

  get #running(): Session {
    if (this.#session) return this.#session;
    throw new LabError('internal', 'The compressed model could not be opened.');
  }

  /** The level of a recipe: from the last ones, or made. */
  async #level(recipe: Recipe, options: WorkOptions = {}): Promise<Level> {
    const key = keyOf(recipe);
    const kept = this.#levels.get(key);
    if (kept) this.#keep(recipe, kept);
    else await this.apply(recipe, options);
    return this.#levels.get(key)!;
  }

  /** Keeps a level as the one used last; the ones used longest ago make way. */
  #keep(recipe: Recipe, level: Level): void {
    const key = keyOf(recipe);
    this.#levels.delete(key);
    this.#levels.set(key, level);
    let bytes = [...this.#levels.values()].reduce((sum, other) => sum + other.bytes, 0);
    for (const [oldest, { bytes: size }] of this.#levels) {
      if (bytes <= mostKept || oldest === key) break;
      this.#levels.delete(oldest);
      bytes -= size;
    }
  }

  #levelOf({ matrices, report }: Applied): Level {
    const changed = new Map<string, Float32Array>();
    const quantizers = new Map<string, ActivationQuantizer>();
    let bytes = 0;
    for (const { site, values, rows, columns, activations } of matrices) {
      changed.set(this.#plain.sitePaths.get(site.name)!, transpose(values, rows, columns));
      if (activations) quantizers.set(site.name, activations);
      bytes += values.byteLength;
    }
    return { changed, quantizers, report, bytes };
  }

  /** Makes the graph run with these weights, and with the roundings of activations that they were made for. */
  async #become(changed: Level['changed'], quantizers: Level['quantizers']): Promise<void> {
    const isPlain = quantizers.size === 0;
    if (isPlain && this.#session && this.#graph === this.#plain) return this.#session.setWeights(changed);
    const { proto, sites } = this.model;
    const { weights } = this.#plain;
    const { ranking } = this.engine;
    const graph = isPlain ? this.#plain : buildProbeGraph(proto, sites, { quantizers, weights, ranking });
    // The old session goes first: two at once would double the memory, which WebAssembly never gives back.
    const old = this.#session;
    this.#session = undefined;
    await old?.release();
    this.#session = await this.engine.open(graph, changed);
    this.#graph = graph;
  }

  /** Activations of the uncompressed model over all tokens of a calibration's texts: from the last few, or measured. */
  async #measure(calibration: Calibration, withGram: boolean, options: WorkOptions): Promise<Measured> {
    const key = JSON.stringify(calibration);
    const known = this.#measured.get(key);
    const measured = known && (known.hasGram || !withGram) ? known : await this.#run(calibration, withGram, options);
    this.#measured.delete(key);
    this.#measured.set(key, measured);
    const keys = [...this.#measured.keys()];
    const grams = keys.filter((other) => this.#measured.get(other)!.hasGram);
    if (grams.length > mostGrams) this.#measured.delete(grams[0]);
    else if (keys.length > mostMeasured) this.#measured.delete(keys[0]);
    return measured;
  }

  async #run(
    calibration: Calibration,
    withGram: boolean,
    { signal, onProgress, yieldNow }: WorkOptions,
  ): Promise<Measured> {
    const { proto, sites, tokenizer } = this.model;
    stopIfAborted(signal);
    onProgress?.({ phase: 'calibrating', share: 0 });
    const rows = calibrationRows(this.#texts(), calibration, tokenizer);
    const { weights } = this.#plain;
    const graph = buildActivationGraph(proto, sites, { withGram, weights });
    const sums = new Map<ActivationOutputs, SiteActivations>();
    const session = await this.engine.open(graph);
    try {
      let done = 0;
      const sumUp = async (batch: readonly number[]) => {
        const chosen = batch.map((position) => rows[position]);
        const outputs = await session.run(modelFeeds(chosen, graph.inputs));
        for (const names of new Set(graph.outputs.values())) addTo(sums, names, outputs);
        done += batch.length;
        onProgress?.({ phase: 'calibrating', share: done / rows.length });
      };
      // One after the other: sums of floats depend on their order, and equal recipes have to give equal weights.
      await sideBySide(batchesByLength(rows, calibrationBatch), 1, sumUp, { signal, yieldNow });
    } finally {
      await session.release();
    }
    return {
      hasGram: withGram,
      sites: new Map([...graph.outputs].map(([site, names]) => [site, sums.get(names)!])),
    };
  }
}

/** Adds what a pass measured at one tensor to what the passes before it did; in double precision. */
function addTo(sums: Map<ActivationOutputs, SiteActivations>, names: ActivationOutputs, outputs: Outputs): void {
  const part = (name: string) => outputs[name] as Float32Array;
  const { length } = part(names.sum);
  const all = sums.get(names) ?? {
    tokens: 0,
    sum: new Float64Array(length),
    absSum: new Float64Array(length),
    energy: new Float64Array(length),
    absMax: new Float32Array(length),
    gram: names.gram === null ? null : new Float64Array(length * length),
  };
  sums.set(names, all);
  all.tokens += Number((outputs[names.tokens] as BigInt64Array)[0]);
  add(all.sum, part(names.sum));
  add(all.absSum, part(names.absSum));
  add(all.energy, part(names.energy));
  const absMax = part(names.absMax);
  for (let i = 0; i < length; i++) all.absMax[i] = Math.max(all.absMax[i], absMax[i]);
  if (all.gram && names.gram !== null) add(all.gram, part(names.gram));
}

function add(sum: Float64Array, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) sum[i] += values[i];
}
