import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import { codesOf } from '../codes.ts';
import { roundHalfEven } from '../shared/select.ts';
import { rtn } from './rtn.ts';

type Params = Parameters<typeof rtn.apply>[1];
const defaults = rtn.params.parse({});
const apply = (rows: number[][], params: Partial<Params>) =>
  compress(rtn, [makeMatrix(rows, 'site')], { ...defaults, ...params })[0];
/** Without the sign of zeros, which means nothing here. */
const plain = (values: Float32Array) => [...values].map((value) => value + 0);

const weights = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 40 });
const bits = fc.integer({ min: 2, max: 8 });
const scheme = fc.constantFrom('symmetric' as const, 'asymmetric' as const);

/** reference.py's round_to_nearest for one group, step by step in float32, dividing by a number as torch's GPU does. */
function reference(group: number[], bits: number, scheme: string): number[] {
  const f = Math.fround;
  if (scheme === 'symmetric') {
    const top = 2 ** (bits - 1) - 1;
    const scale = f(Math.max(...group.map(Math.abs)) * f(1 / top)) || 1;
    return group.map((w) => f(Math.min(Math.max(roundHalfEven(f(w / scale)), -top), top) * scale));
  }
  const top = 2 ** bits - 1;
  const low = Math.min(0, ...group);
  const scale = f(f(Math.max(0, ...group) - low) * f(1 / top)) || 1;
  const zero = roundHalfEven(f(-low / scale));
  return group.map((w) => f((Math.min(Math.max(roundHalfEven(f(w / scale)) + zero, 0), top) - zero) * scale));
}

describe('rtn, symmetric', () => {
  it('rounds to the grid, halves to the even level', () => {
    // 3 bits: top 3, scale 6 / 3 = 2.
    expect(plain(apply([[6, 1, 3, -3, -5, 0.9, -6]], { bits: 3 }).values)).toEqual([6, 0, 4, -4, -4, 0, -6]);
  });

  it('has three levels at two bits', () => {
    expect(plain(apply([[4, 1.9, 2.1, -3, -1]], { bits: 2 }).values)).toEqual([4, 0, 4, -4, 0]);
  });

  it('scales the matrix, each row or each group', () => {
    const rows = [
      [3, 1, 30, 10],
      [300, 100, 3000, 1000],
    ];
    expect(plain(apply(rows, { bits: 3, granularity: 'tensor' }).values)).toEqual([0, 0, 0, 0, 0, 0, 3000, 1000]);
    expect(plain(apply(rows, { bits: 3, granularity: 'channel' }).values)).toEqual([0, 0, 30, 10, 0, 0, 3000, 1000]);
    expect(plain(apply(rows, { bits: 3, granularity: 'group-2' }).values)).toEqual(rows.flat());
  });
});

describe('rtn, asymmetric', () => {
  it('fits the grid to the range and rounds the zero point', () => {
    // 2 bits: levels 0 to 3, scale 6 / 3 = 2, zero point 1.
    expect(plain(apply([[-2, 4, 0.9, 1.1, -1.5]], { bits: 2, scheme: 'asymmetric' }).values)).toEqual([
      -2, 4, 0, 2, -2,
    ]);
  });

  it('keeps zero exact where all weights have one sign', () => {
    expect(plain(apply([[10, 11, 15, 0]], { bits: 4, scheme: 'asymmetric' }).values)).toEqual([10, 11, 15, 0]);
    expect(plain(apply([[-10, -11, -15, 0]], { bits: 4, scheme: 'asymmetric' }).values)).toEqual([-10, -11, -15, 0]);
  });
});

