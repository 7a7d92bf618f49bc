import type { Tokenizer } from '../src/lab/tokens/tokenizer.ts';
import type { OrtModule } from './lab.ts';
import { inArrays, type Prompt } from './measure.ts';

type Session = Awaited<ReturnType<OrtModule['InferenceSession']['create']>>;

/**
 * What somebody would write by hand on the runtime: the model's file as it is, padded arrays of prompts, all logits read,
 * and the highest one looked for at the blank.
 */
export class Plain {
  readonly version: string;
  readonly #ort: OrtModule;
  readonly #session: Session;
  readonly #tokenizer: Tokenizer;
  readonly #prompts: readonly Prompt[];

  private constructor(ort: OrtModule, session: Session, tokenizer: Tokenizer, prompts: readonly Prompt[]) {
    const { versions } = ort.env;
    this.version = String(versions.web ?? versions.node);
    this.#ort = ort;
    this.#session = session;
    this.#tokenizer = tokenizer;
    this.#prompts = prompts;
  }

  /**
   * @param model the bytes of a masked language model's file
   * @param where `wasm` with onnxruntime-web, `cpu` with onnxruntime-node
   */
  static async open(
    ort: OrtModule,
    {
      model,
      tokenizer,
      where,
      threads,
    }: { model: Uint8Array; tokenizer: Tokenizer; where: 'wasm' | 'cpu'; threads: number },
    prompts: readonly Prompt[],
  ): Promise<Plain> {
    if (where === 'wasm') ort.env.wasm.numThreads = threads;
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [where],
      ...(where === 'cpu' && { intraOpNumThreads: threads }),
      logSeverityLevel: 3,
    });
    return new Plain(ort, session, tokenizer, prompts);
  }

  /**
   * @param how the prompts in their order, or those of like length together
   * @returns the token number of the highest word for each prompt
   */
  async ask(how: 'batched' | 'sorted'): Promise<Uint32Array> {
    const top = new Uint32Array(this.#prompts.length);
    for (const batch of inArrays(this.#prompts, how)) {
      const texts = batch.map((i) => this.#tokenizer.encode(this.#prompts[i].text));
      const highest = await this.#run(texts);
      batch.forEach((i, place) => {
        top[i] = highest[place];
      });
    }
    return top;
  }

  /** One pass. */
  async #run(texts: readonly number[][]): Promise<number[]> {
    const length = Math.max(...texts.map((ids) => ids.length));
    const ids = new BigInt64Array(texts.length * length);
    const attended = new BigInt64Array(ids.length);
    texts.forEach((text, row) => {
      text.forEach((id, at) => {
        ids[row * length + at] = BigInt(id);
        attended[row * length + at] = 1n;
      });
    });
    const tensor = (data: BigInt64Array) => new this.#ort.Tensor('int64', data, [texts.length, length]);
    const results = await this.#session.run({
      input_ids: tensor(ids),
      attention_mask: tensor(attended),
      token_type_ids: tensor(new BigInt64Array(ids.length)),
    });
    const { data, dims } = results[this.#session.outputNames[0]];
    const logits = data as Float32Array;
    const vocabulary = dims[2];
    const { mask } = this.#tokenizer;
    return texts.map((text, row) => {
      const start = (row * length + text.indexOf(mask!.id)) * vocabulary;
      let best = 0;
      for (let word = 1; word < vocabulary; word++) if (logits[start + word] > logits[start + best]) best = word;
      return best;
    });
  }
}
