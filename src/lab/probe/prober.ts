import type { SiteActivations } from '../compress/method.ts';
import { type Applied, applyRecipe, measurements, type Recipe } from '../compress/recipe.ts';
import type { Report } from '../compress/size.ts';
import type { Engine, Session } from '../engine/engine.ts';
import { buildActivationGraph, buildProbeGraph, type ProbeGraph, probeIo } from '../engine/graph.ts';
import { LabError } from '../errors.ts';
import type { Row } from '../family/row.ts';
import type { Model } from '../model/load.ts';
import { transpose } from '../model/tensors.ts';
import { batchesByLength, makeFeeds, modelFeeds } from './batches.ts';
import { emptyPredictions, type Predictions } from './predictions.ts';
import type { Probe } from './probes.ts';
import { emptyAnswers, scorePass, scoreProbe } from './score.ts';

/** How many 'seen' prompts activations are measured on (reference protocol). */
export const calibrationPrompts = 256;

export interface PredictOptions {
  signal?: AbortSignal;
  /** Called after each batch with how many of the probes are done. */
  onProgress?: (done: number) => void;
  /** Awaited between batches, so that a worker can read its messages (a cancellation, for one). */
  breathe?: () => Promise<void>;
}

/** What comes out of the graph for one prompt. */
export interface RawAnswer {
  ids: number[];
  logits: number[];
  logSumExp: number;
}

/** What predicting needs of a probe. */
export type Question = Pick<Probe, 'kind' | 'rows' | 'right'>;

/** The first rows of the first probes: what activations are measured on, and a GPU is checked with. */
export function calibrationRows(probes: readonly Probe[]): Row[] {
  return probes.slice(0, calibrationPrompts).map(({ rows }) => rows[0][0]);
}

/** A model on an engine: compresses it and asks it. One at a time: calls must not overlap. */
export class Prober {
  readonly model: Model;
  readonly engine: Engine;
  readonly #graph: ProbeGraph;
  readonly #session: Session;
  readonly #calibration: readonly Row[];
  #measured: Map<string, SiteActivations> | undefined;

  private constructor(model: Model, engine: Engine, graph: ProbeGraph, session: Session, calibration: readonly Row[]) {
    this.model = model;
    this.engine = engine;
    this.#graph = graph;
    this.#session = session;
    this.#calibration = calibration;
  }

  /**
   * @param calibration the texts on which activations are measured ({@link calibrationRows})
   * @throws LabError `bad-model` where the runtime refuses the graph
   */
  static async open(model: Model, engine: Engine, calibration: readonly Row[]): Promise<Prober> {
    const graph = buildProbeGraph(model.proto, model.sites);
    try {
      return new Prober(model, engine, graph, await engine.open(graph), calibration);
    } catch (error) {
      throw LabError.from(error, 'bad-model', 'The runtime cannot run this model: try another export of it.');
    }
  }

  /**
   * Compresses the model; what {@link predict} says from now on is the compressed model's answer.
   *
   * @returns sizes and errors of the weights
   * @throws LabError `bad-recipe` or `bad-model`, see applyRecipe
   */
  async compress(recipe: Recipe): Promise<Report> {
    const applied = await this.apply(recipe);
    await this.use(applied);
    return applied.report;
  }

  /** What a recipe makes of the weights; the model that is asked stays as it is. */
  async apply(recipe: Recipe): Promise<Applied> {
    const { model } = this;
    const measured = measurements(recipe).length > 0 ? await this.#measure() : new Map<string, SiteActivations>();
    return applyRecipe(model.weights, recipe, { ...model, activations: () => measured });
  }

  /** Makes the model that is asked one with these weights. */
  async use({ matrices }: Applied): Promise<void> {
    const changed = new Map<string, Float32Array>();
    for (const { site, values, rows, columns } of matrices) {
      const path = this.#graph.sitePaths.get(site.name);
      if (path) changed.set(path, transpose(values, rows, columns));
    }
    await this.#session.setWeights(changed);
  }

  /**
   * Asks the model as it is now.
   *
   * @returns predictions in the order of `probes`
   * @throws LabError `cancelled` where the signal was given, `device-lost` where the GPU went away
   */
  async predict(probes: readonly Question[], options: PredictOptions = {}): Promise<Predictions> {
    const { signal, onProgress, breathe } = options;
    const rows: Row[] = [];
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
    for (const batch of batchesByLength(rows)) {
      if (signal?.aborted) throw new LabError('cancelled', 'Stopped.');
      const chosen = batch.map((position) => rows[position]);
      const outputs = await this.#session.run(makeFeeds(chosen, this.#graph.inputs));
      scorePass(
        outputs,
        chosen,
        this.model.vocabulary,
        answers,
        batch.map((position) => places[position]),
      );
      done += batch.length;
      // A probe of several texts is done when all of them are; told as their share.
      onProgress?.(Math.floor((done / rows.length) * probes.length));
      await breathe?.();
    }
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
  async logits(rows: readonly Row[]): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = [];
    const { topK } = this.#graph;
    for (const row of rows) {
      const outputs = await this.#session.run(makeFeeds([row], this.#graph.inputs));
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
    await this.#session.release();
  }

  /** Activations over the tokens of the calibration prompts, of the uncompressed model; measured once. */
  async #measure(): Promise<Map<string, SiteActivations>> {
    if (this.#measured) return this.#measured;
    const graph = buildActivationGraph(this.model.proto, this.model.sites);
    const session = await this.engine.open(graph);
    const sums = new Map<string, Float64Array>();
    try {
      for (const batch of batchesByLength(this.#calibration)) {
        const chosen = batch.map((position) => this.#calibration[position]);
        const outputs = await session.run(modelFeeds(chosen, graph.inputs));
        for (const name of new Set(graph.outputs.values())) {
          const values = outputs[name] as Float32Array;
          const sum = sums.get(name) ?? new Float64Array(values.length);
          for (let i = 0; i < values.length; i++) sum[i] += values[i];
          sums.set(name, sum);
        }
      }
    } finally {
      await session.release();
    }
    this.#measured = new Map(
      [...graph.outputs].map(([site, output]) => {
        const energy = sums.get(output)!;
        const none = new Float64Array(0);
        return [site, { tokens: 0, energy, sum: none, absSum: none, absMax: new Float32Array(0), gram: null }];
      }),
    );
    return this.#measured;
  }
}
