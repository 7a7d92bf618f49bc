import { describe, expect, it } from 'vitest';
import type { Outputs } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import type { ModelInput } from '../family/model-input.ts';
import type { TaskId } from '../suite/tasks/index.ts';
import { emptyPredictions, type Predictions, placePredictions } from './predictions.ts';
import type { AskedRelation, Probe } from './probes.ts';
import { emptyAnswers, optionScores, type PickAnswers, scorePass, scoreProbe, taskScores } from './score.ts';

/** What the graph gives for one pick, its ten highest words being 100, 101, … with the logits 9, 8, … */
const pick = (goldLogits: number[], atLeast: number, logSumExp = 10) => ({ goldLogits, atLeast, logSumExp });

function outputsOf(
  picks: ReturnType<typeof pick>[],
  ids = picks.map(() => [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]),
) {
  return {
    [probeIo.topValues]: Float32Array.from(picks.flatMap(() => [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])),
    [probeIo.topIds]: BigInt64Array.from(ids.flat().map(BigInt)),
    [probeIo.goldLogits]: Float32Array.from(picks.flatMap(({ goldLogits }) => goldLogits)),
    [probeIo.atLeast]: Float32Array.from(picks.map(({ atLeast }) => atLeast)),
    [probeIo.logSumExp]: Float32Array.from(picks.map(({ logSumExp }) => logSumExp)),
  } satisfies Outputs;
}

/** A text with a pick for each list of right words. */
const row = (...golds: number[][]): ModelInput => ({
  ids: [2, 3],
  target: null,
  picks: golds.map((gold, at) => ({ at, gold })),
});

function pass(outputs: Outputs, rows: readonly ModelInput[]): PickAnswers {
  const places: number[] = [];
  let count = 0;
  for (const { picks } of rows) {
    places.push(count);
    count += picks.length;
  }
  const answers = emptyAnswers(count);
  scorePass(outputs, rows, 500, answers, places);
  return answers;
}
const rank = (gold: number[], ...rest: Parameters<typeof pick>) =>
  pass(outputsOf([pick(...rest)]), [row(gold)]).ranks[0];

describe('scorePass', () => {
  it('ranks a word by its place among the highest', () => {
    expect(rank([100], [9], 1)).toBe(1);
    expect(rank([106], [3], 7)).toBe(7);
    expect(rank([109], [0], 10)).toBe(10);
  });

  it('ranks a word further down by how many words reach its logit', () => {
    expect(rank([300], [-2], 37)).toBe(37);
    expect(rank([300], [-2], 11)).toBe(11);
  });

  it('takes the best of several right words', () => {
    expect(rank([300, 104, 102], [-2, 5, 7], 3)).toBe(3);
    expect(rank([300, 301], [-4, -2], 20)).toBe(20);
  });

  it('follows argmax where the highest are equal, and counts equal words against one further down', () => {
    // Words 100 and 101 have the same logit: the first is the answer, so the second is a miss.
    expect(rank([101], [9], 2)).toBe(2);
    expect(rank([100], [9], 2)).toBe(1);
    // Word 400 has the tenth logit too, but did not come out among the highest: 14 words reach it.
    expect(rank([400], [0], 14)).toBe(14);
  });

  it.each([
    ['the sum is not a number', pick([9], 1, Number.NaN)],
    ['the sum is infinite', pick([9], 1, Number.POSITIVE_INFINITY)],
    ['the right word’s logit is not a number', pick([Number.NaN], 500)],
  ])('ranks last where %s', (_, broken) => {
    const { ranks, logProbs } = pass(outputsOf([broken]), [row([100])]);
    expect(ranks[0]).toBe(500);
    expect(logProbs[0]).toBeNaN();
  });

  it('turns logits into log-probabilities and keeps the five highest words', () => {
    const second = [7, 6, 5, 4, 3, 2, 1, 0, 9, 8];
    const first = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109];
    const outputs = outputsOf([pick([6, 6], 4, 9.5), pick([-1, 8], 2, 12)], [first, second]);
    const made = pass(outputs, [row([103]), row([300, 6])]);
    expect([...made.ranks]).toEqual([4, 2]);
    expect([...made.logProbs]).toEqual([-3.5, -4]);
    expect([...made.topIds]).toEqual([100, 101, 102, 103, 104, 7, 6, 5, 4, 3]);
    expect([...made.topLogProbs]).toEqual([-0.5, -1.5, -2.5, -3.5, -4.5, -3, -4, -5, -6, -7]);
  });

  it('does not take the filled-up end of a shorter list of right words for one of them', () => {
    const outputs = outputsOf([pick([3, 3, 3], 7), pick([-1, -2, -3], 30)]);
    const made = pass(outputs, [row([106]), row([300, 301, 302])]);
    expect([...made.ranks]).toEqual([7, 30]);
    expect(made.logProbs[1]).toBe(-11);
  });

  it('puts each text’s picks where they belong, in whatever order texts are asked', () => {
    const outputs = outputsOf([pick([9], 1), pick([8], 2), pick([7], 3)]);
    const answers = emptyAnswers(5);
    scorePass(outputs, [row([100], [101]), row([102])], 500, answers, [3, 1]);
    expect([...answers.ranks]).toEqual([0, 3, 0, 1, 2]);
    expect([...answers.logProbs]).toEqual([0, -3, 0, -1, -2]);
    expect([...answers.topIds.subarray(5, 7)]).toEqual([100, 101]);
    expect([...answers.topIds.subarray(10, 12)]).toEqual([0, 0]);
  });
});

