import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputs, measuredAt, naiveFactor, noise, outputError, rowsOf } from '../../test/compensate.ts';
import { activationsFrom, compress, makeMatrix } from '../../test/matrices.ts';
import type { SiteActivations } from '../method.ts';
import { roundHalfEven } from '../shared/select.ts';
import { gptq } from './gptq.ts';
import { rtn } from './rtn.ts';

type Params = Parameters<typeof gptq.apply>[1];
const step = (params: Partial<Params> = {}): Params => gptq.params.parse(params);
const apply = (rows: number[][], activations: SiteActivations, params: Partial<Params> = {}) => {
  const matrix = makeMatrix(rows, 'site');
  return compress(gptq, [matrix], step(params), measuredAt([matrix], activations))[0];
};
const f = Math.fround;
const identity = (n: number) =>
  activationsFrom(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))));

/** Scale and zero point of a run, as rtn makes them. */
function gridOf(run: readonly number[], bits: number, scheme: string) {
  const values = run.map(f);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (scheme === 'symmetric') return { scale: f(Math.max(-low, high) * f(1 / (2 ** (bits - 1) - 1))) || 1, zero: 0 };
  const scale = f(f(high - low) * f(1 / (2 ** bits - 1))) || 1;
  return { scale, zero: roundHalfEven(f(-low / scale)) };
}

