import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import type { Recipe } from '../src/lab/compress/recipe.ts';
import { createOrtEngine } from '../src/lab/engine/ort.ts';
import type { Model } from '../src/lab/model/load.ts';
import { calibrationTexts } from '../src/lab/probe/calibration.ts';
import { emptyPredictions, type Predictions, placePredictions } from '../src/lab/probe/predictions.ts';
import { Prober } from '../src/lab/probe/prober.ts';
import { type Answers, makeProbes, type ProbeSet } from '../src/lab/probe/probes.ts';
import { taskScores } from '../src/lab/probe/score.ts';
import { answersOf, type ResultJson, toJson } from '../src/lab/result/json.ts';
import { makeResult } from '../src/lab/result/result.ts';
import type { Suite, Wording } from '../src/lab/suite/suite.ts';
import type { Preparing } from '../src/lab/work.ts';

/** A model and a suite, ready to be asked in Node. */
export class NodeSession {
  readonly model: Model & { name: string };
  readonly suite: Suite & { name: string };
  readonly prober: Prober;
  readonly answers: Answers;
  readonly #sets = new Map<Wording, ProbeSet>();

  private constructor(
    model: Model & { name: string },
    suite: Suite & { name: string },
    prober: Prober,
    answers: Answers,
  ) {
    this.model = model;
    this.suite = suite;
    this.prober = prober;
    this.answers = answers;
  }

  static async open(
    model: Model & { name: string },
    suite: Suite & { name: string },
    {
      threads = Math.min(availableParallelism(), 8),
      answers = 'single-token',
    }: { threads?: number; answers?: Answers } = {},
  ): Promise<NodeSession> {
    const engine = createOrtEngine(ort, { threads });
    const [first] = suite.wordings;
    const set = makeProbes(suite, first, model, answers);
    const prober = await Prober.open(model, engine, () => calibrationTexts(set.probes));
    const session = new NodeSession(model, suite, prober, answers);
    session.#sets.set(first, set);
    return session;
  }

  /** The probes of a template, made once. */
  probes(template: Wording): ProbeSet {
    const set = this.#sets.get(template) ?? makeProbes(this.suite, template, this.model, this.answers);
    this.#sets.set(template, set);
    return set;
  }

  /**
   * Compresses and asks.
   *
   * @param options.limit ask only the first so many probes of the stratified order
   * @param options.reconstruct measure how far each layer's outputs are from the uncompressed model's, too
   * @param options.keep put every answer into the result, too, so that the page can take it
   * @param options.yieldNow awaited every now and then, so that the process can read its messages
   */
  async run(
    recipe: Recipe,
    template: Wording,
    options: {
      limit?: number;
      reconstruct?: boolean;
      keep?: boolean;
      onProgress?: (done: number, of: number) => void;
      onPreparing?: (progress: Preparing) => void;
      yieldNow?: () => Promise<void>;
    } = {},
  ): Promise<{ result: ResultJson; predictions: Predictions }> {
    const start = performance.now();
    const set = this.probes(template);
    const asked = set.order.subarray(0, options.limit ?? set.order.length);
    const { onPreparing, yieldNow } = options;
    const report = await this.prober.compress(recipe, { onProgress: onPreparing, yieldNow });
    const reconstruction = options.reconstruct
      ? await this.prober.reconstruction({ onProgress: onPreparing, yieldNow })
      : undefined;
    const answers = await this.prober.predict(
      Array.from(asked, (number) => set.probes[number]),
      { onProgress: (done) => options.onProgress?.(done, asked.length), yieldNow },
    );
    const predictions = emptyPredictions(set.probes.length);
    placePredictions(predictions, answers, asked);
    const made = makeResult(
      { model: this.model, suite: this.suite, template, recipe, answers: this.answers },
      {
        of: set.probes.length,
        predictions: answers,
        report,
        backend: this.prober.engine.device,
        seconds: (performance.now() - start) / 1000,
        savedAt: Date.now(),
      },
    );
    const result = toJson(made, set, {
      answers: this.answers,
      tasks: taskScores(set, predictions),
      reconstruction,
      kept: options.keep ? answersOf(made, this.model.tokenizerSha256) : undefined,
    });
    return { result, predictions };
  }
}
