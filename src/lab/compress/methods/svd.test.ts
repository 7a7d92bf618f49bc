import { describe, expect, it } from 'vitest';
import { noise, rowsOf } from '../../test/compensate.ts';
import { compress, makeMatrix } from '../../test/matrices.ts';
import type { Matrix } from '../method.ts';
import { lowRankCorrection } from './low-rank-correction.ts';
import { rtn } from './rtn.ts';
import { svd } from './svd.ts';

const truncate = (matrix: Matrix, rank: number) => compress(svd, [matrix], { rank })[0];
const noiseOf = (before: Matrix, after: Matrix) =>
  before.values.reduce((sum, value, i) => sum + (value - after.values[i]) ** 2, 0);

describe('svd', () => {
  it('keeps the largest directions', () => {
    // The directions (1, 1) and (1, -1) with the sizes √8 and √2.
    const made = truncate(
      makeMatrix([
        [2, 2],
        [1, -1],
      ]),
      0.5,
    );
    [2, 2, 0, 0].forEach((value, i) => void expect(made.values[i]).toBeCloseTo(value, 6));
    expect(made.storage).toEqual({ bits: 16, overheadBits: 0, rank: 1 });
  });

  it('keeps the share of the shorter side to the nearest even number, and at least one', () => {
    const matrix = makeMatrix(noise(1, 5, 9));
    for (const [share, rank] of [
      [0.01, 1],
      [0.5, 2],
      [0.7, 4],
      [0.8, 4],
      [1, 5],
    ])
      expect(truncate(matrix, share).storage.rank).toBe(rank);
  });

  it('loses less the more directions stay, and nothing where all do', () => {
    const matrix = makeMatrix(noise(2, 12, 7));
    const losses = [0.1, 0.3, 0.6, 0.9].map((share) => noiseOf(matrix, truncate(matrix, share)));
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(losses.at(-1)).toBeGreaterThan(0);
    expect(truncate(matrix, 1).values).toBe(matrix.values);
  });

  it('does nothing more when repeated', () => {
    const once = truncate(makeMatrix(noise(3, 6, 10)), 0.5);
    const twice = truncate(once, 0.5);
    once.values.forEach((value, i) => void expect(twice.values[i]).toBeCloseTo(value, 5));
  });

  it('stores weights as the file does again, whatever a step before had made of them', () => {
    const [rounded] = compress(rtn, [makeMatrix(noise(4, 4, 4))], rtn.params.parse({}));
    expect(truncate(rounded, 0.5).storage).toEqual({ bits: 16, overheadBits: 0, rank: 2 });
  });

  it('takes one row, one column, one weight and zeros', () => {
    for (const rows of [[[1, -2, 3]], [[1], [-2]], [[5]]])
      expect(rowsOf(truncate(makeMatrix(rows), 0.5))).toEqual(rows);
    expect(
      rowsOf(
        truncate(
          makeMatrix([
            [0, 0],
            [0, 0],
          ]),
          0.5,
        ),
      ),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('refuses weights whose directions leave float32', () => {
    // All weights but one are 3.4e38: their direction overshoots where they are least alike.
    const rows = [
      [3.4e38, 3.4e38],
      [3.4e38, 3e38],
    ];
    expect(() => truncate(makeMatrix(rows, 'site'), 0.5)).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringMatching(/site.*too large/) }),
    );
  });
});

describe('low-rank-correction', () => {
  const original = makeMatrix(noise(5, 8, 12), 'site');
  const context = { original: new Map([['site', original.values]]) };
  const correct = (matrix: Matrix, rank: number) => compress(lowRankCorrection, [matrix], { rank }, context)[0];
  const [rounded] = compress(rtn, [original], rtn.params.parse({ bits: 2 }));

  it('adds back the largest direction of what was lost', () => {
    const start = makeMatrix(
      [
        [2, 2],
        [1, -1],
      ],
      'a',
    );
    const lost = { ...start, values: new Float32Array(4) };
    const [made] = compress(lowRankCorrection, [lost], { rank: 1 }, { original: new Map([['a', start.values]]) });
    [2, 2, 0, 0].forEach((value, i) => void expect(made.values[i]).toBeCloseTo(value, 6));
  });

  it('gets nearer to the original the more directions come back, up to all of it', () => {
    const losses = [1, 2, 4, 6].map((rank) => noiseOf(original, correct(rounded, rank)));
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(losses[0]).toBeLessThan(noiseOf(original, rounded));
    correct(rounded, 256).values.forEach((value, i) => void expect(value).toBeCloseTo(original.values[i], 6));
  });

  it('leaves what was stored as it is, and says what is stored beside it', () => {
    const made = correct(rounded, 3);
    expect(made.storage).toEqual({ ...rounded.storage, correction: { rank: 3, base: rounded.values } });
    expect(correct(rounded, 256).storage.correction?.rank).toBe(8);
  });

  it('stores a second correction with the first, beside the same base', () => {
    const twice = correct(correct(rounded, 3), 2);
    expect(twice.storage.correction).toEqual({ rank: 5, base: rounded.values });
    correct(rounded, 5).values.forEach((value, i) => void expect(twice.values[i]).toBeCloseTo(value, 5));
  });

  it('leaves a matrix alone that is as the model came', () => expect(correct(original, 3)).toBe(original));

  it('says what it lacks', () => {
    expect(() => compress(lowRankCorrection, [rounded], { rank: 1 })).toThrow(
      expect.objectContaining({ kind: 'internal', message: expect.stringContaining('site') }),
    );
  });
});
