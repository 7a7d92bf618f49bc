import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from './fixture.ts';
import { rtn } from './rtn.ts';
import { roundHalfEven } from './select.ts';

type Params = Parameters<typeof rtn.apply>[1];
const defaults = rtn.params.parse({});
const apply = (rows: number[][], params: Partial<Params>) =>
  compress(rtn, [makeMatrix(rows, 'site')], { ...defaults, ...params })[0];
/** Without the sign of zeros, which means nothing here. */
const plain = (values: Float32Array) => [...values].map((value) => value + 0);

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
  const weights = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 40 });
  const bits = fc.integer({ min: 2, max: 8 });
  const scheme = fc.constantFrom('symmetric' as const, 'asymmetric' as const);

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
