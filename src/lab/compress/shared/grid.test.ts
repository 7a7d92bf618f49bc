import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMatrix } from '../../test/matrices.ts';
import { clip, codeAt, groupSize, roundRuns, runScale, scaleOf } from './grid.ts';
import { roundHalfEven } from './select.ts';

const f = Math.fround;
const floats = fc.float({ min: -8, max: 8, noNaN: true });
const normal = fc
  .float({ noNaN: true, noDefaultInfinity: true })
  .filter((x) => Math.abs(x) > 1e-30 && Math.abs(x) < 1e30);

describe('groupSize', () => {
  it('is the matrix, a row or a part of one', () => {
    const matrix = makeMatrix([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(['tensor', 'channel', 'group-2'].map((grain) => groupSize(matrix, grain, 'x'))).toEqual([8, 4, 2]);
  });

  it('names the method, the layer and its inputs where groups do not fill them', () => {
    expect(() => groupSize(makeMatrix([[1, 2, 3]], 'site'), 'group-2', 'some-method')).toThrow(
      expect.objectContaining({
        kind: 'bad-recipe',
        message: expect.stringMatching(/^some-method: granularity is group-2, but site has 3 inputs/),
      }),
    );
  });
});

describe('roundRuns', () => {
  it('multiplies by a reciprocal, which gives the float32 quotient', () => {
    fc.assert(
      fc.property(normal, normal, (w, scale) => {
        // Quotients that are no normal float32 are rounded to code 0 or refused.
        fc.pre(Math.abs(w / scale) > 1e-37 && Math.abs(w / scale) < 1e38);
        expect(f(w * (1 / scale))).toBe(f(w / scale));
      }),
      { numRuns: 2000 },
    );
  });

  it('has the grids of runScale, which takes doubles too', () => {
    const rows = fc.array(fc.array(floats, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 8 }), fc.boolean(), (rows, bits, isSymmetric) => {
        const scheme = isSymmetric ? 'symmetric' : 'asymmetric';
        const matrix = makeMatrix(rows);
        const { scales, zeros } = roundRuns(matrix, { bits, scheme, group: 3 });
        scales.forEach((scale, run) => {
          const ends = [run * 3, run * 3 + 3] as const;
          const grid = { scale, zero: (zeros?.[run] ?? 0) + 0 };
          for (const values of [matrix.values, Float64Array.from(matrix.values)]) {
            const found = runScale(matrix, values, ...ends, bits, scheme);
            expect({ ...found, zero: found.zero + 0 }).toEqual(grid);
          }
        });
      }),
    );
  });

  it('rounds what it is given in place of the weights', () => {
    const matrix = makeMatrix([[1, 2]]);
    const { values, scales } = roundRuns(
      matrix,
      { bits: 3, scheme: 'symmetric', group: 2 },
      new Float32Array([6, 2.9]),
    );
    expect([...values]).toEqual([6, 2]);
    expect([...scales]).toEqual([f(6 * f(1 / 3))]);
    expect([...matrix.values]).toEqual([1, 2]);
  });

  it('keeps to its codes where float32 holds few digits of a scale', () => {
    // The largest is 4 steps of the least float32, top is 3: the scale is 1 of them.
    const least = 2 ** -149;
    const { values } = roundRuns(makeMatrix([[4 * least, -4 * least, least]]), {
      bits: 3,
      scheme: 'symmetric',
      group: 3,
    });
    expect([...values].map((value) => value / least)).toEqual([3, -3, 1]);
  });

  it('refuses what is given in place of the weights, where it is not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() =>
        roundRuns(
          makeMatrix([[1, 2]], 'site'),
          { bits: 4, scheme: 'asymmetric', group: 2 },
          new Float32Array([1, bad]),
        ),
      ).toThrow(expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('site are too large') }));
  });
});

describe('scaleOf', () => {
  it('is 1 for a range of 0, and the range times the reciprocal of top', () => {
    const matrix = makeMatrix([[0]]);
    expect(scaleOf(matrix, 0, 7)).toBe(1);
    expect(scaleOf(matrix, f(0.3), 7)).toBe(f(f(0.3) * f(1 / 7)));
  });
});

describe('codeAt', () => {
  it('rounds half to even', () => {
    fc.assert(
      fc.property(floats, (x) => {
        expect(codeAt(x, 1) + 0).toBe(roundHalfEven(x) + 0);
      }),
    );
    expect([0.5, 1.5, 2.5, -0.5, -1.5].map((x) => codeAt(x, 1) + 0)).toEqual([0, 2, 2, 0, -2]);
  });
});

describe('clip', () => {
  it('is a clamp, whatever the signs', () => {
    const limits = fc.float({ min: 0, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.array(floats), limits, limits, (row, low, high) => {
        const from = Float32Array.from([9, ...row]);
        const to = new Float32Array(row.length);
        clip(new Int32Array(from.buffer), 1, new Int32Array(to.buffer), 0, row.length, -low, high);
        expect([...to].map((x) => x + 0)).toEqual(row.map((x) => Math.min(Math.max(x, -low), high) + 0));
      }),
    );
  });
});