describe('rtn', () => {
  it('equals the reference in float32, for any weights', () => {
    fc.assert(
      fc.property(weights, bits, scheme, (row, bits, scheme) => {
        expect(plain(apply([row], { bits, scheme }).values)).toEqual(reference(row, bits, scheme).map((x) => x + 0));
      }),
    );
  });

  it('keeps codes within range, errors within half a step, and zeros zero', () => {
    fc.assert(
      fc.property(weights, bits, scheme, (row, bits, scheme) => {
        const range =
          scheme === 'symmetric' ? Math.max(...row.map(Math.abs)) : Math.max(0, ...row) - Math.min(0, ...row);
        const top = scheme === 'symmetric' ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
        // Below this, a step is no normal float32 and its own rounding is larger than any error looked for here.
        fc.pre(range > 1e-30);
        const step = range / top;
        const { values } = apply([row], { bits, scheme });
        const codes = [...values].map((value) => value / step);
        expect(Math.max(...codes) - Math.min(...codes)).toBeLessThanOrEqual(
          (scheme === 'symmetric' ? 2 : 1) * top + 1e-3,
        );
        // The asymmetric zero point is rounded, which shifts the grid by up to half a step and clamps the far end.
        const limit = scheme === 'symmetric' ? 0.5 : 1;
        row.forEach((w, i) => {
          expect(Math.abs(codes[i] - Math.round(codes[i]))).toBeLessThan(1e-3);
          expect(Math.abs(w - values[i])).toBeLessThanOrEqual(step * (limit + 1e-4));
          if (w === 0) expect(values[i]).toBe(0);
        });
      }),
    );
  });

  it('changes nothing when repeated on a grid that float32 holds exactly', () => {
    const once = apply([[7, 3.2, -5.5, 0.4]], {});
    expect(plain(compress(rtn, [once], defaults)[0].values)).toEqual(plain(once.values));
  });

  it('gives the same codes when repeated, where both ends of the grid are used', () => {
    fc.assert(
      fc.property(weights, bits, scheme, (row, bits, scheme) => {
        const params = { ...defaults, bits, scheme };
        fc.pre(Math.max(...row.map(Math.abs)) > 1e-30);
        const once = apply([row], params);
        const codes = [...codesOf(once)];
        // The zero point is rounded, so that the highest weight may get the last level but one: a smaller range then.
        fc.pre(scheme === 'symmetric' || Math.max(...codes) - Math.min(...codes) === 2 ** bits - 1);
        const [twice] = compress(rtn, [once], params);
        expect([...codesOf(twice)]).toEqual(codes);
        // The scale is made again of float32 products, and may differ in its last digit.
        twice.values.forEach((value, i) => {
          expect(Math.abs(value - once.values[i])).toBeLessThanOrEqual(Math.abs(once.values[i]) * 2 ** -22);
        });
      }),
    );
  });

  it('gives twice as much for weights that are twice as large', () => {
    const clipping = fc.constantFrom('minmax' as const, 'mse' as const, 'percentile' as const);
    fc.assert(
      fc.property(
        weights,
        bits,
        scheme,
        clipping,
        fc.integer({ min: -20, max: 20 }),
        (row, bits, scheme, clipping, k) => {
          fc.pre(row.every((w) => w === 0 || Math.abs(w) > 1e-20));
          const params = { bits, scheme, clipping, percentile: 95 };
          const scaled = apply([row.map((w) => w * 2 ** k)], params).values;
          expect(plain(scaled)).toEqual(plain(apply([row], params).values.map((value) => value * 2 ** k)));
        },
      ),
    );
  });

  it('takes a matrix of zeros and one of a single weight', () => {
    for (const scheme of ['symmetric', 'asymmetric'] as const) {
      expect(plain(apply([[0, -0, 0]], { scheme }).values)).toEqual([0, 0, 0]);
      expect(plain(apply([[-2.5]], { scheme, granularity: 'tensor' }).values)).toEqual([-2.5]);
    }
  });

  it('counts scales at 16 bits and zero points at the width of a code', () => {
    const rows = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ];
    const overhead = (params: Partial<Params>) => apply(rows, params).storage;
    expect(overhead({ granularity: 'tensor' })).toMatchObject({ bits: 4, overheadBits: 16 });
    expect(overhead({ granularity: 'channel' })).toMatchObject({ bits: 4, overheadBits: 32 });
    expect(overhead({ granularity: 'group-2', scheme: 'asymmetric', bits: 3 })).toMatchObject({
      bits: 3,
      overheadBits: 4 * 19,
    });
  });

  it('refuses groups that do not fill a row, and names the layer', () => {
    expect(() => apply([[1, 2, 3]], { granularity: 'group-2' })).toThrow(
      expect.objectContaining({ kind: 'bad-recipe', message: expect.stringContaining('site has 3 inputs') }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s and names the layer', (bad) => {
    for (const scheme of ['symmetric', 'asymmetric'] as const)
      for (const granularity of ['tensor', 'channel', 'group-2'])
        expect(() =>
          apply(
            [
              [1, 2],
              [bad, 3],
            ],
            { scheme, granularity },
          ),
        ).toThrow(
          expect.objectContaining({ kind: 'bad-model', message: expect.stringMatching(/site.*row 1, column 0/) }),
        );
  });

  it('refuses weights whose range float32 cannot hold', () => {
    expect(() => apply([[3e38, -3e38]], { scheme: 'asymmetric' })).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('too large') }),
    );
  });

  it('accepts any group size in its schema, written in one way only', () => {
    for (const granularity of ['tensor', 'channel', 'group-2', 'group-48', 'group-128'])
      expect(rtn.params.parse({ granularity })).toEqual({ ...defaults, granularity });
    for (const granularity of ['group-1', 'group-0', 'group-064', 'group-', 'row', 'group-64 '])
      expect(rtn.params.safeParse({ granularity }).success).toBe(false);
  });
});

