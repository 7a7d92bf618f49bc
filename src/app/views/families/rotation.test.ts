import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkEnd, firstChunk } from '../../run/chunks.ts';
import { nextTurn, spread } from './rotation.ts';

const todo = (key: string, asked: number, of = 1000) => ({ key, asked, of });

/** Plays a schedule to its end. */
function play(sizes: readonly (readonly number[])[]) {
  const tracks = sizes.map((levels, track) => levels.map((of, level) => todo(`${track}/${level}`, 0, of)));
  const turns: { track: number; key: string; from: number }[] = [];
  for (let turn = nextTurn(tracks); turn; turn = nextTurn(tracks)) {
    turns.push({ track: turn.track, key: turn.todo.key, from: turn.todo.asked });
    turn.todo.asked = chunkEnd(turn.todo.asked, turn.todo.of);
  }
  return { tracks, turns };
}

describe('nextTurn', () => {
  it('takes a sample of each model in turn, level by level', () => {
    const { turns } = play([
      [1000, 1000],
      [1000, 1000],
      [1000, 1000],
    ]);
    expect(turns.slice(0, 6).map(({ key }) => key)).toEqual(['0/0', '1/0', '2/0', '0/1', '1/1', '2/1']);
  });

  it('then brings each model’s results to their end in their order, in turn', () => {
    const { turns } = play([
      [1000, 1000],
      [1000, 1000],
    ]);
    expect(turns.slice(4).map(({ key }) => key)).toEqual(['0/0', '1/0', '0/0', '1/0', '0/1', '1/1', '0/1', '1/1']);
  });

  it('lets a model that was loaded later catch up first', () => {
    const early = [todo('early/0', 192), todo('early/1', 192), todo('early/2', 0)];
    expect(nextTurn([early, []])?.todo.key).toBe('early/2');
    expect(nextTurn([early, [todo('late/0', 0)]])?.todo.key).toBe('late/0');
  });

  it('has nothing to do where all are complete, or none is ready', () => {
    expect(nextTurn([[todo('a', 1000)], []])).toBeNull();
    expect(nextTurn([])).toBeNull();
  });

  it('asks everything, all samples before anything else, and no model more than a piece ahead of another', () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(sizes, (given) => {
        const { tracks, turns } = play(given);
        expect(tracks.flat().every(({ asked, of }) => asked === of)).toBe(true);
        const samples = given.flat().length;
        expect(turns.slice(0, samples).every(({ from }) => from === 0)).toBe(true);
        expect(turns.slice(samples).every(({ from }) => from >= firstChunk)).toBe(true);
      }),
    );
    // Alike models stay within one piece of each other at any time.
    const { turns } = play(Array(3).fill([3000, 3000, 3000]));
    const had = [0, 0, 0];
    for (const { track } of turns) {
      had[track]++;
      expect(Math.max(...had) - Math.min(...had)).toBeLessThanOrEqual(1);
    }
  });
});

describe('spread', () => {
  const levels = Array.from({ length: 10 }, (_, level) => ({ level }));

  it('begins with no compression and the level that is looked at, then fills the widest gaps', () => {
    expect(spread(levels, 5).map(({ level }) => level)).toEqual([0, 5, 9, 2, 7, 1, 3, 4, 6, 8]);
    expect(
      spread(levels, 0)
        .map(({ level }) => level)
        .slice(0, 3),
    ).toEqual([0, 9, 4]);
  });

  it('names every level once', () => {
    for (let current = 0; current < 10; current++)
      expect(
        spread(levels, current)
          .map(({ level }) => level)
          .sort(),
      ).toEqual(levels.map(({ level }) => level));
  });
});
