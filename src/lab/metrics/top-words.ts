/** How many of the highest words are kept for each probe. */
export const keptWords = 5;

/** A model's highest words for a list of probes. */
export interface TopWords {
  /** The five highest words of each probe, falling, and their natural log-probabilities: `[probe, 5]`. */
  topIds: Uint32Array;
  topLogProbs: Float32Array;
}
