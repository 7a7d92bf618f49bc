import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputs, measuredAt, noise, outputError, rowsOf } from '../../test/compensate.ts';
import { activationsFrom, compress, makeMatrix } from '../../test/matrices.ts';
import type { SiteActivations } from '../method.ts';
import { awq } from './awq.ts';
import { rtn } from './rtn.ts';

type Params = Parameters<typeof awq.apply>[1];
const step = (params: Partial<Params> = {}): Params => awq.params.parse(params);
const apply = (rows: number[][], activations: SiteActivations, params: Partial<Params> = {}) => {
  const matrix = makeMatrix(rows, 'site');
  return compress(awq, [matrix], step(params), measuredAt([matrix], activations))[0];
};
const f = Math.fround;

/** Every candidate in full, with rtn as it stands for the rounding. */
function definition(rows: number[][], { gram, absSum, tokens }: SiteActivations, params: Params) {
  const n = rows[0].length;
  let best = { loss: Number.POSITIVE_INFINITY, values: rows, scales: new Float32Array(n) };
  for (let k = 0; k < params.grid; k++) {
    const raw = [...absSum].map((sum) => Math.max((sum / tokens) ** (k / params.grid), 1e-4));
    const middle = Math.sqrt(Math.max(...raw) * Math.min(...raw));
    const scales = Float32Array.from(raw, (s) => s / middle);
    const stretched = makeMatrix(rows.map((row) => row.map((w, c) => f(w * scales[c]))));
    const { bits, scheme, granularity } = params;
    const [rounded] = compress(rtn, [stretched], rtn.params.parse({ bits, scheme, granularity }));
    let loss = 0;
    for (const [r, row] of rowsOf(rounded).entries()) {
      const d = row.map((q, c) => q / scales[c] - rows[r][c]);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) loss += d[i] * gram![i * n + j] * d[j];
    }
    if (loss < best.loss)
      best = { loss, values: rowsOf(rounded).map((row) => row.map((q, c) => f(q / scales[c]))), scales };
  }
  return best;
}

describe('awq', () => {
  it('rounds the weight of a strong input more finely', () => {
    // Levels 1 apart lose the second weight, whose input is 256 times as strong. Multiplied by up to 15 before and
    // divided by it after, it is met nearly exactly.
    const strong = activationsFrom([
      [1, 0],
      [0, 256],
    ]);
    const rows = [[3, 0.4]];
    const [plain] = compress(rtn, [makeMatrix(rows)], rtn.params.parse({ bits: 3 }));
    expect(rowsOf(plain)).toEqual([[3, 0]]);
    const [[, made]] = rowsOf(apply(rows, strong, { bits: 3 }));
    expect(Math.abs(made - 0.4)).toBeLessThan(0.01);
  });

  it('equals its definition, whatever the grid and the number of strengths', () => {
    const params = fc.record({
      bits: fc.integer({ min: 2, max: 8 }),
      scheme: fc.constantFrom('symmetric' as const, 'asymmetric' as const),
      granularity: fc.constantFrom('tensor', 'channel', 'group-2', 'group-12'),
      grid: fc.constantFrom(4, 7, 20),
    });
    fc.assert(
      fc.property(params, fc.nat(1000), fc.integer({ min: 1, max: 4 }), (params, seed, height) => {
        const rows = noise(seed, height, 12);
        const activations = inputs(seed + 1, 12, [5]);
        if (seed % 2) rows[0][3] = rows[height - 1][10] = 0;
        const expected = definition(rows, activations, step(params));
        const { values, storage } = apply(rows, activations, params);
        expect(storage.grid?.columnScales).toEqual(expected.scales);
        expect(rowsOf(makeMatrix([[...values]]))).toEqual([expected.values.flat().map((x) => x + 0)]);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the best strength in layers larger than what it looks at at a time', () => {
    const rows = noise(3, 130, 40);
    const activations = inputs(1, 40);
    const made = apply(rows, activations, { grid: 6 });
    expect(rowsOf(made)).toEqual(
      definition(rows, activations, step({ grid: 6 })).values.map((row) => row.map((x) => x + 0)),
    );
  });

  it.each([1, 2, 3, 4, 5])('never moves the output more than plain rounding, mostly less (example %i)', (seed) => {
    const matrix = makeMatrix(noise(seed, 8, 24), 'site');
    const activations = inputs(seed, 24);
    const [plain] = compress(rtn, [matrix], rtn.params.parse({}));
    const error = outputError(matrix, apply(rowsOf(matrix), activations), activations.gram!);
    expect(error).toBeLessThan(outputError(matrix, plain, activations.gram!));
  });

  it('is plain rounding where nothing ever came in', () => {
    const rows = noise(1, 3, 4);
    const nothing = activationsFrom([[0, 0, 0, 0]]);
    const [plain] = compress(rtn, [makeMatrix(rows)], rtn.params.parse({}));
    expect(rowsOf(apply(rows, nothing))).toEqual(rowsOf(plain));
  });

  it('keeps zeros, and takes one row, one column and one weight', () => {
    for (const scheme of ['symmetric', 'asymmetric'] as const)
      for (const row of rowsOf(
        apply(
          noise(1, 3, 8).map((row) => [...row.slice(0, 7), 0]),
          inputs(1, 8),
          { scheme },
        ),
      ))
        expect(row[7]).toBe(0);
    expect(rowsOf(apply([[-2.5]], activationsFrom([[3]])))).toEqual([[-2.5]]);
    expect(rowsOf(apply([[7], [-7]], activationsFrom([[3]])))).toEqual([[7], [-7]]);
    expect(rowsOf(apply([[7, 3]], activationsFrom([[1, 1]])))).toEqual([[7, 3]]);
  });

  it('tells the codes: values times the scale of their input are whole steps', () => {
    const { values, storage } = apply(noise(4, 3, 8), inputs(2, 8), {
      bits: 3,
      granularity: 'group-4',
      scheme: 'asymmetric',
    });
    const { grid } = storage;
    if (grid?.kind !== 'uniform' || !grid.zeros || !grid.columnScales) throw new Error('no such grid');
    // Six groups with a scale of 16 bits and a zero point of 3, and 16 bits for each of 8 inputs.
    expect(storage).toMatchObject({ bits: 3, overheadBits: 6 * 19 + 8 * 16 });
    for (const [i, value] of values.entries()) {
      const run = Math.floor(i / 4);
      const code = (value * grid.columnScales[i % 8]) / grid.scales[run] + grid.zeros[run];
      expect(Math.abs(code - Math.round(code))).toBeLessThan(1e-5);
      expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(Math.round(code));
    }
  });

  it('refuses groups that do not fill a row, and names the layer', () => {
    expect(() => apply([[1, 2, 3]], inputs(1, 3), { granularity: 'group-2' })).toThrow(
      expect.objectContaining({ kind: 'bad-recipe', message: expect.stringMatching(/awq.*site has 3 inputs/) }),
    );
  });

  it('needs a Gram matrix', () => {
    expect(awq.needs(step())).toBe('gram');
    expect(() => apply([[1]], { ...inputs(1, 1), gram: null })).toThrow(expect.objectContaining({ kind: 'internal' }));
  });
});
