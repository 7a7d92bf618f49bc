import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import { fp8 } from './fp8.ts';

type Params = Parameters<typeof fp8.apply>[1];
const apply = (rows: number[][], params: Partial<Params> = {}) =>
  compress(fp8, [makeMatrix(rows, 'site')], { format: 'e4m3', granularity: 'channel', ...params })[0];
const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);

/** All 256 codes of a format, as its definition reads them; NaN and infinities left out. */
function codesOf(format: Params['format']): { code: number; value: number }[] {
  const [digits, bias] = format === 'e4m3' ? [3, 7] : [2, 15];
  return Array.from({ length: 256 }, (_, code) => {
    const sign = code < 128 ? 1 : -1;
    const exponent = (code & 127) >> digits;
    const rest = code & (2 ** digits - 1);
    const isSpecial = format === 'e4m3' ? (code & 127) === 127 : exponent === 31;
    if (isSpecial) return { code, value: Number.NaN };
    if (exponent === 0) return { code, value: sign * (rest / 2 ** digits) * 2 ** (1 - bias) };
    return { code, value: sign * (1 + rest / 2 ** digits) * 2 ** (exponent - bias) };
  }).filter(({ value }) => Number.isFinite(value));
}

/** The nearest value, of two as near that with an even code. */
function nearest(format: Params['format'], x: number): number {
  let best = { code: 0, value: 0 };
  for (const { code, value } of codesOf(format)) {
    const [distance, least] = [Math.abs(value - x), Math.abs(best.value - x)];
    if (distance < least || (distance === least && code % 2 === 0)) best = { code, value };
  }
  return best.value;
}

describe.each([
  ['e4m3', 448, 2 ** -9, 253],
  ['e5m2', 57344, 2 ** -16, 247],
] as const)('fp8 %s', (format, top, least, count) => {
  it(`has ${count} values, up to ${top}`, () => {
    const grid = apply([[1]], { format }).storage.grid!;
    expect(grid).toMatchObject({ kind: 'table', bits: 8, group: 1 });
    const levels = 'levels' in grid ? [...grid.levels] : [];
    expect(levels).toHaveLength(count);
    expect(levels).toEqual([...new Set(codesOf(format).map(({ value }) => value + 0))].sort((a, b) => a - b));
    expect(levels.at(-1)).toBe(top);
  });

  it('keeps each of its values', () => {
    // The largest weight makes the scale 1.
    const all = codesOf(format).map(({ value }) => value);
    expect(plain(apply([all], { format }).values)).toEqual(plain(all));
  });

  it('rounds to the nearest, half-way to the even code, numbers without a leading digit too', () => {
    const values = codesOf(format)
      .map(({ value }) => value)
      .sort((a, b) => a - b);
    const middles = values.slice(1).map((value, i) => (value + values[i]) / 2);
    const near = middles.flatMap((middle) => [middle, middle * (1 + 2 ** -20), middle * (1 - 2 ** -20)]);
    const row = [top, ...near, least * 0.5, least * 0.51, least * 1.5];
    expect(plain(apply([row], { format }).values)).toEqual(plain(row.map((x) => nearest(format, Math.fround(x)))));
  });

  it('divides by the largest weight over the largest value, in float32', () => {
    const f = Math.fround;
    const rows = fc.array(fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 9, maxLength: 9 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(rows, fc.constantFrom('tensor' as const, 'channel' as const), (rows, granularity) => {
        const scaleOf = (weights: number[]) => f(Math.max(...weights.map(Math.abs)) / top) || 1;
        const scales = rows.map((row) => scaleOf(granularity === 'tensor' ? rows.flat() : row));
        const expected = rows.flatMap((row, r) => row.map((w) => f(nearest(format, f(w / scales[r])) * scales[r])));
        expect(plain(apply(rows, { format, granularity }).values)).toEqual(plain(expected));
      }),
    );
  });
});

describe('fp8', () => {
  it('gives twice as much for weights that are twice as large', () => {
    const row = [0.3, -1.7, 0.001, 5];
    for (const k of [-12, 7])
      expect(plain(apply([row.map((w) => w * 2 ** k)]).values)).toEqual(
        plain(apply([row]).values.map((value) => value * 2 ** k)),
      );
  });

  it('counts 32 bits a scale', () => {
    const rows = [[1], [2], [3]];
    expect(apply(rows).storage).toMatchObject({ bits: 8, overheadBits: 96 });
    expect(apply(rows, { granularity: 'tensor' }).storage).toMatchObject({ bits: 8, overheadBits: 32 });
  });
});
