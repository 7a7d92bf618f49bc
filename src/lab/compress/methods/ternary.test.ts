import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import { roundHalfEven } from '../shared/select.ts';
import { binary } from './binary.ts';
import { ternary } from './ternary.ts';

type Params = Parameters<typeof ternary.apply>[1];
const f = Math.fround;
const defaults: Params = { rule: 'twn', granularity: 'channel' };
const apply = (rows: number[][], params: Partial<Params> = {}) =>
  compress(ternary, [makeMatrix(rows, 'site')], { ...defaults, ...params })[0];
const applyBinary = (rows: number[][], granularity = 'channel') =>
  compress(binary, [makeMatrix(rows, 'site')], { granularity })[0];
const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length;

/** Eighths: their sums are exact in any order. */
const weights = fc.array(
  fc.integer({ min: -64, max: 64 }).map((x) => x / 8),
  { minLength: 1, maxLength: 40 },
);

describe('ternary, twn', () => {
  it('keeps what is above 0.7 of the mean, at the mean of what is kept', () => {
    // Mean 2, limit 1.4: 3 and -4 stay, at 3.5; 1.4 itself would go.
    expect(plain(apply([[3, -4, 1, 0, -1, 3]]).values)).toEqual([10 / 3, -10 / 3, 0, 0, 0, 10 / 3].map(f));
    expect(apply([[3, -4, 1, 0, -1, 3]]).storage.grid).toMatchObject({
      scales: new Float32Array([10 / 3]),
      zeros: null,
    });
  });

  it('is the definition', () => {
    fc.assert(
      fc.property(weights, (row) => {
        const limit = f(0.7 * mean(row));
        const kept = row.filter((w) => Math.abs(w) > limit);
        const alpha = kept.length === 0 ? 0 : f(mean(kept));
        expect(plain(apply([row]).values)).toEqual(
          plain(row.map((w) => (Math.abs(w) > limit ? Math.sign(w) * alpha : 0))),
        );
      }),
    );
  });
});

describe('ternary, absmean', () => {
  it('rounds to the mean magnitude, half of it to zero', () => {
    // Mean 2: 1 is half of it and goes, 1.5 is not.
    expect(plain(apply([[1, -1.5, 3, 2.5]], { rule: 'absmean' }).values)).toEqual([0, -2, 2, 2]);
  });

  it('is the definition, for numbers of any size', () => {
    const any = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3 });
    const tiny = fc.array(
      fc.integer({ min: -9, max: 9 }).map((x) => x * 2 ** -149),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.oneof(weights, any, tiny), (row) => {
        const gamma = f(mean(row));
        const expected = row.map((w) =>
          gamma === 0 ? 0 : Math.min(Math.max(roundHalfEven(f(w / gamma)), -1), 1) * gamma,
        );
        expect(plain(apply([row], { rule: 'absmean' }).values)).toEqual(plain(expected));
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(['twn', 'absmean'] as const)('ternary, %s', (rule) => {
  it('has a scale for the matrix, each row or each group', () => {
    const rows = [
      [1, 1, 4, 4],
      [16, 16, 64, 64],
    ];
    expect(plain(apply(rows, { rule, granularity: 'group-2' }).values)).toEqual(rows.flat());
    expect(new Set(apply(rows, { rule, granularity: 'tensor' }).values).size).toBe(2);
    for (const [granularity, runs] of [
      ['tensor', 1],
      ['channel', 2],
      ['group-2', 4],
    ] as const)
      expect(apply(rows, { rule, granularity }).storage).toMatchObject({ bits: 2, overheadBits: 16 * runs });
  });

  it('gives twice as much for weights that are twice as large', () => {
    const row = [0.3, -1.7, 0.01, 5, 0, 2];
    expect(plain(apply([row.map((w) => w * 2 ** 9)], { rule }).values)).toEqual(
      plain(apply([row], { rule }).values.map((value) => value * 2 ** 9)),
    );
  });

  it('refuses groups that do not fill a row', () => {
    expect(() => apply([[1, 2, 3]], { rule, granularity: 'group-2' })).toThrow(/^ternary: granularity is group-2/);
  });
});

describe('binary', () => {
  it('gives each weight its sign, at the mean magnitude; zero counts as plus', () => {
    expect(plain(applyBinary([[3, -1, 0, -0, 2]]).values)).toEqual([1.2, -1.2, 1.2, 1.2, 1.2].map(f));
  });

  it('is the definition', () => {
    fc.assert(
      fc.property(weights, (row) => {
        const alpha = f(mean(row));
        expect(plain(applyBinary([row]).values)).toEqual(plain(row.map((w) => (w < 0 ? -alpha : alpha))));
      }),
    );
  });

  it('has a scale for the matrix, each row or each group', () => {
    const rows = [
      [1, 1, 4, 4],
      [16, 16, 64, 64],
    ];
    expect(plain(applyBinary(rows, 'group-2').values)).toEqual(rows.flat());
    expect(new Set(applyBinary(rows, 'tensor').values)).toEqual(new Set([21.25]));
    for (const [granularity, runs] of [
      ['tensor', 1],
      ['channel', 2],
      ['group-2', 4],
    ] as const)
      expect(applyBinary(rows, granularity).storage).toMatchObject({ bits: 1, overheadBits: 16 * runs });
  });
});
