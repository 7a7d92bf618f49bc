import type { Matrix } from '../compress/method.ts';
import { LabError } from '../errors.ts';
import { families } from '../family/index.ts';
import type { ModelInput } from '../family/model-input.ts';
import type { Model } from '../model/load.ts';
import type { RawAnswer } from '../probe/prober.ts';
import type { ProbedModel } from '../probe/probes.ts';

/**
 * The part of a runtime that is used: onnxruntime-web and onnxruntime-node both have it. Written down here because their
 * own types need a browser's.
 */
export interface Runtime {
  InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: readonly string[]; logSeverityLevel: 3 },
    ): Promise<RuntimeSession>;
  };
  Tensor: {
    new (type: 'int64', data: BigInt64Array, dims: readonly number[]): RuntimeTensor;
    new (type: 'float32', data: Float32Array, dims: readonly number[]): RuntimeTensor;
  };
}

interface RuntimeTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly InputMetadata[];
  run(feeds: Readonly<Record<string, RuntimeTensor>>): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

interface InputMetadata {
  readonly name: string;
  /** Tensors have one. */
  readonly shape?: readonly (number | string)[];
}

/** How far two runs of the same arithmetic in another order may lie apart, in logits. */
const tolerance = 1e-4;

/**
 * The same where inputs are rounded on the way, times the levels to either side of zero: a number between two codes can
 * fall to the other side by its last bit, and is then a whole step away. Measured with 8 bits: up to 0.1, and 0.16 in
 * half of their range.
 */
const roundedTolerance = 0.25 * 127;

/** How far the logits of a compressed model may lie apart in two runtimes. */
export function toleranceOf(matrices: readonly Matrix[]): number {
  const levels = matrices.flatMap(({ activations: rounding }) =>
    rounding ? [rounding.kind === 'token' ? 2 ** (rounding.bits - 1) - 1 : rounding.top / 2] : [],
  );
  return levels.length === 0 ? tolerance : roundedTolerance / Math.min(...levels);
}

/**
 * Runs a model as anybody would who has its files and no lab: each graph as it is, a decoder behind its encoder.
 *
 * @param graphs ONNX files by name
 * @param rows texts; each goes through the model alone
 * @param provider what runs it: `wasm` in onnxruntime-web, `cpu` in onnxruntime-node
 * @param topK how many of the highest logits are told
 * @returns for each text the same as Prober.logits gives: the k highest logits at its first pick, falling
 * @throws LabError `bad-model` where the runtime refuses a graph
 */
