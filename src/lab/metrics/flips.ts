import type { FourCounts } from './paired.ts';
import { keptWords, type TopWords } from './top-words.ts';

/** What became of a fact between two models; both wrong with the same first word, or with another one. */
export const outcomes = ['both', 'lost', 'gained', 'same-wrong', 'other-wrong'] as const;
export type FlipOutcome = (typeof outcomes)[number];

/** How two models answered the same probes in the same order. */
export interface Flips {
  /** An outcome for each place of the order that both were asked. */
  places: FlipOutcome[];
  counts: FourCounts & { otherWrong: number };
}

type Answers = Pick<TopWords, 'topIds'> & { ranks: Uint32Array };

/** Compares two models' answers place by place, as far as both were asked. Right is rank 1. */
export function flipsOf(first: Answers, second: Answers): Flips {
  const n = Math.min(first.ranks.length, second.ranks.length);
  const places = Array.from({ length: n }, (_, at): FlipOutcome => {
    const wasRight = first.ranks[at] === 1;
    const isRight = second.ranks[at] === 1;
    if (wasRight) return isRight ? 'both' : 'lost';
    if (isRight) return 'gained';
    return first.topIds[at * keptWords] === second.topIds[at * keptWords] ? 'same-wrong' : 'other-wrong';
  });
  return { places, counts: countOutcomes(places) };
}

/** How often each outcome is there. */
export function countOutcomes(places: readonly FlipOutcome[]): Flips['counts'] {
  const counts = { both: 0, lost: 0, gained: 0, neither: 0, otherWrong: 0 };
  for (const outcome of places) {
    if (outcome === 'both' || outcome === 'lost' || outcome === 'gained') counts[outcome]++;
    else {
      counts.neither++;
      if (outcome === 'other-wrong') counts.otherWrong++;
    }
  }
  return counts;
}
