import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noise, rowsOf } from '../../test/compensate.ts';
import { compress, makeMatrix } from '../../test/matrices.ts';
import { roundHalfEven } from '../shared/select.ts';
import { hqq } from './hqq.ts';
import { rtn } from './rtn.ts';

type Params = Parameters<typeof hqq.apply>[1];
const step = (params: Partial<Params> = {}): Params => hqq.params.parse({ granularity: 'channel', ...params });
const apply = (rows: number[][], params: Partial<Params> = {}) =>
  compress(hqq, [makeMatrix(rows, 'site')], step(params))[0];
const f = Math.fround;
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** optimize_weights_proximal of the reference code, line by line, for runs of weights. */
function definition(runs: number[][], { bits, iterations, zero: kind }: Params): number[][] {
  const top = 2 ** bits - 1;
  const clamp = (x: number) => Math.min(Math.max(x, 0), top);
  const settle = (x: number) => (kind === 'integer' ? clamp(roundHalfEven(x)) : x);
  const lowest = runs.map((run) => Math.min(...run, ...(kind === 'integer' ? [0] : [])));
  const scales = runs.map((run, i) =>
    Math.min(top / (Math.max(...run, ...(kind === 'integer' ? [0] : [])) - lowest[i]), 2e4),
  );
  let zeros = scales.map((scale, i) => settle(-lowest[i] * scale));
  let beta = 10;
  let best = 1e4;
  for (let round = 0; round < iterations; round++) {
    const codes = runs.map((run, i) => run.map((w) => clamp(roundHalfEven(w * scales[i] + zeros[i]))));
    const errors = runs.map((run, i) => run.map((w, c) => w - (codes[i][c] - zeros[i]) / scales[i]));
    const shrunk = errors.map((run) =>
      run.map((x) => Math.sign(x) * Math.max(Math.abs(x) - Math.abs(x) ** -0.3 / beta, 0)),
    );
    zeros = runs.map((run, i) => mean(run.map((w, c) => codes[i][c] - (w - shrunk[i][c]) * scales[i])));
    beta *= 1.01;
    const error = mean(errors.flat().map(Math.abs));
    if (error >= best) break;
    best = error;
  }
  zeros = zeros.map(settle);
  return runs.map((run, i) =>
    run.map((w) => f((clamp(roundHalfEven(w * scales[i] + zeros[i])) - f(zeros[i])) * f(1 / scales[i])) + 0),
  );
}

const medianError = (rows: number[][], made: number[][]) => {
  const errors = rows.flatMap((row, r) => row.map((w, c) => Math.abs(w - made[r][c]))).sort((a, b) => a - b);
  return errors[errors.length >> 1];
};

