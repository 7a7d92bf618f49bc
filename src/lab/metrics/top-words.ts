/** How many of the highest words are kept for each probe. */
export const keptWords = 5;

/** A model's highest words for a list of probes. */
export interface TopWords {
  /** [probe, 5]: the highest words, falling, and their natural log-probabilities. */
  topIds: Uint32Array;
  topLogProbs: Float32Array;
}
