import { describe, expect, it } from 'vitest';
import { flipsOf } from './flips.ts';
import { keptWords } from './top-words.ts';

/** Answers with these ranks and first words. */
const answers = (ranks: number[], words: number[]) => ({
  ranks: Uint32Array.from(ranks),
  topIds: Uint32Array.from(words.flatMap((word) => [word, ...Array(keptWords - 1).fill(99)])),
});

describe('flips', () => {
  it('tell what became of each probe', () => {
    const found = flipsOf(
      answers([1, 1, 2, 3, 4], [10, 11, 12, 13, 14]),
      answers([1, 2, 1, 3, 9], [10, 20, 21, 13, 24]),
    );
    expect(found.places).toEqual(['both', 'lost', 'gained', 'same-wrong', 'other-wrong']);
    expect(found.counts).toEqual({ both: 1, lost: 1, gained: 1, neither: 2, otherWrong: 1 });
  });

  it('end where one of both was asked no further', () => {
    expect(flipsOf(answers([1, 1], [1, 2]), answers([2], [3])).places).toEqual(['lost']);
  });
});