/** Σ (w - w')² */
const errorOf = (row: readonly number[], values: ArrayLike<number>) =>
  row.reduce((sum, w, i) => sum + (w - values[i]) ** 2, 0);

describe('rtn, range of least error', () => {
  it('gives up the largest weight where the others gain more', () => {
    // 2 bits: the levels are -range, 0 and range. The best single level for all is their mean, 5.8 / 9 = 0.644: of
    // 1, 0.98, ... the nearest is 0.64.
    const row = [1, ...Array(8).fill(Math.fround(0.6))];
    const { values, storage } = apply([row], { bits: 2, clipping: 'mse' });
    expect(new Set(values)).toEqual(new Set([Math.fround(0.64)]));
    expect(storage.grid).toMatchObject({ scales: new Float32Array([0.64]) });
  });

  it('keeps the widest of ranges that are as good', () => {
    expect(apply([[0, 0, 0]], { clipping: 'mse' }).storage.grid).toMatchObject({ scales: new Float32Array([1]) });
  });

  it('has the least error of the 31 ranges, and so never more than that of minimum and maximum', () => {
    fc.assert(
      fc.property(fc.array(weights, { minLength: 1, maxLength: 2 }), bits, scheme, (parts, bits, scheme) => {
        // Two runs, so that the second begins with what the first found.
        const width = Math.min(...parts.map((part) => part.length));
        const rows = parts.map((part) => part.slice(0, width));
        const { values } = apply(rows, { bits, scheme, clipping: 'mse' });
        const f = Math.fround;
        rows.forEach((row, r) => {
          const errors = Array.from({ length: 31 }, (_, i) => {
            const factor = f((50 - i) / 50);
            const high = f(Math.max(0, ...row) * factor);
            const low = f(Math.min(0, ...row) * factor);
            return errorOf(row, onGrid(row, bits, scheme, low, high));
          });
          const error = errorOf(row, values.subarray(r * width, (r + 1) * width));
          expect(error).toBeLessThanOrEqual(Math.min(...errors) * (1 + 1e-12));
        });
      }),
    );
  });

  it('looks at whole runs, however long', () => {
    const row = Array.from({ length: 700 }, (_, i) => Math.fround(Math.sin(i * i) * (i > 600 ? 3 : 1)));
    const { values } = apply([row], { bits: 3, clipping: 'mse' });
    const errors = Array.from({ length: 31 }, (_, i) => {
      const high = Math.fround(Math.max(...row.map(Math.abs)) * Math.fround((50 - i) / 50));
      return errorOf(row, onGrid(row, 3, 'symmetric', -high, high));
    });
    expect(errorOf(row, values)).toBeCloseTo(Math.min(...errors), 9);
    expect(errorOf(row, values)).toBeLessThan(errors[0]);
  });
});

/** Rounds to the grid of a range, as the reference does. */
function onGrid(row: readonly number[], bits: number, scheme: string, low: number, high: number): number[] {
  const f = Math.fround;
  const top = scheme === 'symmetric' ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const range = scheme === 'symmetric' ? Math.max(-low, high) : f(high - low);
  const scale = f(range * f(1 / top)) || 1;
  const zero = scheme === 'symmetric' ? 0 : roundHalfEven(f(-low / scale));
  const least = scheme === 'symmetric' ? -top : 0;
  return row.map((w) => f((Math.min(Math.max(roundHalfEven(f(w / scale)) + zero, least), top) - zero) * scale));
}

