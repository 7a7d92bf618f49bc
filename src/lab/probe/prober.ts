import { applyRecipe, needsActivations, type Recipe } from '../compress/recipe.ts';
import type { Report } from '../compress/size.ts';
import type { Engine, Session } from '../engine/engine.ts';
import { buildActivationGraph, buildProbeGraph, type ProbeGraph, probeIo } from '../engine/graph.ts';
import { LabError } from '../errors.ts';
import type { Model } from '../model/load.ts';
import { transpose } from '../model/tensors.ts';
import { batchesByLength, inputValues, makeFeeds } from './batches.ts';
import { emptyPredictions, type Predictions, placePredictions } from './predictions.ts';
import type { Probe } from './probes.ts';
import { scorePass } from './score.ts';

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

export type Question = Pick<Probe, 'ids' | 'mask' | 'gold'>;

/** A model on an engine: compresses it and asks it. One at a time: calls must not overlap. */
export class Prober {
  readonly model: Model;
  readonly engine: Engine;
  readonly #graph: ProbeGraph;
  readonly #session: Session;
  readonly #calibration: readonly Question[];
  #norms: Map<string, Float32Array> | undefined;

  private constructor(
    model: Model,
    engine: Engine,
    graph: ProbeGraph,
    session: Session,
    calibration: readonly Question[],
  ) {
    this.model = model;
    this.engine = engine;
    this.#graph = graph;
    this.#session = session;
    this.#calibration = calibration;
  }

  /**
   * @param calibration the prompts on which activations are measured: the first 256 of the suite's 'seen' template
   * @throws LabError `bad-model` where the runtime refuses the graph
   */
  static async open(model: Model, engine: Engine, calibration: readonly Question[]): Promise<Prober> {
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
    const { model } = this;
    const inputNorms = needsActivations(recipe) ? await this.#measureNorms() : new Map<string, Float32Array>();
    const { matrices, report } = applyRecipe(model.weights, recipe, model.otherBytes, { inputNorms });
    const changed = new Map<string, Float32Array>();
    for (const { site, values, rows, columns } of matrices) {
      const path = this.#graph.sitePaths.get(site.name);
      if (path) changed.set(path, transpose(values, rows, columns));
    }
    await this.#session.setWeights(changed);
    return report;
  }

  /**
   * Asks the model as it is now.
   *
   * @returns predictions in the order of `probes`
   * @throws LabError `cancelled` where the signal was given, `device-lost` where the GPU went away
   */
  async predict(probes: readonly Question[], options: PredictOptions = {}): Promise<Predictions> {
    const { signal, onProgress, breathe } = options;
    const result = emptyPredictions(probes.length);
    let done = 0;
    for (const batch of batchesByLength(probes.map((probe) => probe.ids.length))) {
      if (signal?.aborted) throw new LabError('cancelled', 'Stopped.');
      const chosen = batch.map((position) => probes[position]);
      const outputs = await this.#session.run(makeFeeds(chosen, this.#graph.inputs));
      placePredictions(result, scorePass(outputs, chosen, this.model.vocabulary), Uint32Array.from(batch));
      done += batch.length;
      onProgress?.(done);
      await breathe?.();
    }
    return result;
  }

  /**
   * The raw logits of a few prompts, one pass each: what parity checks and the check of a GPU compare.
   *
   * @returns for each prompt the k highest logits, falling, and log Σ exp(logit) over the vocabulary
   */
  async logits(probes: readonly Question[]): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = [];
    for (const probe of probes) {
      const outputs = await this.#session.run(makeFeeds([probe], this.#graph.inputs));
      answers.push({
        ids: Array.from(outputs[probeIo.topIds] as BigInt64Array, Number),
        logits: Array.from(outputs[probeIo.topValues] as Float32Array),
        logSumExp: (outputs[probeIo.logSumExp] as Float32Array)[0],
      });
    }
    return answers;
  }

  /** Frees the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  /** Wanda's norms, sqrt(Σ x²) over the tokens of the calibration prompts, of the uncompressed model; measured once. */
  async #measureNorms(): Promise<Map<string, Float32Array>> {
    if (this.#norms) return this.#norms;
    const graph = buildActivationGraph(this.model.proto, this.model.sites);
    const session = await this.engine.open(graph);
    const sums = new Map<string, Float64Array>();
    try {
      for (const batch of batchesByLength(this.#calibration.map((probe) => probe.ids.length))) {
        const ids = BigInt64Array.from(batch.flatMap((position) => this.#calibration[position].ids.map(BigInt)));
        const dims = [batch.length, ids.length / batch.length];
        const outputs = await session.run(
          Object.fromEntries(graph.inputs.map((name) => [name, { data: inputValues(name, ids), dims }])),
        );
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
    this.#norms = new Map(
      [...graph.outputs].map(([site, output]) => [site, Float32Array.from(sums.get(output)!, Math.sqrt)]),
    );
    return this.#norms;
  }
}