/** Answers to picks by their rank and log-probability; the highest words of each are 10, 11, … or 20, 21, … and so on. */
function answersOf(...picks: [rank: number, logProb: number][]): PickAnswers {
  return {
    ranks: Uint32Array.from(picks, ([rank]) => rank),
    logProbs: Float32Array.from(picks, ([, logProb]) => logProb),
    topIds: Uint32Array.from(picks.flatMap((_, i) => [0, 1, 2, 3, 4].map((k) => 10 * (i + 1) + k))),
    topLogProbs: Float32Array.from(picks.flatMap((_, i) => [0, 1, 2, 3, 4].map((k) => -1 - i - k / 8))),
  };
}

/** A probe whose ways to be right, or options, have so many tokens: each way a list of rows, each a number of picks. */
const probe = (kind: Probe['kind'], ways: number[][], right = 0) => ({
  kind,
  right,
  rows: ways.map((rows) => rows.map((picks) => row(...Array(picks).fill([7])))),
});

function score(question: ReturnType<typeof probe>, answers: PickAnswers, first = 0) {
  const into = emptyPredictions(1);
  scoreProbe(question, answers, first, into, 0);
  const [top, probs] = [[...into.topIds], [...into.topLogProbs]];
  return { rank: into.ranks[0], logProb: into.goldLogProbs[0], top, probs };
}

