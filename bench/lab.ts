import { createOrtEngine, type OrtModule } from '../src/lab/engine/ort.ts';
import type { Model } from '../src/lab/model/load.ts';
import { keptWords } from '../src/lab/probe/predictions.ts';
import { Prober } from '../src/lab/probe/prober.ts';
import { makeProbes, type Probe } from '../src/lab/probe/probes.ts';
import type { Suite } from '../src/lab/probe/suite.ts';
import type { Prompt } from './measure.ts';

/** This project's lab, ready to be asked. */
export class Lab {
  /** The first so many probes of the stratified order, template `seen`. */
  readonly prompts: Prompt[];
  readonly #probes: Probe[];
  readonly #prober: Prober;

  private constructor(probes: Probe[], prober: Prober) {
    this.#probes = probes;
    this.#prober = prober;
    this.prompts = probes.map(({ prompt, rows: [[{ ids }]] }) => ({ text: prompt, tokens: ids.length }));
  }

  /** @param count how many probes at most */
  static async open(ort: OrtModule, model: Model, suite: Suite, threads: number, count: number): Promise<Lab> {
    const { probes, order } = makeProbes(suite, 'seen', model);
    const engine = createOrtEngine(ort, { threads });
    const asked = Array.from(order.subarray(0, count), (number) => probes[number]);
    // Activations are not asked for: there is nothing to calibrate.
    return new Lab(asked, await Prober.open(model, engine, () => []));
  }

  /**
   * From the texts to the five highest words and the rank of the accepted one. In the product the texts become tokens
   * once for a whole sweep; here they do each time, as in transformers.js.
   *
   * @returns the token number of the highest word for each prompt
   */
  async ask(): Promise<Uint32Array> {
    const { tokenizer } = this.#prober.model;
    const asked = this.#probes.map((probe) => {
      const [[row]] = probe.rows;
      return { ...probe, rows: [[{ ...row, ids: tokenizer.encode(probe.prompt) }]] };
    });
    const { topIds } = await this.#prober.predict(asked);
    Array.from(topIds, (id) => tokenizer.word(id));
    return topIds.filter((_, i) => i % keptWords === 0);
  }
}
