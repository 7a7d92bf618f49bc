/** One place of a text at which the model's prediction counts. */
export interface Pick {
  /** Column in the row's tokens (in `target` where there is one): the prediction made there is read. */
  at: number;
  /** The words that are right there, by their numbers; the best of them counts. At least one. */
  gold: readonly number[];
}

/** One text on its way through a model, and where to look. */
export interface ModelInput {
  /** Tokens of the text; of the encoder's in a model of two halves. */
  ids: readonly number[];
  /** Tokens that the decoder of such a model is given; null in a model of one half. */
  target: readonly number[] | null;
  picks: readonly Pick[];
}
