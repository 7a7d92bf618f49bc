import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkEnd, firstChunk } from '../../chunks.ts';
import { evenly, type RunTask } from './policy.ts';
import { rotate, spread } from './rotate.ts';

const task = (key: string, asked: number, of = 1000): RunTask => ({
  key,
  model: key.split('/')[0],
  asked,
  of,
  hits: 0,
});
const next = (tasks: readonly RunTask[], isFree: (task: RunTask) => boolean = () => true) =>
  rotate(() => 0)(tasks, isFree)?.key ?? null;

/** Plays the plan to its end, for models with these numbers of questions a level. */
function play(sizes: readonly (readonly number[])[]) {
  const tasks = sizes.flatMap((levels, model) => levels.map((of, level) => task(`${model}/${level}`, 0, of)));
  const turns: { model: number; key: string; from: number }[] = [];
  for (let key = next(tasks); key !== null; key = next(tasks)) {
    const chosen = tasks.find((one) => one.key === key)!;
    turns.push({ model: Number(chosen.model), key, from: chosen.asked });
    chosen.asked = chunkEnd(chosen.asked, chosen.of);
  }
  return { tasks, turns };
}

describe('rotate', () => {
  it('takes a sample of each model in turn, level by level', () => {
    const { turns } = play([
      [1000, 1000],
      [1000, 1000],
      [1000, 1000],
    ]);
    expect(turns.slice(0, 6).map(({ key }) => key)).toEqual(['0/0', '1/0', '2/0', '0/1', '1/1', '2/1']);
  });

  it('then brings each model’s results to their end in turn, what is compared in step', () => {
    const { turns } = play([
      [1000, 1000],
      [1000, 1000],
    ]);
    expect(turns.slice(4).map(({ key }) => key)).toEqual(['0/0', '1/0', '0/1', '1/1', '0/0', '1/0', '0/1', '1/1']);
  });

  it('lets a model that was loaded later catch up first', () => {
    const early = [task('early/0', 192), task('early/1', 192), task('early/2', 0)];
    const late = [task('late/0', 0)];
    expect(next([...early, ...late], ({ model }) => model === 'early')).toBe('early/2');
    expect(next([...early, ...late])).toBe('late/0');
  });

  it('has nothing to do where all are complete, or none is ready', () => {
    expect(next([task('a/0', 1000)])).toBeNull();
    expect(next([task('a/0', 0)], () => false)).toBeNull();
    expect(next([])).toBeNull();
  });

  it('asks everything, all samples before anything else, and no model more than a chunk ahead of another', () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(sizes, (given) => {
        const { tasks, turns } = play(given);
        expect(tasks.every(({ asked, of }) => asked === of)).toBe(true);
        const samples = given.flat().length;
        expect(turns.slice(0, samples).every(({ from }) => from === 0)).toBe(true);
        expect(turns.slice(samples).every(({ from }) => from >= firstChunk)).toBe(true);
      }),
    );
    // Alike models stay within one chunk of each other at any time.
    const { turns } = play(Array(3).fill([3000, 3000, 3000]));
    const had = [0, 0, 0];
    for (const { model } of turns) {
      had[model]++;
      expect(Math.max(...had) - Math.min(...had)).toBeLessThanOrEqual(1);
    }
  });
});

describe('evenly', () => {
  const keys = (...given: ReturnType<typeof task>[]) => evenly(given).map(({ key }) => key);

  it('puts the one of the first two that has had less first, and leaves the others alone', () => {
    expect(keys(task('baseline', 704), task('current', 192), task('other', 0))).toEqual([
      'current',
      'baseline',
      'other',
    ]);
    expect(keys(task('baseline', 192), task('current', 192), task('other', 0))).toEqual([
      'baseline',
      'current',
      'other',
    ]);
    expect(keys(task('baseline', 5))).toEqual(['baseline']);
    expect(keys()).toEqual([]);
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
