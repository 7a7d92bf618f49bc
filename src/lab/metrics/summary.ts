import { type Interval, meanInterval, wilson } from './interval.ts';

/** P@k: the share of probes whose best accepted word is among the k highest. */
export interface Precision extends Interval {
  k: number;
  hits: number;
  /** hits / n. */
  share: number;
}

export interface RelationScore {
  id: string;
  /** How many were asked so far, of how many. */
  probes: number;
  of: number;
  hits: number;
}

/** What a level's predictions come to. All of it follows from the ranks. */
export interface Summary {
  /** Probes asked so far, of how many. */
  probes: number;
  of: number;
  /** P@1, P@5, P@10 over all probes (micro), with 95 % Wilson intervals. */
  precision: Precision[];
  /** Mean of 1 / rank. */
  mrr: number;
  /** Mean of the relations' P@1, each relation counting the same, with its 95 % interval (MOVER). */
  macro: { share: number } & Interval;
  relations: RelationScore[];
}

export const precisionAt = [1, 5, 10] as const;

/**
 * Sums up ranks.
 *
 * @param ranks rank of each probe from 1, or 0 where it was not asked yet
 * @param relations the probes' relations, in the order in which the probes are numbered
 */
export function summarise(ranks: Uint32Array, relations: readonly { id: string; probes: number }[]): Summary {
  const hits = precisionAt.map(() => 0);
  let probes = 0;
  let reciprocal = 0;
  let at = 0;
  const scores = relations.map(({ id, probes: of }): RelationScore => {
    const score = { id, probes: 0, of, hits: 0 };
    for (const end = at + of; at < end; at++) {
      const rank = ranks[at];
      if (rank === 0) continue;
      score.probes++;
      if (rank === 1) score.hits++;
      reciprocal += 1 / rank;
      for (let i = 0; i < precisionAt.length; i++) if (rank <= precisionAt[i]) hits[i]++;
    }
    probes += score.probes;
    return score;
  });
  const asked = scores.filter((score) => score.probes > 0);
  const shares = asked.map((score) => ({
    share: score.hits / score.probes,
    interval: wilson(score.hits, score.probes),
  }));
  const mean = (sum: number, count: number) => (count === 0 ? 0 : sum / count);
  return {
    probes,
    of: ranks.length,
    precision: precisionAt.map((k, i) => ({
      k,
      hits: hits[i],
      share: mean(hits[i], probes),
      ...wilson(hits[i], probes),
    })),
    mrr: mean(reciprocal, probes),
    macro: {
      share: mean(
        shares.reduce((sum, { share }) => sum + share, 0),
        asked.length,
      ),
      ...meanInterval(shares),
    },
    relations: scores,
  };
}
