import { keptWords, type TopWords } from '../metrics/top-words.ts';

export { keptWords } from '../metrics/top-words.ts';

/** What a model answered, for a list of probes: typed arrays, because there are thousands of these for every level. */
export interface Predictions extends TopWords {
  /** Rank of what is right, from 1 (see scoreProbe in score.ts); ties count against it. */
  ranks: Uint32Array;
  /** Its natural log-probability; NaN where the model's output is not finite. */
  goldLogProbs: Float32Array;
}

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
