import { describe, expect, it } from 'vitest';
import type { Outputs } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import { emptyPredictions, placePredictions } from './predictions.ts';
import { scorePass } from './score.ts';

/** What the graph gives for one prompt, its ten highest words being 100, 101, … with the logits 9, 8, … */
const row = (goldLogits: number[], atLeast: number, logSumExp = 10) => ({ goldLogits, atLeast, logSumExp });

function outputsOf(
  rows: ReturnType<typeof row>[],
  ids = rows.map(() => [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]),
) {
  return {
    [probeIo.topValues]: Float32Array.from(rows.flatMap(() => [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])),
    [probeIo.topIds]: BigInt64Array.from(ids.flat().map(BigInt)),
    [probeIo.goldLogits]: Float32Array.from(rows.flatMap(({ goldLogits }) => goldLogits)),
    [probeIo.atLeast]: Float32Array.from(rows.map(({ atLeast }) => atLeast)),
    [probeIo.logSumExp]: Float32Array.from(rows.map(({ logSumExp }) => logSumExp)),
  } satisfies Outputs;
}

const rank = (gold: number[], ...rest: Parameters<typeof row>) =>
  scorePass(outputsOf([row(...rest)]), [{ gold }], 500).ranks[0];

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

  it('takes the best of several accepted words', () => {
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
    ['the sum is not a number', row([9], 1, Number.NaN)],
    ['the sum is infinite', row([9], 1, Number.POSITIVE_INFINITY)],
    ['the accepted word’s logit is not a number', row([Number.NaN], 500)],
  ])('ranks last where %s', (_, broken) => {
    const { ranks, goldLogProbs } = scorePass(outputsOf([broken]), [{ gold: [100] }], 500);
    expect(ranks[0]).toBe(500);
    expect(goldLogProbs[0]).toBeNaN();
  });

  it('turns logits into log-probabilities and keeps the five highest words', () => {
    const second = [7, 6, 5, 4, 3, 2, 1, 0, 9, 8];
    const first = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109];
    const outputs = outputsOf([row([6, 6], 4, 9.5), row([-1, 8], 2, 12)], [first, second]);
    const made = scorePass(outputs, [{ gold: [103] }, { gold: [300, 6] }], 500);
    expect([...made.ranks]).toEqual([4, 2]);
    expect([...made.goldLogProbs]).toEqual([-3.5, -4]);
    expect([...made.topIds]).toEqual([100, 101, 102, 103, 104, 7, 6, 5, 4, 3]);
    expect([...made.topLogProbs]).toEqual([-0.5, -1.5, -2.5, -3.5, -4.5, -3, -4, -5, -6, -7]);
  });

  it('does not take the filled-up end of a shorter list of accepted words for one of them', () => {
    const outputs = outputsOf([row([3, 3, 3], 7), row([-1, -2, -3], 30)]);
    const made = scorePass(outputs, [{ gold: [106] }, { gold: [300, 301, 302] }], 500);
    expect([...made.ranks]).toEqual([7, 30]);
    expect(made.goldLogProbs[1]).toBe(-11);
  });
});

describe('placePredictions', () => {
  it('puts each answer in its place and leaves the others unasked', () => {
    const answers = scorePass(outputsOf([row([9], 1), row([8], 2)]), [{ gold: [100] }, { gold: [101] }], 500);
    const all = emptyPredictions(4);
    placePredictions(all, answers, Uint32Array.of(3, 1));
    expect([...all.ranks]).toEqual([0, 2, 0, 1]);
    expect([...all.goldLogProbs]).toEqual([0, -2, 0, -1]);
    expect([...all.topIds.subarray(5, 10)]).toEqual([100, 101, 102, 103, 104]);
    expect([...all.topIds.subarray(10, 15)]).toEqual([0, 0, 0, 0, 0]);
    expect([...all.topLogProbs.subarray(15)]).toEqual([-1, -2, -3, -4, -5]);
  });
});
