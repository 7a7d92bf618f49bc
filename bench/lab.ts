import type { Recipe } from '../src/lab/compress/recipe.ts';
import type { Engine } from '../src/lab/engine/engine.ts';
import { createOrtEngine, type OrtModule } from '../src/lab/engine/ort.ts';
import type { Model } from '../src/lab/model/load.ts';
import { keptWords, type Predictions } from '../src/lab/probe/predictions.ts';
import type { Prober } from '../src/lab/probe/prober.ts';
import { makeProbes, type Probe } from '../src/lab/probe/probes.ts';
import { LabSession } from '../src/lab/session.ts';
import type { Suite } from '../src/lab/suite/suite.ts';
import type { Prompt } from './measure.ts';

// The bench's only way to what compresses and asks: where that changes, this file follows.

export type { OrtModule, Probe };

/** A session without a suite, of which each part of the work is timed by itself. */
export class Lab {
  readonly #prober: Prober;

  private constructor(prober: Prober) {
    this.#prober = prober;
  }

  /** @param ort a build of onnxruntime-web */
  static open(ort: OrtModule, model: Model, threads: number): Promise<Lab> {
    return Lab.on(createOrtEngine(ort, { threads }), model);
  }

  static async on(engine: Engine, model: Model): Promise<Lab> {
    return new Lab(await new LabSession({ model: { ...model, name: 'bench' }, suite: null, engine }).start());
  }

  /** Makes the model one that is compressed so. On a GPU that is asked for when this returns, and need not be done yet. */
  async compress(recipe: Recipe): Promise<void> {
    await this.#prober.make(recipe);
  }

  predict(probes: readonly Probe[]): Promise<Predictions> {
    return this.#prober.predict(probes);
  }

  /**
   * From the texts to the five highest words and the rank of the accepted one. In the product the texts become tokens
   * once for a whole sweep; here they do each time, as in transformers.js.
   *
   * @returns the token number of the highest word for each probe
   */
  async ask(probes: readonly Probe[]): Promise<Uint32Array> {
    const { tokenizer } = this.#prober.model;
    const asked = probes.map((probe) => {
      const [[row]] = probe.rows;
      return { ...probe, rows: [[{ ...row, ids: tokenizer.encode(probe.prompt) }]] };
    });
    const { topIds } = await this.predict(asked);
    Array.from(topIds, (id) => tokenizer.word(id));
    return topIds.filter((_, i) => i % keptWords === 0);
  }

  close(): Promise<void> {
    return this.#prober.close();
  }
}

/** The first so many probes of the stratified order, template `seen`. */
export function firstProbes(model: Model, suite: Suite, count: number): Probe[] {
  const { probes, order } = makeProbes(suite, 'seen', model);
  return Array.from(order.subarray(0, count), (number) => probes[number]);
}

/** The probes of all wordings, each in its stratified order, again and again until there are so many. */
export function manyProbes(model: Model, suite: Suite, count: number): Probe[] {
  const all = suite.wordings.flatMap((wording) => {
    const { probes, order } = makeProbes(suite, wording, model);
    return Array.from(order, (number) => probes[number]);
  });
  return Array.from({ length: count }, (_, i) => all[i % all.length]);
}

/** What the other contestants are asked. */
export function promptsOf(probes: readonly Probe[]): Prompt[] {
  return probes.map(({ prompt, rows: [[{ ids }]] }) => ({ text: prompt, tokens: ids.length }));
}