describe('scoreProbe of a fact', () => {
  it('takes rank, log-probability and highest words of an answer of one token as they are', () => {
    expect(score(probe('fact', [[1]]), answersOf([3, -1.5]))).toEqual({
      rank: 3,
      logProb: -1.5,
      top: [10, 11, 12, 13, 14],
      probs: [-1, -1.125, -1.25, -1.375, -1.5],
    });
  });

  it('ranks an answer of several tokens by the worst of them, and adds up their log-probabilities', () => {
    const answers = answersOf([1, -0.5], [4, -2], [2, -1]);
    const wanted = { rank: 4, logProb: -3.5, top: [10, 11, 12, 13, 14] };
    // In one text (a decoder's) and in one text each (an encoder's).
    expect(score(probe('fact', [[3]]), answers)).toMatchObject(wanted);
    expect(score(probe('fact', [[1, 1, 1]]), answers)).toMatchObject(wanted);
  });

  it('is a hit where each token is what the model would write', () => {
    expect(score(probe('fact', [[2]]), answersOf([1, -0.5], [1, -3])).rank).toBe(1);
    expect(score(probe('fact', [[2]]), answersOf([1, -0.5], [2, -0.6])).rank).toBe(2);
  });

  it('takes the best of several ways to be right, and the words at its beginning', () => {
    const ways = probe('fact', [[1], [2], [1, 1]]);
    const answers = answersOf([5, -1], [1, -2], [2, -2], [9, -0.1], [1, -0.1]);
    expect(score(ways, answers)).toMatchObject({ rank: 2, logProb: -4, top: [20, 21, 22, 23, 24] });
  });

  it('takes of ways with equal ranks the likelier one, and else the first', () => {
    const answers = answersOf([2, -3], [2, -1], [2, -1]);
    expect(score(probe('fact', [[1], [1], [1]]), answers)).toMatchObject({ logProb: -1, top: [20, 21, 22, 23, 24] });
  });

  it('reads from where its own answers begin', () => {
    const answers = answersOf([9, -9], [9, -9], [1, -0.25]);
    expect(score(probe('fact', [[1]]), answers, 2)).toMatchObject({
      rank: 1,
      logProb: -0.25,
      top: [30, 31, 32, 33, 34],
    });
  });

  it('does not take a way without numbers for the best', () => {
    const answers = answersOf([500, Number.NaN], [7, -4]);
    expect(score(probe('fact', [[1], [1]]), answers)).toMatchObject({ rank: 7, logProb: -4 });
    expect(score(probe('fact', [[1]]), answersOf([500, Number.NaN]))).toMatchObject({ rank: 500, logProb: Number.NaN });
  });
});