describe('rtn, range of a percentile', () => {
  it('leaves out the outermost weights', () => {
    // 0, 1, ... 10: nine tenths of the way is 9, so the scale is 3 at three bits and 10 becomes 9.
    const row = Array.from({ length: 11 }, (_, i) => i * (i % 2 ? -1 : 1));
    expect(plain(apply([row], { bits: 3, clipping: 'percentile', percentile: 90 }).values)).toEqual([
      0, 0, 3, -3, 3, -6, 6, -6, 9, -9, 9,
    ]);
  });

  it('is minimum and maximum at 100', () => {
    fc.assert(
      fc.property(weights, bits, scheme, (row, bits, scheme) => {
        const params = { bits, scheme, percentile: 100 };
        expect(plain(apply([row], { ...params, clipping: 'percentile' }).values)).toEqual(
          plain(apply([row], params).values),
        );
      }),
    );
  });

  it('interpolates between sorted weights', () => {
    const quantile = (sorted: readonly number[], share: number) => {
      const at = share * (sorted.length - 1);
      const low = Math.floor(at);
      return sorted[low] + (at - low) * ((sorted[low + 1] ?? 0) - sorted[low]);
    };
    const sort = (row: readonly number[]) => [...row].sort((a, b) => a - b);
    const percentile = fc.double({ min: 90, max: 100, noNaN: true });
    fc.assert(
      fc.property(weights, scheme, percentile, (row, scheme, percentile) => {
        const { storage } = apply([row], { bits: 8, scheme, clipping: 'percentile', percentile });
        const range =
          scheme === 'symmetric'
            ? quantile(sort(row.map(Math.abs)), percentile / 100)
            : Math.max(0, quantile(sort(row), percentile / 100)) -
              Math.min(0, quantile(sort(row), 1 - percentile / 100));
        fc.pre(range > 1e-30);
        const [scale] = storage.grid!.scales;
        expect(scale * (scheme === 'symmetric' ? 127 : 255)).toBeCloseTo(range, 5);
      }),
    );
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])('refuses %s, which no order of weights shows', (bad) => {
    for (const scheme of ['symmetric', 'asymmetric'] as const)
      expect(() => apply([[1, bad, 2, 3]], { scheme, clipping: 'percentile', percentile: 90 })).toThrow(
        expect.objectContaining({ kind: 'bad-model', message: expect.stringMatching(/site.*column 1/) }),
      );
  });
});

describe('rtn with more bits', () => {
  const clippings = ['minmax', 'mse'] as const;

  it('is never worse where its levels include the old ones: b - 1 divides the new b - 1, symmetric', () => {
    const pairs = [2, 3, 4, 5, 6, 7, 8].flatMap((few) =>
      [3, 4, 5, 6, 7, 8].filter((many) => many > few && (many - 1) % (few - 1) === 0).map((many) => [few, many]),
    );
    fc.assert(
      fc.property(weights, fc.constantFrom(...pairs), fc.constantFrom(...clippings), (row, [few, many], clipping) => {
        fc.pre(Math.max(...row.map(Math.abs)) > 1e-30);
        const [coarse, fine] = [few, many].map((bits) => errorOf(row, apply([row], { bits, clipping }).values));
        const signal = errorOf(row, new Float32Array(row.length));
        // Levels that are the same number differ in their last digit.
        expect(fine).toBeLessThanOrEqual(coarse + 1e-6 * signal);
      }),
    );
  });

  it('may be worse for weights that happen to lie on the coarser grid', () => {
    // 3 bits have the levels 0, 1, 2, 3 here; 4 bits have 3/7 of them, of which none is 1.
    for (const clipping of clippings) {
      const [coarse, fine] = [3, 4].map((bits) => errorOf([3, 1], apply([[3, 1]], { bits, clipping }).values));
      expect(coarse).toBeLessThan(1e-12);
      expect(fine).toBeGreaterThan(0.01);
    }
  });

  it('is better for weights of many sizes, bit by bit', () => {
    const row = Array.from({ length: 512 }, (_, i) => Math.fround(Math.sin(i * i) + Math.sin(3 * i * i)));
    for (const clipping of clippings)
      for (const scheme of ['symmetric', 'asymmetric'] as const) {
        const errors = [2, 3, 4, 5, 6, 7, 8].map((bits) =>
          errorOf(row, apply([row], { bits, scheme, clipping }).values),
        );
        expect(errors).toEqual([...errors].sort((a, b) => b - a));
        expect(errors[6]).toBeLessThan(errors[0] / 500);
      }
  });
});

describe('rtn in words', () => {
  it('says what is not the default', () => {
    const how = (params: object) => rtn.describe({ ...defaults, ...params }).how;
    expect(how({})).toBe('per output row');
    expect(how({ scheme: 'asymmetric', granularity: 'group-64', clipping: 'mse' })).toBe(
      'per group of 64 inputs, asymmetric, range of least error',
    );
    expect(how({ granularity: 'tensor', clipping: 'percentile' })).toBe('per matrix, range of 99.9 %');
  });
});
