import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Redraw } from './redraw.ts';

/** Milliseconds that the page of these tests takes to draw. */
let drawing = 100;

beforeEach(() => {
  drawing = 100;
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', (done: () => void) => setTimeout(done, drawing));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Something new every 10 ms, for so long. @returns when the page was brought up to date */
async function busy(redraw: Redraw, times: number[], milliseconds: number): Promise<number[]> {
  for (let at = 0; at < milliseconds; at += 10) {
    redraw.soon();
    await vi.advanceTimersByTimeAsync(10);
  }
  return times;
}

describe('the pace of drawing', () => {
  it('is at once for the first, and leaves four fifths of the time to the run', async () => {
    const times: number[] = [];
    const begun = performance.now();
    const redraw = new Redraw(() => times.push(performance.now() - begun));
    expect(await busy(redraw, times, 1990)).toEqual([0, 500, 1000, 1500]);
  });

  it('never lets the page be much older than a second and a half, however long drawing takes', async () => {
    drawing = 1000;
    const times: number[] = [];
    const begun = performance.now();
    const redraw = new Redraw(() => times.push(performance.now() - begun));
    expect(await busy(redraw, times, 5010)).toEqual([0, 2500, 5000]);
  });

  it('shows the last of it in the end, once, and then rests', async () => {
    let last = 0;
    const shown: number[] = [];
    const redraw = new Redraw(() => shown.push(last));
    for (last = 1; last <= 3; last++) redraw.soon();
    last = 3;
    expect(shown).toEqual([1]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(shown).toEqual([1, 3]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is forgotten when a run ends: all is shown at once, and not once more', async () => {
    let last = 0;
    const shown: number[] = [];
    const redraw = new Redraw(() => shown.push(last));
    redraw.now();
    expect(shown).toEqual([]);
    redraw.soon();
    last = 1;
    redraw.soon();
    redraw.now();
    expect(shown).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(shown).toEqual([0, 1]);
  });
});
