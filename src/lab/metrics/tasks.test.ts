import { describe, expect, it } from 'vitest';
import { argMax, scoreGreedy, scoreTask } from './tasks.ts';

const item = (lls: number[], answer: number, lengths = lls.map(() => 1)) => ({ lls, lengths, answer });

describe('scoreTask', () => {
  it('counts the questions whose likeliest option is the right one', () => {
    const items = [item([-1, -2], 0), item([-3, -2], 1), item([-1, -2], 1), item([-5, -4], 1)];
    const { n, acc } = scoreTask(items);
    expect({ n, acc }).toEqual({ n: 4, acc: 0.75 });
  });

  it('has the standard error s / √n with the sample standard deviation', () => {
    const items = [item([-1, -2], 0), item([-3, -2], 1), item([-1, -2], 1), item([-5, -4], 1)];
    // Right: 1, 1, 0, 1, with mean 3/4. Squares of the differences: 3 · 1/16 + 9/16 = 3/4; s² = (3/4) / 3 = 1/4;
    // s / √n = (1/2) / 2.
    expect(scoreTask(items).accStderr).toBeCloseTo(0.25, 12);
  });

  it('gives a tie to the first option', () => {
    expect(scoreTask([item([-2, -2], 0)]).acc).toBe(1);
    expect(scoreTask([item([-2, -2], 1)]).acc).toBe(0);
  });

  it('also chooses by log-likelihood per character where the task has that', () => {
    const items = [
      item([-6, -8], 1, [3, 8]), // −2 and −1 a character: the second, where the first is likelier as a whole
      item([-6, -8], 0, [3, 8]),
      item([-2, -9], 0, [1, 3]), // −2 and −3
    ];
    expect(scoreTask(items, { hasNorm: true })).toEqual({
      n: 3,
      acc: 2 / 3,
      accStderr: expect.closeTo(1 / 3, 12), // s² = (2 · 1/9 + 4/9) / 2 = 1/3; s / √3 = 1/3
      accNorm: 2 / 3,
      accNormStderr: expect.closeTo(1 / 3, 12),
    });
    expect(scoreTask([items[0]], { hasNorm: true })).toMatchObject({ acc: 0, accNorm: 1 });
  });

  it('has no such figure for other tasks', () => {
    expect(Object.keys(scoreTask([item([-1, -2], 0)]))).toEqual(['n', 'acc', 'accStderr']);
  });

  it('has no standard error from fewer than two questions', () => {
    expect(scoreTask([item([-1, -2], 0)])).toEqual({ n: 1, acc: 1, accStderr: null });
    expect(scoreTask([])).toEqual({ n: 0, acc: 0, accStderr: null });
  });
});

describe('scoreGreedy', () => {
  it('counts the continuations that the model would write, and has their perplexity', () => {
    const items = [
      { ll: -Math.log(2), greedy: true },
      { ll: -Math.log(8), greedy: false },
    ];
    expect(scoreGreedy(items)).toEqual({
      n: 2,
      acc: 0.5,
      accStderr: expect.closeTo(0.5, 12), // s² = (1/4 + 1/4) / 1; s / √2
      perplexity: expect.closeTo(4, 12), // the geometric mean of 2 and 8
    });
  });

  it('is at a loss for nothing where nothing was asked', () => {
    expect(scoreGreedy([])).toEqual({ n: 0, acc: 0, accStderr: null, perplexity: 1 });
  });
});

describe('argMax', () => {
  it('takes the first of the highest', () => {
    expect(argMax([-3, -1, -2, -1])).toBe(1);
    expect(argMax([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(0);
  });
});