/** The paper's algorithm without its blocks: input by input, each error passed on to all later inputs at once. */
function definition(rows: number[][], { gram }: SiteActivations, params: Params): number[][] {
  const { bits, scheme, granularity, order, damping } = params;
  const n = rows[0].length;
  const diagonal = Array.from({ length: n }, (_, i) => gram![i * n + i]);
  const places = diagonal.map((_, i) => i);
  if (order === 'activity') places.sort((a, b) => (diagonal[b] || 1) - (diagonal[a] || 1));
  const u = naiveFactor(gram!, damping, places);
  const group = granularity.startsWith('group-') ? Number(granularity.slice('group-'.length)) : n;
  const w = rows.map((row) => row.map((x, i) => (diagonal[i] === 0 ? 0 : x)));
  const whole = granularity === 'tensor' ? gridOf(rows.flat(), bits, scheme) : null;
  const grids = rows.map((row) =>
    row.map((_, i) => whole ?? gridOf(row.slice(i - (i % group)).slice(0, group), bits, scheme)),
  );
  const made = rows.map((row) => row.map(() => 0));
  const [lowest, top] = scheme === 'symmetric' ? [1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  for (const [k, i] of places.entries())
    for (const [r, row] of w.entries()) {
      if (granularity.startsWith('group-') && order === 'columns' && i % group === 0)
        grids[r].fill(gridOf(row.slice(i, i + group), bits, scheme), i, i + group);
      const { scale, zero } = grids[r][i];
      const code = Math.min(Math.max(roundHalfEven(row[i] / scale) + zero, lowest), top);
      const q = rows[r][i] === 0 ? 0 : (code - zero) * scale;
      const error = (row[i] - q) / u[k][k];
      for (let later = k + 1; later < n; later++) row[places[later]] -= error * u[k][later];
      made[r][i] = f(q) + 0;
    }
  return made;
}

describe('gptq', () => {
  it('passes the error of an input on to one that is like it', () => {
    // Both have the energy 4, 2 of it in common; damping 1 makes 8 of 4. What 1.4 loses at level 1 is 0.4, of which
    // 2 / 8 go to the second weight: 0.45 becomes 0.55 and level 1. The third has nothing in common with them.
    const activations = activationsFrom([
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
      [1, -1, 0],
      [0, 0, 2],
    ]);
    const rows = [[1.4, 0.45, 3]];
    expect(rowsOf(apply(rows, activations, { bits: 3, damping: 1 }))).toEqual([[1, 1, 3]]);
    expect(rowsOf(compress(rtn, [makeMatrix(rows)], rtn.params.parse({ bits: 3 }))[0])).toEqual([[1, 0, 3]]);
  });

  it('equals its definition, whatever the grid, the order and the blocks', () => {
    const params = fc.record({
      bits: fc.integer({ min: 2, max: 8 }),
      scheme: fc.constantFrom('symmetric' as const, 'asymmetric' as const),
      granularity: fc.constantFrom('tensor', 'channel', 'group-2', 'group-3', 'group-12', 'group-24'),
      order: fc.constantFrom('columns' as const, 'activity' as const),
      damping: fc.constantFrom(0.0001, 0.01, 1),
      blocksize: fc.constantFrom(8, 10, 16, 128),
    });
    fc.assert(
      fc.property(params, fc.nat(1000), fc.integer({ min: 1, max: 4 }), (params, seed, height) => {
        const rows = noise(seed, height, 24);
        const activations = inputs(seed + 1, 24, [5]);
        if (seed % 2) rows[0][3] = rows[height - 1][20] = rows[0][5] = 0;
        const made = apply(rows, activations, params);
        expect(rowsOf(made)).toEqual(definition(rows, activations, step(params)));
      }),
      { numRuns: 60 },
    );
  });

  it('is plain rounding where inputs have nothing in common', () => {
    for (const scheme of ['symmetric', 'asymmetric'] as const)
      for (const order of ['columns', 'activity'] as const)
        for (const granularity of ['tensor', 'channel', 'group-4']) {
          const matrix = makeMatrix(noise(3, 6, 16));
          const [plain] = compress(rtn, [matrix], rtn.params.parse({ scheme, granularity }));
          expect(rowsOf(apply(rowsOf(matrix), identity(16), { scheme, granularity, order }))).toEqual(rowsOf(plain));
        }
  });

  it.each([1, 2, 3, 4, 5])('moves the output less than plain rounding (example %i)', (seed) => {
    const matrix = makeMatrix(noise(seed, 8, 32), 'site');
    const activations = inputs(seed, 32);
    for (const bits of [2, 3, 4])
      for (const order of ['columns', 'activity'] as const) {
        const made = apply(rowsOf(matrix), activations, { bits, order });
        const [plain] = compress(rtn, [matrix], rtn.params.parse({ bits }));
        const error = outputError(matrix, made, activations.gram!);
        expect(error).toBeLessThan(0.8 * outputError(matrix, plain, activations.gram!));
      }
  });

  it('tells the codes: values are whole steps of its grid, of the size rtn has', () => {
    const rows = noise(7, 3, 8);
    for (const [granularity, group, runs] of [
      ['tensor', 24, 1],
      ['channel', 8, 3],
      ['group-4', 4, 6],
    ] as const)
      for (const scheme of ['symmetric', 'asymmetric'] as const) {
        const { values, storage } = apply(rows, inputs(2, 8), { bits: 3, scheme, granularity });
        const { grid } = storage;
        if (grid?.kind !== 'uniform') throw new Error('no even grid');
        expect(storage).toMatchObject({ bits: 3, overheadBits: runs * (scheme === 'symmetric' ? 16 : 19) });
        expect(grid).toMatchObject({ bits: 3, group });
        expect(grid.scales).toHaveLength(runs);
        for (const [i, value] of values.entries()) {
          const code = value / grid.scales[Math.floor(i / group)] + (grid.zeros?.[Math.floor(i / group)] ?? 0);
          expect(Math.abs(code - Math.round(code))).toBeLessThan(1e-5);
          expect(Math.round(code)).toBeGreaterThanOrEqual(scheme === 'symmetric' ? -3 : 0);
          expect(Math.round(code)).toBeLessThanOrEqual(scheme === 'symmetric' ? 3 : 7);
        }
      }
  });

  it('clears the weights of inputs that were always 0, and keeps zeros', () => {
    const rows = noise(5, 4, 12).map((row) => row.map((x, c) => (c === 7 ? 0 : x)));
    for (const order of ['columns', 'activity'] as const)
      for (const row of rowsOf(apply(rows, inputs(1, 12, [0, 4]), { order, bits: 8 })))
        row.forEach((value, c) => void expect(value === 0).toBe([0, 4, 7].includes(c)));
  });

  it('clears all where nothing ever came in', () => {
    const nothing = activationsFrom([[0, 0, 0]]);
    expect(rowsOf(apply([[1, 2, 3]], nothing))).toEqual([[0, 0, 0]]);
  });

  it('takes one row, one column and one weight', () => {
    expect(rowsOf(apply([[7], [-2.4], [0.4]], activationsFrom([[3]]), { granularity: 'tensor' }))).toEqual([
      [7],
      [-2],
      [0],
    ]);
    expect(rowsOf(apply([[-2.5]], activationsFrom([[1]])))).toEqual([[-2.5]]);
    expect(rowsOf(apply([[7, 3, 1]], identity(3)))).toEqual([[7, 3, 1]]);
  });

  it('treats each matrix by what entered it, shared or not', () => {
    const matrices = ['a', 'b', 'c'].map((name, i) => makeMatrix(noise(i, 4, 24), name));
    const [first, second] = [inputs(1, 24), inputs(2, 24)];
    const activations = new Map([
      ['a', first],
      ['b', first],
      ['c', second],
    ]);
    const apart = matrices.flatMap((matrix) => compress(gptq, [matrix], step(), { activations }));
    expect(compress(gptq, matrices, step(), { activations })).toEqual(apart);
  });

  it('refuses groups that do not fill a row, and names the layer', () => {
    expect(() => apply([[1, 2, 3]], identity(3), { granularity: 'group-2' })).toThrow(
      expect.objectContaining({ kind: 'bad-recipe', message: expect.stringMatching(/gptq.*site has 3 inputs/) }),
    );
  });

  it('refuses what cannot be solved, and says what helps', () => {
    // No Gram matrix has a negative direction; one that does stands for what rounding can do to one.
    const broken = { ...identity(2), gram: Float64Array.of(1, 2, 2, 1) };
    expect(() => apply([[1, 2]], broken)).toThrow(
      expect.objectContaining({
        kind: 'bad-recipe',
        message: expect.stringContaining('site'),
        advice: expect.stringContaining('damping'),
      }),
    );
  });

  it('needs a Gram matrix', () => {
    expect(gptq.needs(step())).toBe('gram');
    expect(() => apply([[1]], { ...identity(1), gram: null })).toThrow(expect.objectContaining({ kind: 'internal' }));
  });

  it('works in pieces and tells how far it is', () => {
    const matrices = ['a', 'b', 'c'].map((name, i) => makeMatrix(noise(i, 8, 40), name));
    const work = gptq.apply(matrices, step({ blocksize: 8 }), {
      original: new Map(),
      heads: 0,
      keyValueHeads: 0,
      ...measuredAt(matrices, inputs(1, 40)),
    } as Parameters<typeof gptq.apply>[2]);
    const shares = [...work];
    expect(shares.length).toBeGreaterThan(3 * 5);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1);
  });
});
