import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrtEngine } from '../engine/ort.ts';
import { loadModel, type Model, type ModelFiles } from '../model/load.ts';
import { Prober } from '../probe/prober.ts';
import { logProb, plainLogits, type TinyId, type TinyText, tinyFiles } from '../test/tiny.ts';
import { type Filled, families, type ModelInput } from './index.ts';

// What the rows of fill and follow come to in the probe graph, against the sum of log-probabilities that the model's own
// files give. Each family's sum is written out here by hand, without the lab's code.

const engine = createOrtEngine(ort, { threads: 2 });

/** A tiny model in the probe graph and as it is. */
async function open(id: TinyId) {
  const files = tinyFiles(id, readFileSync);
  const model = loadModel(files);
  return { files, model, prober: await Prober.open(model, engine, () => []) };
}

/** What the lab makes of each way to be right: the sum over all its picks. */
async function labSums({ prober }: { prober: Prober }, ways: readonly ModelInput[][]): Promise<number[]> {
  const { goldLogProbs } = await prober.predict(
    ways.map((rows) => ({ kind: 'fact' as const, rows: [rows], right: 0 })),
  );
  return [...goldLogProbs];
}

/** Σ log p(word | text) over places at which the files' own logits are read. */
async function plainSum(files: ModelFiles, terms: readonly { text: TinyText; at: number; word: number }[]) {
  let sum = 0;
  for (const { text, at, word } of terms) {
    const [logits] = await plainLogits(ort, files, [text]);
    sum += logProb(logits[at], word);
  }
  return sum;
}

/** Sums that are alike to what float32 allows, and far from what a wrong place or word would give. */
function expectSums(made: readonly number[], wanted: readonly number[]) {
  expect(made).toHaveLength(wanted.length);
  made.forEach((sum, way) => {
    expect(Math.abs(sum - wanted[way])).toBeLessThan(5e-5);
  });
  expect(new Set(wanted.map((sum) => sum.toFixed(3))).size).toBe(wanted.length);
}

type Opened = Awaited<ReturnType<typeof open>>;
const ask = ({ tokenizer, maxLength, decoderStart }: Model) => ({ tokenizer, maxLength, decoderStart });
const filled = (model: Model, sentence: string, answers: number[][]) =>
  (families[model.family].fill(sentence, answers, ask(model)) as Filled).answers;
const followed = (model: Model, context: string, continuation: string) =>
  families[model.family].follow(context, continuation, ask(model)) as ModelInput[];

describe.each(['tiny-gpt2', 'tiny-gpt2-past', 'tiny-llama'] as const)('the sums of a decoder (%s)', (id) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open(id);
  });
  afterAll(() => opened.prober.close());
  /** log p(w₁ | context) + log p(w₂ | context, w₁) + … */
  const chain = (context: number[], words: number[]) =>
    plainSum(
      opened.files,
      words.map((word, i) => ({
        text: { ids: [...context, ...words.slice(0, i)], target: null },
        at: context.length + i - 1,
        word,
      })),
    );

  it('are those of the answer behind the text before the blank', async () => {
    const { model } = opened;
    const context = [...model.tokenizer.frame.before, 7, 9];
    const made = await labSums(opened, filled(model, 'w7 w9 [Y] .', [[12], [30, 31, 12]]));
    expectSums(made, [await chain(context, [12]), await chain(context, [30, 31, 12])]);
  });

  it('are those of the continuation behind the context', async () => {
    const { model } = opened;
    const made = await labSums(opened, [
      followed(model, 'w7 w9 w20', ' w30 w31'),
      followed(model, 'w7 w9 w20', ' w4s'),
    ]);
    expectSums(made, [await chain([7, 9, 20], [30, 31]), await chain([7, 9, 20], [4, 62])]);
  });
});

describe('the sums of an encoder', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open('tiny-bert');
  });
  afterAll(() => opened.prober.close());
  const [cls, sep, mask] = [2, 3, 4];
  /** log p(w₁ | … [MASK] [MASK] …) + log p(w₂ | … w₁ [MASK] …) + … */
  const chain = (before: number[], words: number[], after: number[]) =>
    plainSum(
      opened.files,
      words.map((word, i) => ({
        text: { ids: [...before, ...words.map((id, j) => (j < i ? id : mask)), ...after], target: null },
        at: before.length + i,
        word,
      })),
    );

  it('are those of the answer in the place of its masks, filled from left to right', async () => {
    const made = await labSums(opened, filled(opened.model, 'w7 [Y] w9 .', [[12], [30, 31, 12]]));
    const around = (words: number[]) => chain([cls, 7], words, [9, 61, sep]);
    expectSums(made, [await around([12]), await around([30, 31, 12])]);
  });

  it('are those of the continuation behind the context', async () => {
    const made = await labSums(opened, [
      followed(opened.model, 'w7 w9', ' w30 w31'),
      followed(opened.model, 'w7 w9', ' w5s'),
    ]);
    expectSums(made, [await chain([cls, 7, 9], [30, 31], [sep]), await chain([cls, 7, 9], [5, 62], [sep])]);
  });
});

describe('the sums of an encoder-decoder', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open('tiny-t5');
  });
  afterAll(() => opened.prober.close());
  const [pad, end, gap] = [0, 1, 63];
  /** log p(w₁ | text, start) + log p(w₂ | text, start, w₁) + … */
  const chain = (ids: number[], start: number[], words: number[]) =>
    plainSum(
      opened.files,
      words.map((word, i) => ({
        text: { ids, target: [...start, ...words.slice(0, i)] },
        at: start.length + i - 1,
        word,
      })),
    );

  it('are those of the answer behind the gap’s mark', async () => {
    const made = await labSums(opened, filled(opened.model, 'w7 [Y] w9 .', [[12], [30, 31, 12]]));
    const text = [7, gap, 9, 61, end];
    expectSums(made, [await chain(text, [pad, gap], [12]), await chain(text, [pad, gap], [30, 31, 12])]);
  });

  it('are those of the continuation and its end mark', async () => {
    const made = await labSums(opened, [
      followed(opened.model, 'w7 w9', ' w30 w31'),
      followed(opened.model, 'w7 w9', ' w5s'),
    ]);
    const text = [7, 9, end];
    expectSums(made, [await chain(text, [pad], [30, 31, end]), await chain(text, [pad], [5, 62, end])]);
  });
});