describe('scoreProbe of a choice', () => {
  it('ranks the right option by the sums of log-probabilities; ranks of words do not matter', () => {
    // Sums: -3, -2.5, -4.
    const answers = answersOf([1, -1], [1, -2], [90, -2.5], [1, -4]);
    const options = (right: number) => score(probe('choice', [[2], [1], [1]], right), answers);
    expect(options(1)).toMatchObject({ rank: 1, logProb: -2.5 });
    expect(options(0)).toMatchObject({ rank: 2, logProb: -3 });
    expect(options(2)).toMatchObject({ rank: 3, logProb: -4 });
  });

  it('keeps the options in the order of their likelihood, with their sums', () => {
    const { top, probs } = score(probe('choice', [[1], [1], [1]]), answersOf([1, -3], [1, -1], [1, -2]));
    expect(top.slice(0, 3)).toEqual([1, 2, 0]);
    expect(probs.slice(0, 3)).toEqual([-1, -2, -3]);
    expect(probs.slice(3)).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it('takes of equal options the first, as the LM harness’s arg-max does', () => {
    const answers = answersOf([1, -2], [1, -2]);
    expect(score(probe('choice', [[1], [1]], 0), answers).rank).toBe(1);
    expect(score(probe('choice', [[1], [1]], 1), answers).rank).toBe(2);
  });

  it('is wrong where any option has no number, even the right one’s rival', () => {
    const answers = answersOf([1, -2], [1, Number.NaN], [1, -3]);
    expect(score(probe('choice', [[1], [1], [1]], 0), answers)).toMatchObject({ rank: 3, logProb: -2 });
    expect(score(probe('choice', [[1], [1], [1]], 1), answers)).toMatchObject({ rank: 3, logProb: Number.NaN });
  });
});

describe('optionScores', () => {
  it('gives the sums back in the order of the options', () => {
    const into = emptyPredictions(2);
    scoreProbe(probe('choice', [[1], [2], [1]]), answersOf([1, -3], [1, -0.5], [1, -1], [1, -2]), 0, into, 1);
    expect(optionScores(into, 1, 3)).toEqual([-3, -1.5, -2]);
  });

  it('has no number for an option that has none', () => {
    const into = emptyPredictions(1);
    scoreProbe(probe('choice', [[1], [1]]), answersOf([1, Number.NaN], [1, -1]), 0, into, 0);
    expect(optionScores(into, 0, 2)).toEqual([Number.NaN, -1]);
  });
});

describe('taskScores', () => {
  const relation = (id: string, task: TaskId | null, probes: number): AskedRelation => ({
    id,
    label: id,
    probes,
    property: null,
    cardinality: null,
    task,
  });
  const asked = (right: number, lengths: number[] | null = null, options = 2) =>
    ({ ...probe('choice', Array(options).fill([1]), right), lengths }) as unknown as Probe;

  /** Predictions of choices from the sums of their options, and of single continuations from rank and sum. */
  function predictionsOf(probes: Probe[], values: (number[] | [rank: number, sum: number] | null)[]): Predictions {
    const into = emptyPredictions(probes.length);
    probes.forEach((one, at) => {
      const given = values[at];
      if (!given) return;
      if (one.kind === 'choice')
        scoreProbe(one, answersOf(...given.map((sum) => [1, sum] as [number, number])), 0, into, at);
      else scoreProbe(one, answersOf([given[0], given[1]]), 0, into, at);
    });
    return into;
  }

  it('are none where facts were asked', () => {
    expect(taskScores({ relations: [relation('capital', null, 1)], probes: [] }, emptyPredictions(1))).toBeUndefined();
  });

  it('are the harness’s accuracies, each task by itself', () => {
    const probes = [asked(0), asked(1), asked(1, [4, 10]), asked(0, [2, 3])];
    const relations = [relation('winogrande', 'winogrande', 2), relation('piqa', 'piqa', 2)];
    const made = predictionsOf(probes, [
      [-1, -2],
      [-1, -2],
      // By character the third question's longer option wins: -4 / 10 against -2 / 4.
      [-2, -4],
      [-3, -8],
    ]);
    expect(taskScores({ relations, probes }, made)).toEqual({
      winogrande: { n: 2, acc: 0.5, accStderr: 0.5 },
      piqa: { n: 2, acc: 0.5, accStderr: 0.5, accNorm: 1, accNormStderr: 0 },
    });
  });

  it('leave out what was not asked', () => {
    const probes = [asked(0), asked(0), asked(0)];
    const relations = [relation('boolq', 'boolq', 2), relation('boolq-2', 'boolq', 1)];
    const made = predictionsOf(probes, [[-1, -2], null, null]);
    expect(taskScores({ relations, probes }, made)).toEqual({ boolq: { n: 1, acc: 1, accStderr: null } });
  });

  it('count a question without numbers as wrong', () => {
    const made = predictionsOf(
      [asked(0), asked(1)],
      [
        [-1, Number.NaN],
        [Number.NaN, -1],
      ],
    );
    expect(
      taskScores({ relations: [relation('boolq', 'boolq', 2)], probes: [asked(0), asked(1)] }, made),
    ).toMatchObject({
      boolq: { n: 2, acc: 0 },
    });
  });

  it('of continuations are how many the model would write itself, and the perplexity', () => {
    const single = probe('fact', [[1]]) as unknown as Probe;
    const probes = [single, single, single, single];
    const made = predictionsOf(probes, [
      [1, -0.5],
      [2, -1.5],
      [1, -1],
      [9, -5],
    ]);
    const { lambada } = taskScores({ relations: [relation('lambada', 'lambada', 4)], probes }, made)!;
    expect(lambada).toMatchObject({ n: 4, acc: 0.5 });
    expect(lambada.perplexity).toBeCloseTo(Math.exp(2), 6);
  });
});

describe('placePredictions', () => {
  it('puts each answer in its place and leaves the others unasked', () => {
    const answers = emptyPredictions(2);
    scoreProbe(probe('fact', [[1]]), answersOf([1, -1]), 0, answers, 0);
    scoreProbe(probe('fact', [[1]]), answersOf([9, -9], [2, -2]), 1, answers, 1);
    const all = emptyPredictions(4);
    placePredictions(all, answers, Uint32Array.of(3, 1));
    expect([...all.ranks]).toEqual([0, 2, 0, 1]);
    expect([...all.goldLogProbs]).toEqual([0, -2, 0, -1]);
    expect([...all.topIds.subarray(5, 10)]).toEqual([20, 21, 22, 23, 24]);
    expect([...all.topIds.subarray(10, 15)]).toEqual([0, 0, 0, 0, 0]);
    expect([...all.topLogProbs.subarray(15)]).toEqual([-1, -1.125, -1.25, -1.375, -1.5]);
  });
});
