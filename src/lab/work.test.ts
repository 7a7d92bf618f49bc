import { describe, expect, it, vi } from 'vitest';
import { type Preparing, preparingWords, runInChunks, sideBySide } from './work.ts';

/** Work of ten pieces, each of which takes `time` of a clock that stands still else. */
function* pieces(clock: { now: number }, time: number): Generator<number, string, void> {
  for (let i = 1; i <= 10; i++) {
    clock.now += time;
    yield i / 10;
  }
  return 'done';
}

describe('inPieces', () => {
  const clock = { now: 0 };
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);

  it('takes breath and tells how far it is where more than 50 ms have passed', async () => {
    const told: Preparing[] = [];
    let breaths = 0;
    const yieldNow = async () => {
      breaths++;
      // Whatever others do meanwhile does not count.
      clock.now += 1000;
    };
    const result = await runInChunks(pieces(clock, 20), 'compressing', {
      yieldNow,
      onProgress: (step) => told.push(step),
    });
    expect(result).toBe('done');
    expect(breaths).toBe(3);
    expect(told).toEqual([0.3, 0.6, 0.9].map((share) => ({ phase: 'compressing', share })));
  });

  it('does short work in one go', async () => {
    const never = () => Promise.reject(new Error('no breath'));
    expect(await runInChunks(pieces(clock, 1), 'comparing', { yieldNow: never })).toBe('done');
  });

  it('stops between two pieces', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const work = pieces(clock, 30);
    const stopped = runInChunks(work, 'compressing', {
      signal,
      yieldNow: async () => {
        controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
    expect(work.next().value).toBeCloseTo(0.3, 9);
    await expect(runInChunks(pieces(clock, 1), 'compressing', { signal })).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('preparingWords', () => {
  it('says what is done and how much of it', () => {
    expect(preparingWords({ phase: 'compressing', share: 0.4 })).toBe('compressing 40 %');
    expect(preparingWords({ phase: 'calibrating', share: 0.999 })).toBe('measuring activations 99 %');
    expect(preparingWords({ phase: 'comparing', share: 1 })).toBe('comparing outputs 100 %');
    expect(preparingWords(null)).toBe('');
  });
});

describe('tasks side by side', () => {
  it('are all done, never more at once than there are lanes', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      now--;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('stop where one fails or the signal is given, after those under way have ended', async () => {
    const done: number[] = [];
    const work = sideBySide([1, 2, 3, 4, 5, 6], 2, async (item) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (item === 2) throw new Error('two');
      done.push(item);
    });
    await expect(work).rejects.toThrow('two');
    expect(done.every((item) => item < 4)).toBe(true);
    const controller = new AbortController();
    const stopped = sideBySide([1, 2, 3], 1, async () => controller.abort(), { signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