describe('hqq', () => {
  it('starts from the levels that minimum and maximum give', () => {
    // 2 bits: levels 0 to 3, scale 3 / 6, zero point 1. The mean of code - w / 2 is 1 again.
    expect(rowsOf(apply([[-2, 4, 0, 2]], { bits: 2 }))).toEqual([[-2, 4, 0, 2]]);
  });

  it('moves the zero point to the mean of what is left', () => {
    // 2 bits: scale 1, zero point 0. Codes are 0.3 more than the weights together, too little for any to be forgiven:
    // the zero point moves to 0.3 / 5, and levels read as 0.06 less.
    const [row] = rowsOf(apply([[0, 3, 0.9, 0.9, 0.9]], { bits: 2, zero: 'float', iterations: 1 }));
    [-0.06, 2.94, 0.94, 0.94, 0.94].forEach((value, c) => void expect(row[c]).toBeCloseTo(value, 6));
  });

  it('takes off a large error what the norm does not forgive', () => {
    // As above, with one code of 1 for 0.6: of its error of -0.4, 0.4^-0.3 / 10 counts, and of the others all, 0.3.
    const [row] = rowsOf(apply([[0, 3, 0.9, 0.9, 0.9, 0.6]], { bits: 2, zero: 'float', iterations: 1 }));
    const zero = (0.3 + 0.4 ** -0.3 / 10) / 6;
    [0, 3, 1, 1, 1, 1].forEach((level, c) => void expect(row[c]).toBeCloseTo(level - zero, 6));
  });

  it('equals its definition, whatever the grid and the rounds', () => {
    const params = fc.record({
      bits: fc.integer({ min: 2, max: 8 }),
      granularity: fc.constantFrom('channel', 'group-6', 'group-12'),
      iterations: fc.constantFrom(1, 2, 20, 100),
      zero: fc.constantFrom('integer' as const, 'float' as const),
    });
    fc.assert(
      fc.property(
        params,
        fc.nat(1000),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0.05, 1, 30),
        (params, seed, height, size) => {
          const rows = noise(seed, height, 24).map((row) => row.map((x) => f(x ** 3 * size)));
          // Runs of one sign, and of one weight.
          if (seed % 2) rows[0] = rows[0].map((x) => f(Math.abs(x) + size));
          if (seed % 3 === 0) rows[height - 1].fill(f(size));
          const group = params.granularity === 'channel' ? 24 : Number(params.granularity.slice(6));
          const runs = rows.flatMap((row) =>
            Array.from({ length: 24 / group }, (_, i) => row.slice(i * group, (i + 1) * group)),
          );
          expect(rowsOf(apply(rows, params)).flat()).toEqual(definition(runs, step(params)).flat());
        },
      ),
      { numRuns: 100 },
    );
  });

  it('meets most weights better than plain rounding where a few are large', () => {
    const rows = noise(5, 16, 64).map((row) => row.map((x) => x * 0.3 + 0.05));
    for (const [r, row] of rows.entries()) row[r] = 4;
    for (const bits of [3, 4]) {
      const [plain] = compress(rtn, [makeMatrix(rows)], rtn.params.parse({ bits, scheme: 'asymmetric' }));
      const made = rowsOf(apply(rows, { bits, zero: 'float' }));
      expect(medianError(rows, made)).toBeLessThan(medianError(rows, rowsOf(plain)));
    }
  });

  it('keeps zeros with whole zero points, in runs of any sign', () => {
    const rows = noise(1, 6, 24).map((row, r) =>
      row.map((x, c) => (c % 3 === 0 ? 0 : r < 2 ? Math.abs(x) : r < 4 ? -Math.abs(x) : x)),
    );
    for (const bits of [2, 3, 4, 8])
      rowsOf(apply(rows, { bits })).forEach((row) => {
        expect(row.filter((_, c) => c % 3 === 0)).toEqual(Array(8).fill(0));
      });
  });

  it('meets equal weights', () => {
    for (const value of [0.25, -3, 0])
      for (const zero of ['integer', 'float'] as const)
        for (const made of rowsOf(apply([[value, value, value]], { zero })).flat()) expect(made).toBeCloseTo(value, 6);
  });

  it('takes one weight', () => expect(rowsOf(apply([[-2.5]]))).toEqual([[-2.5]]));

  it('tells the codes, and counts zero points as they are', () => {
    for (const zero of ['integer', 'float'] as const) {
      const { values, storage } = apply(noise(2, 3, 12), { bits: 3, granularity: 'group-6', zero });
      const { grid } = storage;
      if (grid?.kind !== 'uniform' || !grid.zeros) throw new Error('no such grid');
      expect(storage).toMatchObject({ bits: 3, overheadBits: 6 * (zero === 'integer' ? 16 + 3 : 16 + 16) });
      expect(grid).toMatchObject({ bits: 3, group: 6 });
      if (zero === 'integer') for (const point of grid.zeros) expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(point);
      for (const [i, value] of values.entries()) {
        const run = Math.floor(i / 6);
        const code = value / grid.scales[run] + grid.zeros[run];
        expect(Math.abs(code - Math.round(code))).toBeLessThan(1e-4);
        expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(Math.round(code));
      }
    }
  });

  it('refuses groups that do not fill a row, and one scale for a matrix', () => {
    expect(() => apply([[1, 2, 3]], { granularity: 'group-2' })).toThrow(
      expect.objectContaining({ kind: 'bad-recipe', message: expect.stringMatching(/hqq.*site has 3 inputs/) }),
    );
    expect(hqq.params.safeParse({ granularity: 'tensor' }).success).toBe(false);
  });

  it('refuses weights that its levels would take out of float32', () => {
    // 2 bits: levels 2e38 apart with the zero point at 2, so that the lowest is -4e38.
    expect(() => apply([[-3.3e38, 3e38]], { bits: 2 })).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringMatching(/site.*too large/) }),
    );
  });
});
