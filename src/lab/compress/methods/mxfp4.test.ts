import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import { mxfp4 } from './mxfp4.ts';

const apply = (rows: number[][]) => compress(mxfp4, [makeMatrix(rows, 'site')], {})[0];
const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);

/** E2M1, by code. */
const elements = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

/** The nearest element, of two as near that with the even code. */
function nearest(x: number): number {
  const distances = elements.map((element) => Math.abs(element - Math.abs(x)));
  const least = Math.min(...distances);
  const code = elements.findIndex((_, i) => distances[i] === least && (i % 2 === 0 || distances[i + 1] !== least));
  return Math.sign(x) * elements[code];
}

describe('mxfp4', () => {
  it('scales by a power of two, so that the largest weight is 4 to 8 steps', () => {
    // Largest 0.7, in [0.5, 1): scale 2^(-1 - 2) = 1/8. In eighths: 5.6, 0.8, -2, 1.2, 0.2, -4.9.
    expect(plain(apply([[0.7, 0.1, -0.25, 0.15, 0.025, -0.6125]]).values)).toEqual(
      [6, 1, -2, 1, 0, -4].map((x) => x / 8),
    );
    expect(apply([[0.7]]).storage.grid).toMatchObject({ scales: new Float32Array([1 / 8]) });
  });

  it('rounds half-way to the even code, and what is larger than 6 to 6', () => {
    // Largest 7.9: scale 1.
    const row = [7.9, 5, 3.5, 2.5, 1.75, 1.25, 0.75, 0.25, -5, -3.5, -2.5, -1.75, -1.25, -0.75, -0.25];
    expect(plain(apply([row]).values)).toEqual([6, 4, 4, 2, 2, 1, 1, 0, -4, -4, -2, -2, -1, -1, 0]);
  });

  it('is the definition, in blocks of 32 along each row', () => {
    const width = fc.constantFrom(1, 31, 32, 40, 45, 64, 70);
    const weight = fc.float({ min: -8, max: 8, noNaN: true });
    const matrices = width.chain((columns) =>
      fc.array(fc.array(fc.oneof(weight, fc.constant(0)), { minLength: columns, maxLength: columns }), {
        minLength: 1,
        maxLength: 3,
      }),
    );
    fc.assert(
      fc.property(matrices, (rows) => {
        const expected = rows.flatMap((row) =>
          row.map((w, c) => {
            const from = 32 * Math.floor(c / 32);
            const largest = Math.max(...row.slice(from, from + 32).map(Math.abs));
            if (largest === 0) return 0;
            const scale = 2 ** Math.max(-127, Math.floor(Math.log2(largest)) - 2);
            return nearest(Math.fround(w / scale)) * scale;
          }),
        );
        const { values, storage } = apply(rows);
        expect(plain(values)).toEqual(plain(expected));
        expect(storage).toMatchObject({ bits: 4, overheadBits: 8 * rows.length * Math.ceil(rows[0].length / 32) });
      }),
    );
  });

  it('has runs that fill blocks and rows, each with its block’s scale', () => {
    const row = Array.from({ length: 40 }, (_, c) => (c === 3 ? 4 : c === 39 ? 16 : 1));
    expect(apply([row]).storage.grid).toMatchObject({ group: 8, scales: new Float32Array([1, 1, 1, 1, 4]) });
  });

  it('takes weights below the least scale as zeros, and the largest there are', () => {
    expect(plain(apply([[2 ** -149, -(2 ** -149)]]).values)).toEqual([0, 0]);
    expect(plain(apply([[2 ** -127]]).values)).toEqual([2 ** -127]);
    expect(plain(apply([[3.4e38, -1.7e38]]).values)).toEqual([6 * 2 ** 125, -4 * 2 ** 125]);
  });
});
