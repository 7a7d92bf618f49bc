import { type Interval, z95 } from './interval.ts';
import { keptWords, type TopWords } from './top-words.ts';

/** p · ln(p / q): 0 where p is. */
const term = (p: number, q: number) => (p <= 0 ? 0 : p * Math.log(p / q));

/** Logarithms come in single precision: what is left of 1 may be off by as much, and a larger q only lowers the bound. */
const slack = 1e-6;
const restTerm = (p: number, q: number) => term(p, q + slack);

/**
 * A lower bound of the Kullback-Leibler divergence Σ p ln(p / q) of two models' words at one place, in nats, from the five
 * highest words that are kept of each.
 *
 * What is not kept is put together: words that both have among their five stay by themselves, then come the words that
 * the first alone has among its five, then all the rest. Joining words never raises the divergence (data-processing
 * inequality; Cover and Thomas 2006, theorem 2.7.1). What the second gives to words that the first alone has among its
 * five is at most its own fifth each: of all possible values the one with the least divergence is taken.
 *
 * The right word is no part of it: what is kept of it may be the sum of several tokens, or one of several right words.
 *
 * @param at place of the first of the five
 * @returns null where an output was not finite
 */
function boundAt(first: TopWords, second: TopWords, at: number): number | null {
  const places = Array.from({ length: keptWords }, (_, k) => at + k);
  const other = new Map(places.map((place) => [second.topIds[place], Math.exp(second.topLogProbs[place])]));
  const fifth = Math.exp(second.topLogProbs[at + keptWords - 1]);
  let sum = 0;
  let shared = { p: 0, q: 0 };
  let alone = { p: 0, words: 0 };
  for (const place of places) {
    const p = Math.exp(first.topLogProbs[place]);
    const q = other.get(first.topIds[place]);
    if (q === undefined) alone = { p: alone.p + p, words: alone.words + 1 };
    else {
      sum += term(p, q);
      shared = { p: shared.p + p, q: shared.q + q };
    }
  }
  const left = { p: Math.max(0, 1 - shared.p), q: Math.max(0, 1 - shared.q) };
  const most = Math.min(left.q, alone.words * fifth);
  // With this share of what is left the joined words would say nothing more.
  const mildest = left.p === 0 ? 0 : (left.q * alone.p) / left.p;
  if (mildest <= most) sum += restTerm(left.p, left.q);
  else sum += restTerm(alone.p, most) + restTerm(left.p - alone.p, left.q - most);
  return Number.isFinite(sum) ? Math.max(0, sum) : null;
}

/** A mean with its 95 % interval, over n probes. */
export interface MeanBound extends Interval {
  mean: number;
  n: number;
}

/**
 * The mean over probes of the lower bounds of the divergence from the first model to the second, in nats, with the normal
 * 95 % interval of that mean (mean ± 1.96 · s / √n): the divergence itself may be larger, never smaller than the bound.
 *
 * @param count probes that both were asked, in the same order
 * @returns null for fewer than two finite answers
 */
export function divergenceBound(first: TopWords, second: TopWords, count: number): MeanBound | null {
  const bounds: number[] = [];
  for (let place = 0; place < count; place++) {
    const bound = boundAt(first, second, place * keptWords);
    if (bound !== null) bounds.push(bound);
  }
  const n = bounds.length;
  if (n < 2) return null;
  const mean = bounds.reduce((sum, value) => sum + value, 0) / n;
  const variance = bounds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = z95 * Math.sqrt(variance / n);
  return { mean, low: Math.max(0, mean - half), high: mean + half, n };
}
