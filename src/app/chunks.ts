import { keptWords, type Predictions } from '../lab/probe/predictions.ts';

/** The first sample of a level: a fair one, large enough for an interval of a few points, asked within a second. */
export const firstChunk = 192;

/** Every later one: what is lost at most when the page is closed, about a second's work on two cores. */
export const laterChunk = 512;

/** Where the piece that starts at `from` ends. */
export function chunkEnd(from: number, of: number): number {
  return Math.min(of, from < firstChunk ? firstChunk : from + laterChunk);
}

/** Two runs of answers, one behind the other. */
export function concatenate(first: Predictions, second: Predictions): Predictions {
  const join = <T extends Uint32Array | Float32Array>(a: T, b: T): T => {
    const joined = new (a.constructor as new (length: number) => T)(a.length + b.length);
    joined.set(a);
    joined.set(b, a.length);
    return joined;
  };
  return {
    ranks: join(first.ranks, second.ranks),
    goldLogProbs: join(first.goldLogProbs, second.goldLogProbs),
    topIds: join(first.topIds, second.topIds),
    topLogProbs: join(first.topLogProbs, second.topLogProbs),
  };
}

/** The first `count` answers. */
export function firstAnswers(predictions: Predictions, count: number): Predictions {
  return {
    ranks: predictions.ranks.slice(0, count),
    goldLogProbs: predictions.goldLogProbs.slice(0, count),
    topIds: predictions.topIds.slice(0, count * keptWords),
    topLogProbs: predictions.topLogProbs.slice(0, count * keptWords),
  };
}