export async function runFiles(
  runtime: Runtime,
  graphs: ReadonlyMap<string, Uint8Array>,
  rows: readonly ModelInput[],
  provider: string,
  topK = 10,
): Promise<RawAnswer[]> {
  const open = async (name: string) => {
    try {
      return await runtime.InferenceSession.create(graphs.get(name)!, {
        executionProviders: [provider],
        logSeverityLevel: 3,
      });
    } catch (error) {
      throw LabError.from(error, 'bad-model', `The runtime cannot run ${name}.`);
    }
  };
  const encoderFile = [...graphs.keys()].find((name) => name === 'encoder_model.onnx');
  const lastFile = [...graphs.keys()].find((name) => name.endsWith('.onnx') && name !== encoderFile)!;
  const sessions: RuntimeSession[] = [];
  try {
    const encoder = encoderFile === undefined ? null : await open(encoderFile);
    if (encoder) sessions.push(encoder);
    const last = await open(lastFile);
    sessions.push(last);
    const answers: RawAnswer[] = [];
    for (const row of rows) {
      const hidden = encoder ? await firstOutput(runtime, encoder, row.ids) : null;
      const logits = await firstOutput(runtime, last, hidden ? (row.target ?? []) : row.ids, hidden);
      answers.push(highest(logits, row.picks[0].at, topK));
    }
    return answers;
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** A graph's first output for one text. */
async function firstOutput(
  { Tensor }: Runtime,
  session: RuntimeSession,
  ids: readonly number[],
  hidden: RuntimeTensor | null = null,
): Promise<RuntimeTensor> {
  const whole = (count: number, value: (at: number) => number) =>
    new Tensor(
      'int64',
      BigInt64Array.from({ length: count }, (_, at) => BigInt(value(at))),
      [1, count],
    );
  const feeds = session.inputNames.map((name, number): [string, RuntimeTensor] => {
    if (name === 'encoder_hidden_states' && hidden) return [name, hidden];
    if (name === 'encoder_attention_mask' && hidden) return [name, whole(hidden.dims[1], () => 1)];
    if (name === 'input_ids') return [name, whole(ids.length, (at) => ids[at])];
    if (name === 'attention_mask') return [name, whole(ids.length, () => 1)];
    if (name === 'token_type_ids') return [name, whole(ids.length, () => 0)];
    if (name === 'position_ids') return [name, whole(ids.length, (at) => at)];
    return [name, emptyPast(Tensor, name, session.inputMetadata[number])];
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  return outputs[session.outputNames[0]];
}

/** Keys or values of no token at all: [1, heads, 0, width]. */
function emptyPast(Tensor: Runtime['Tensor'], name: string, metadata: InputMetadata): RuntimeTensor {
  if (metadata?.shape?.length !== 4)
    throw new LabError('bad-model', `The graph has an input ${name}, of which the lab knows nothing.`);
  const [, heads, , width] = metadata.shape.map(Number);
  return new Tensor('float32', new Float32Array(), [1, heads, 0, width]);
}

/** The highest logits of [1, length, vocabulary] at one position; among equals the lowest word goes first. */
function highest(logits: RuntimeTensor, at: number, topK: number): RawAnswer {
  const vocabulary = logits.dims[2];
  const values = (logits.data as Float32Array).subarray(at * vocabulary, (at + 1) * vocabulary);
  const ids = Array.from(values.keys())
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, topK);
  const most = values[ids[0]];
  const sum = values.reduce((total, value) => total + Math.exp(value - most), 0);
  return { ids, logits: ids.map((id) => values[id]), logSumExp: most + Math.log(sum) };
}

/**
 * Sentences of words drawn from the model's vocabulary, the same ones each time, asked as its family is asked: something
 * to compare two forms of a model on where there is no suite.
 */
export function drawnRows(model: ProbedModel & Pick<Model, 'vocabulary'>, count = 16): ModelInput[] {
  const family = families[model.family];
  const rows: ModelInput[] = [];
  let state = 1;
  // Special tokens spoil a sentence; of some thousand words they are few.
  for (let tries = 0; rows.length < count && tries < 20 * count; tries++) {
    const words = Array.from({ length: 4 + (tries % 5) }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return model.tokenizer.word(Math.floor((state / 2 ** 32) * model.tokenizer.size));
    });
    const filled = family.fill(`${words.join(' ')} [Y].`, [[0]], model);
    if (!('refused' in filled)) rows.push(filled.answers[0][0]);
  }
  return rows;
}

/** How alike two models answer. */
export interface Likeness {
  texts: number;
  /** Texts with the same words in the same order; words whose logits lie within the tolerance may change places. */
  same: number;
  /** The largest difference between two logits of the same place, and the one that may be. */
  worst: number;
  allowed: number;
}

/** Compares what a model says of the same texts in two ways. */
export function compareAnswers(
  expected: readonly RawAnswer[],
  found: readonly RawAnswer[],
  allowed = tolerance,
): Likeness {
  let same = 0;
  let worst = 0;
  expected.forEach(({ ids, logits }, text) => {
    const other = found[text];
    let alike = true;
    logits.forEach((logit, place) => {
      // NaN is unlike everything, and Math.max hands it on.
      worst = Math.max(worst, Math.abs(logit - other.logits[place]));
      const twin = ids.indexOf(other.ids[place]);
      const near = Math.abs((twin < 0 ? logits[logits.length - 1] : logits[twin]) - logit) <= 2 * allowed;
      if (ids[place] !== other.ids[place] && !near) alike = false;
    });
    if (alike) same++;
  });
  return { texts: expected.length, same, worst, allowed };
}

/** Whether the two are the same model, up to the order of sums. */
export function isAlike({ texts, same, worst, allowed }: Likeness): boolean {
  return same === texts && worst <= allowed;
}
