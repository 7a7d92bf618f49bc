import { z } from 'zod';
import { keptWords } from '../metrics/top-words.ts';

export { keptWords } from '../metrics/top-words.ts';

/** What a model answered, for a list of probes: typed arrays, because there are thousands of these for every level. */
export const predictionsSchema = z.object({
  /** Rank of what is right, from 1 (see scoreProbe in score.ts); ties count against it. */
  ranks: z.instanceof(Uint32Array),
  /** Its natural log-probability; NaN where the model's output is not finite. */
  goldLogProbs: z.instanceof(Float32Array),
  /** Shape [probe, 5]: the highest words, falling, and their log-probabilities. */
  topIds: z.instanceof(Uint32Array),
  topLogProbs: z.instanceof(Float32Array),
});
export type Predictions = z.infer<typeof predictionsSchema>;

/** Room for `count` predictions; rank 0 stands for "not asked yet". */
export function emptyPredictions(count: number): Predictions {
  return {
    ranks: new Uint32Array(count),
    goldLogProbs: new Float32Array(count),
    topIds: new Uint32Array(count * keptWords),
    topLogProbs: new Float32Array(count * keptWords),
  };
}

/**
 * Copies predictions to other places of a larger set.
 *
 * @param to where they go
 * @param places for each entry of `from` its place in `to`
 */
export function placePredictions(to: Predictions, from: Predictions, places: Uint32Array): void {
  places.forEach((place, index) => {
    to.ranks[place] = from.ranks[index];
    to.goldLogProbs[place] = from.goldLogProbs[index];
    for (let k = 0; k < keptWords; k++) {
      to.topIds[place * keptWords + k] = from.topIds[index * keptWords + k];
      to.topLogProbs[place * keptWords + k] = from.topLogProbs[index * keptWords + k];
    }
  });
}

/** Ranks by probe number from ranks in the order of asking; 0 where not asked. */
export function ranksByProbe(ranks: Uint32Array, order: Uint32Array): Uint32Array {
  const result = new Uint32Array(order.length);
  ranks.forEach((rank, place) => {
    result[order[place]] = rank;
  });
  return result;
}
