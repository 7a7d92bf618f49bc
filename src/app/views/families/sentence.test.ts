import { describe, expect, it } from 'vitest';
import type { Figure } from '../../projection/groups.ts';
import { dropOf, ofWhat, ranking } from './sentence.ts';

const figure = (share: number, half: number): Figure => ({
  share,
  low: share - half,
  high: share + half,
  probes: 100,
  of: 100,
  isFew: false,
});

describe('ranking', () => {
  it('names who keeps most and who least where their intervals do not touch', () => {
    expect(
      ranking([
        { family: 'encoder', figure: figure(0.5, 0.1) },
        { family: 'encoder-decoder', figure: figure(0.9, 0.05) },
        { family: 'decoder', figure: figure(0.2, 0.1) },
      ]),
    ).toEqual({ most: 'encoder-decoder', least: 'decoder' });
  });

  it('says nothing where they do, or there is one model alone', () => {
    const encoder = { family: 'encoder' as const, figure: figure(0.5, 0.1) };
    expect(ranking([encoder, { family: 'decoder', figure: figure(0.4, 0.1) }])).toBeNull();
    expect(ranking([encoder])).toBeNull();
    expect(ranking([])).toBeNull();
  });
});

describe('words', () => {
  it('say what a share is of', () => {
    expect(ofWhat('relative', 'facts')).toBe(' of what it knew');
    expect(ofWhat('absolute', 'questions')).toBe(' of the questions');
  });

  it('turn what is left into the paper’s drop', () => {
    expect(dropOf(figure(0.75, 0))).toBe(25);
    expect(dropOf(figure(1.1, 0))).toBeCloseTo(-10);
  });
});
