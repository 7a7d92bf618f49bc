import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMatrix } from '../../test/matrices.ts';
import type { Matrix } from '../method.ts';
import { removeSmallest, roundHalfEven } from './select.ts';

/** The definition, by a stable sort. */
function naive(matrices: readonly Matrix[], count: number): number[] {
  const all = matrices.flatMap((matrix) => [...matrix.values]);
  const order = all.map((_, index) => index).sort((a, b) => Math.abs(all[a]) - Math.abs(all[b]) || a - b);
  for (const index of order.slice(0, count)) all[index] = 0;
  return all;
}

const flat = (matrices: readonly Matrix[]) => matrices.flatMap((matrix) => [...matrix.values]);

describe('roundHalfEven', () => {
  it('rounds a half to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5].map(roundHalfEven).map((x) => x + 0)).toEqual([
      0, 2, 2, 4, 0, -2, -2,
    ]);
  });

  it('rounds half of five weights to two', () => expect(roundHalfEven(0.5 * 5)).toBe(2));

  it('rounds everything else to the nearest', () => {
    expect([0, 0.49999999999999994, 2.4, 2.6, 7, 1e15 + 0.4].map(roundHalfEven)).toEqual([0, 0, 2, 3, 7, 1e15]);
  });
});

describe('removeSmallest', () => {
  it('takes the smallest magnitudes of all matrices together', () => {
    const made = removeSmallest([makeMatrix([[1, -5]]), makeMatrix([[0.5, 3]])], 2);
    expect(made.map((matrix) => [...matrix.values])).toEqual([
      [0, -5],
      [0, 3],
    ]);
  });

  it('takes the lowest index first among equal magnitudes, across matrices', () => {
    const made = removeSmallest(
      [
        makeMatrix([
          [2, -1],
          [1, 2],
        ]),
        makeMatrix([[1, -1]]),
      ],
      3,
    );
    expect(made.map((matrix) => [...matrix.values])).toEqual([
      [2, 0, 0, 2],
      [0, -1],
    ]);
  });

  it('counts zeros that are there already, of either sign', () => {
    expect(flat(removeSmallest([makeMatrix([[3, -0, 2, 0, 1]])], 3))).toEqual([3, 0, 2, 0, 0]);
  });

  it('removes all when asked to, and nothing when not', () => {
    const matrix = makeMatrix([
      [1, 2],
      [3, 4],
    ]);
    expect(flat(removeSmallest([matrix], 4))).toEqual([0, 0, 0, 0]);
    expect(removeSmallest([matrix], 0)).toEqual([matrix]);
    expect(removeSmallest([], 0)).toEqual([]);
  });

  it('tells apart neighbouring floats, subnormal ones included', () => {
    const tiny = 2 ** -149;
    expect(flat(removeSmallest([makeMatrix([[2 * tiny, tiny, 1 + 2 ** -23, 1]])], 3))).toEqual([0, 0, 1 + 2 ** -23, 0]);
  });

  it('works on views that start within a buffer', () => {
    const matrix = makeMatrix([[1, 2, 3]]);
    const values = new Float32Array([9, 3, 1, 2]).subarray(1);
    expect(flat(removeSmallest([{ ...matrix, values }], 1))).toEqual([3, 0, 2]);
  });

  it('equals the naive definition for any weights and count', () => {
    const value = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));
    const rows = fc.array(fc.array(value, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (rows, share) => {
        const matrices = rows.map((row) => makeMatrix([row]));
        const before = flat(matrices);
        const count = roundHalfEven(share * before.length);
        const made = flat(removeSmallest(matrices, count));
        expect(made.map((x) => x + 0)).toEqual(naive(matrices, count).map((x) => x + 0));
        expect(flat(matrices)).toEqual(before);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s and names the layer', (bad) => {
    const matrices = [
      makeMatrix([[1, 2]], 'good'),
      makeMatrix(
        [
          [1, 2],
          [3, bad],
        ],
        'encoder.1.attention.key',
      ),
    ];
    for (const count of [0, 2])
      expect(() => removeSmallest(matrices, count)).toThrow(
        expect.objectContaining({
          kind: 'bad-model',
          message: expect.stringMatching(/encoder\.1\.attention\.key.*row 1, column 1/),
        }),
      );
  });
});
