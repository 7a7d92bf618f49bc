import type { Outputs } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import type { ModelInput } from '../family/model-input.ts';
import { scoreGreedy, scoreTask, type TaskScore } from '../metrics/tasks.ts';
import { tasks } from '../suite/tasks/index.ts';
import { keptWords, type Predictions } from './predictions.ts';
import type { Probe, ProbeSet } from './probes.ts';

/** What was read for a list of rows: one entry for each of their picks, row by row. */
export interface PickAnswers {
  /** Rank of the best right word over the whole vocabulary, from 1. */
  ranks: Uint32Array;
  /** Its natural log-probability; NaN where the model's output is not finite. */
  logProbs: Float32Array;
  /** [pick, 5]: the highest words, falling, and their log-probabilities. */
  topIds: Uint32Array;
  topLogProbs: Float32Array;
}

export function emptyAnswers(picks: number): PickAnswers {
  return {
    ranks: new Uint32Array(picks),
    logProbs: new Float32Array(picks),
    topIds: new Uint32Array(picks * keptWords),
    topLogProbs: new Float32Array(picks * keptWords),
  };
}

/**
 * Reads one pass's outputs.
 *
 * The rank of the best right word is its place among the k highest where it is one of them, so that a hit is what
 * argmax says even for equal logits; further down, words with an equal logit count against it.
 *
 * @param outputs of the probe graph, [picks, …]
 * @param rows the texts of the pass
 * @param vocabulary number of words: the rank where the output is not finite
 * @param into where the answers go
 * @param places for each row where its first pick stands there
 */
export function scorePass(
  outputs: Outputs,
  rows: readonly ModelInput[],
  vocabulary: number,
  into: PickAnswers,
  places: readonly number[],
): void {
  const topValues = outputs[probeIo.topValues] as Float32Array;
  const topIds = outputs[probeIo.topIds] as BigInt64Array;
  const goldLogits = outputs[probeIo.goldLogits] as Float32Array;
  const atLeast = outputs[probeIo.atLeast] as Float32Array;
  const logSumExp = outputs[probeIo.logSumExp] as Float32Array;
  const picks = logSumExp.length;
  const k = topIds.length / picks;
  const golds = goldLogits.length / picks;
  let from = 0;
  rows.forEach((row, number) => {
    row.picks.forEach(({ gold }, index) => {
      const to = places[number] + index;
      let best = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < gold.length; i++) best = Math.max(best, goldLogits[from * golds + i]);
      const finite = Number.isFinite(logSumExp[from]) && !Number.isNaN(best);
      let rank = finite ? atLeast[from] : vocabulary;
      for (let i = 0; i < k && finite; i++) {
        if (!gold.includes(Number(topIds[from * k + i]))) continue;
        rank = i + 1;
        break;
      }
      into.ranks[to] = rank;
      into.logProbs[to] = finite ? best - logSumExp[from] : Number.NaN;
      for (let i = 0; i < keptWords; i++) {
        into.topIds[to * keptWords + i] = Number(topIds[from * k + i]);
        into.topLogProbs[to * keptWords + i] = topValues[from * k + i] - logSumExp[from];
      }
      from++;
    });
  });
}

/**
 * What the answers to a probe's rows come to.
 *
 * A fact: of each way to be right the rank is the worst one among its tokens, and its log-probability the sum of theirs:
 * rank 1 means that the model, filling in token by token, writes exactly this. The best way counts, by its rank and then
 * by its log-probability. The kept words are those of the first token.
 *
 * A choice: the options are ranked by their summed log-probabilities, equal ones by their position (the harness's
 * arg-max). The rank is the right option's, the kept "words" are option numbers with these sums.
 *
 * @param first where the first pick of the probe's first row stands in `answers`
 * @param at where the result goes
 */
export function scoreProbe(
  { kind, rows, right }: Pick<Probe, 'kind' | 'rows' | 'right'>,
  answers: PickAnswers,
  first: number,
  into: Predictions,
  at: number,
): void {
  let next = first;
  const ways = rows.map((way) => {
    let rank = 1;
    let sum = 0;
    const begin = next;
    for (const { picks } of way)
      for (let i = 0; i < picks.length; i++, next++) {
        rank = Math.max(rank, answers.ranks[next]);
        sum += answers.logProbs[next];
      }
    return { rank, sum, begin };
  });
  if (kind === 'choice') {
    // NaN goes last: an option that cannot be judged is not chosen.
    const value = (way: number) => (Number.isNaN(ways[way].sum) ? Number.NEGATIVE_INFINITY : ways[way].sum);
    const order = ways.map((_, option) => option).sort((a, b) => (value(a) === value(b) ? a - b : value(b) - value(a)));
    const failed = ways.some(({ sum }) => Number.isNaN(sum));
    into.ranks[at] = failed ? ways.length : order.indexOf(right) + 1;
    into.goldLogProbs[at] = ways[right].sum;
    for (let i = 0; i < keptWords; i++) {
      into.topIds[at * keptWords + i] = order[i] ?? 0;
      into.topLogProbs[at * keptWords + i] = i < order.length ? ways[order[i]].sum : Number.NEGATIVE_INFINITY;
    }
    return;
  }
  const best = ways.reduce((a, b) => (b.rank < a.rank || (b.rank === a.rank && b.sum > a.sum) ? b : a));
  into.ranks[at] = best.rank;
  into.goldLogProbs[at] = best.sum;
  const from = best.begin * keptWords;
  into.topIds.set(answers.topIds.subarray(from, from + keptWords), at * keptWords);
  into.topLogProbs.set(answers.topLogProbs.subarray(from, from + keptWords), at * keptWords);
}

/** The log-likelihood of each option, in their order, from what is kept of a choice. */
export function optionScores(
  predictions: Pick<Predictions, 'topIds' | 'topLogProbs'>,
  at: number,
  options: number,
): number[] {
  const scores = Array<number>(options).fill(Number.NaN);
  for (let i = 0; i < Math.min(options, keptWords); i++)
    scores[predictions.topIds[at * keptWords + i]] = predictions.topLogProbs[at * keptWords + i];
  return scores;
}

/**
 * The LM harness's numbers of each task that was asked, by the task's id in the suite.
 *
 * @param predictions by probe number; rank 0 stands for "not asked"
 * @returns undefined where the set holds facts
 */
export function taskScores(
  { relations, probes }: Pick<ProbeSet, 'relations' | 'probes'>,
  predictions: Predictions,
): Record<string, TaskScore> | undefined {
  if (!relations.some(({ task }) => task !== null)) return undefined;
  const scores: Record<string, TaskScore> = {};
  let first = 0;
  for (const { id, task, probes: size } of relations) {
    const numbers = Array.from({ length: size }, (_, index) => first + index).filter((at) => predictions.ranks[at] > 0);
    first += size;
    if (task === null || numbers.length === 0) continue;
    const { scoring, hasNorm } = tasks[task];
    scores[id] =
      scoring === 'greedy'
        ? scoreGreedy(numbers.map((at) => ({ ll: predictions.goldLogProbs[at], greedy: predictions.ranks[at] === 1 })))
        : scoreTask(
            numbers.map((at) => ({
              lls: optionScores(predictions, at, probes[at].rows.length),
              lengths: probes[at].lengths ?? [],
              answer: probes[at].right,
            })),
            { hasNorm },
          );
  }
  return scores;
}
