/** What the model made of a question with several options. */
export interface ScoredChoice {
  /** Log-likelihood of each option. */
  lls: readonly number[];
  /** Characters of each option: what acc_norm divides by. */
  lengths: readonly number[];
  /** The right option, by its position. */
  answer: number;
}

/** What the model made of a continuation that it must find by itself. */
export interface ScoredGreedy {
  /** Log-likelihood of the continuation. */
  ll: number;
  /** Whether every token of it was the arg-max. */
  greedy: boolean;
}

/** The share that is right, and its standard error: the harness's `acc` and `acc_stderr`. */
export interface Accuracy {
  n: number;
  /** 0 where nothing was asked. */
  acc: number;
  /** s / √n with the sample standard deviation s; null for fewer than two questions, which have none. */
  accStderr: number | null;
}

export interface ChoiceScore extends Accuracy {
  /** The same by log-likelihood per character, for tasks that have it: `acc_norm`. */
  accNorm?: number;
  accNormStderr?: number | null;
}

export interface GreedyScore extends Accuracy {
  /** exp(−mean log-likelihood). The harness bootstraps its error with random draws; it is left out here. */
  perplexity: number;
}

/** Either of these: what a result holds of a task. */
export type TaskScore = Accuracy &
  Partial<Omit<ChoiceScore, keyof Accuracy>> &
  Partial<Omit<GreedyScore, keyof Accuracy>>;

/**
 * Scores a task of options as the LM harness does. A question with a likelihood that is not a number (a model that was
 * compressed to nonsense) counts as wrong.
 *
 * @param options.hasNorm whether the task also has accuracy by log-likelihood per character
 */
export function scoreTask(
  items: readonly ScoredChoice[],
  { hasNorm = false }: { hasNorm?: boolean } = {},
): ChoiceScore {
  const score = accuracy(items.map(({ lls, answer }) => isRight(lls, answer)));
  if (!hasNorm) return score;
  const norm = accuracy(
    items.map(({ lls, lengths, answer }) =>
      isRight(
        lls.map((ll, option) => ll / lengths[option]),
        answer,
      ),
    ),
  );
  return { ...score, accNorm: norm.acc, accNormStderr: norm.accStderr };
}

/** Scores a task of single continuations as the LM harness does. */
export function scoreGreedy(items: readonly ScoredGreedy[]): GreedyScore {
  const mean = items.reduce((sum, { ll }) => sum + ll, 0) / Math.max(items.length, 1);
  return { ...accuracy(items.map(({ greedy }) => greedy)), perplexity: Math.exp(-mean) };
}

function isRight(values: readonly number[], answer: number): boolean {
  return !values.some(Number.isNaN) && argMax(values) === answer;
}

/** Position of the highest value; of several the first. */
export function argMax(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
}

function accuracy(right: readonly boolean[]): Accuracy {
  const n = right.length;
  const acc = n === 0 ? 0 : right.filter(Boolean).length / n;
  // Of zeros and ones the sample variance is n / (n − 1) · acc · (1 − acc), so that s / √n becomes this.
  return { n, acc, accStderr: n < 2 ? null : Math.sqrt((acc * (1 - acc)) / (n - 1)) };
}
