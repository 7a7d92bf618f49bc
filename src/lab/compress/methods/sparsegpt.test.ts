import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputs, measuredAt, naiveFactor, noise, outputError, rowsOf } from '../../test/compensate.ts';
import { activationsFrom, compress, makeMatrix } from '../../test/matrices.ts';
import type { Method, SiteActivations } from '../method.ts';
import { roundHalfEven } from '../shared/select.ts';
import { magnitudeLayer } from './magnitude-layer.ts';
import { magnitudeNM } from './magnitude-n-m.ts';
import { sparsegpt } from './sparsegpt.ts';
import { sparsegptNM } from './sparsegpt-n-m.ts';

type Free = Parameters<typeof sparsegpt.apply>[1];
type Fixed = Parameters<typeof sparsegptNM.apply>[1];

function prune(method: Method<never>, rows: number[][], activations: SiteActivations, params: object) {
  const matrix = makeMatrix(rows, 'site');
  return compress(
    method as Method<object>,
    [matrix],
    method.params.parse(params),
    measuredAt([matrix], activations),
  )[0];
}
const free = (rows: number[][], activations: SiteActivations, params: Partial<Free> = {}) =>
  prune(sparsegpt as Method<never>, rows, activations, params);
const fixed = (rows: number[][], activations: SiteActivations, params: Partial<Fixed> = {}) =>
  prune(sparsegptNM as Method<never>, rows, activations, params);

const identity = (n: number) =>
  activationsFrom(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))));
const zerosIn = (rows: number[][]) => rows.flat().filter((x) => x === 0).length;

/**
 * The paper's algorithm, input by input, each error passed on to all later inputs at once: `choose` says which of a
 * block of columns go, [row, column within the block], from how much each is missed.
 */
function definition(
  rows: number[][],
  { gram }: SiteActivations,
  damping: number,
  block: number,
  choose: (missed: number[][]) => (readonly [number, number])[],
): number[][] {
  const n = rows[0].length;
  const u = naiveFactor(gram!, damping, [...rows[0].keys()]);
  const w = rows.map((row) => row.map((x, i) => (gram![i * n + i] === 0 ? 0 : x)));
  const goes = new Set<number>();
  for (let i = 0; i < n; i++) {
    if (i % block === 0) {
      const missed = w.map((row, r) =>
        row.slice(i, i + block).map((x, c) => (rows[r][i + c] === 0 ? -1 : x ** 2 / u[i + c][i + c] ** 2)),
      );
      for (const [r, c] of choose(missed)) goes.add(r * n + i + c);
    }
    for (const [r, row] of w.entries()) {
      const kept = goes.has(r * n + i) || rows[r][i] === 0 ? 0 : row[i];
      const error = (row[i] - kept) / u[i][i];
      row[i] = kept;
      for (let later = i + 1; later < n; later++) row[later] -= error * u[i][later];
    }
  }
  return w;
}

/** The k least missed of a block, k to the nearest even number; the first of equals. */
const lowest = (share: number) => (missed: number[][]) => {
  const all = missed.flatMap((row, r) => row.map((value, c) => ({ value, place: [r, c] as const })));
  const order = [...all].sort((a, b) => a.value - b.value);
  return order.slice(0, roundHalfEven(share * all.length)).map(({ place }) => place);
};

/** Of each row all but the n most missed of a group; the first of equals stays. */
const butHighest = (n: number) => (missed: number[][]) =>
  missed.flatMap((row, r) =>
    [...row.keys()]
      .sort((a, b) => row[b] - row[a])
      .slice(n)
      .map((c) => [r, c] as const),
  );

/** The same weights are gone, and the others agree to rounding. */
function expectSame(made: number[][], expected: number[][]): void {
  expect(made.map((row) => row.map((x) => x === 0))).toEqual(expected.map((row) => row.map((x) => x === 0)));
  for (const [r, row] of made.entries())
    for (const [c, value] of row.entries()) expect(Math.abs(value - expected[r][c])).toBeLessThan(1e-6);
}

describe('sparsegpt', () => {
  it('makes good with an input for one that is like it', () => {
    // As for gptq: of what the first weight loses, 2 / 8 go to the second. Missed are 1² · 7.5 and 3² · 8 (1 / U² of
    // inputs 1 and 2), so that the first goes.
    const activations = activationsFrom([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, -1],
    ]);
    expect(rowsOf(free([[1, 3]], activations, { damping: 1 }))).toEqual([[0, 3.25]]);
  });

  it('equals its definition for any share, blocks and damping', () => {
    const params = fc.record({
      sparsity: fc.integer({ min: 1, max: 20 }).map((part) => part / 20),
      damping: fc.constantFrom(0.0001, 0.01, 1),
      blocksize: fc.constantFrom(8, 10, 16, 128),
    });
    fc.assert(
      fc.property(params, fc.nat(1000), fc.integer({ min: 1, max: 4 }), (params, seed, height) => {
        const rows = noise(seed, height, 24);
        const activations = inputs(seed + 1, 24, [5]);
        if (seed % 2) rows[0][3] = rows[height - 1][20] = 0;
        const { sparsity, damping, blocksize } = params;
        const expected = definition(rows, activations, damping, blocksize, lowest(sparsity));
        expectSame(rowsOf(free(rows, activations, params)), expected);
      }),
      { numRuns: 60 },
    );
  });

  it('removes the smallest of each block where inputs have nothing in common', () => {
    const rows = noise(4, 3, 16);
    const [left, right] = [rows.map((row) => row.slice(0, 8)), rows.map((row) => row.slice(8))].map((half) =>
      rowsOf(compress(magnitudeLayer, [makeMatrix(half)], magnitudeLayer.params.parse({ sparsity: 0.4 }))[0]),
    );
    const made = free(rows, identity(16), { sparsity: 0.4, blocksize: 8 });
    expect(rowsOf(made)).toEqual(left.map((row, r) => [...row, ...right[r]]));
  });

  it('removes exactly the share of a block, the first of equals first', () => {
    expect(
      rowsOf(
        free(
          [
            [1, -1, 1],
            [1, 2, -1],
          ],
          identity(3),
          { sparsity: 0.5 },
        ),
      ),
    ).toEqual([
      [0, 0, 0],
      [1, 2, -1],
    ]);
    // Half a weight is rounded to the even number: 2.5 to 2.
    expect(rowsOf(free([[1, 2, 3, 4, 5]], identity(5)))).toEqual([[0, 0, 3, 4, 5]]);
  });

  it('counts zeros first, and keeps them where they are more than the share', () => {
    expect(rowsOf(free([[0, 1, 0, 0.5]], identity(4)))).toEqual([[0, 1, 0, 0.5]]);
    const rows = noise(2, 4, 12).map((row) => row.map((x, c) => (c % 3 === 0 ? x : 0)));
    const made = rowsOf(free(rows, inputs(1, 12), { sparsity: 0.1 }));
    made.forEach((row, r) => void row.forEach((x, c) => void expect(rows[r][c] === 0 && x !== 0).toBe(false)));
  });

  it.each([1, 2, 3])('moves the output less than the removal of the smallest (example %i)', (seed) => {
    const matrix = makeMatrix(noise(seed, 8, 32), 'site');
    const activations = inputs(seed, 32);
    for (const sparsity of [0.3, 0.5, 0.8]) {
      const made = free(rowsOf(matrix), activations, { sparsity });
      expect(zerosIn(rowsOf(made))).toBe(roundHalfEven(sparsity * 256));
      const [plain] = compress(magnitudeLayer, [matrix], magnitudeLayer.params.parse({ sparsity }));
      const error = outputError(matrix, made, activations.gram!);
      expect(error).toBeLessThan(0.7 * outputError(matrix, plain, activations.gram!));
    }
  });

  it('hands back the matrix itself where nothing goes, and clears all at the share 1', () => {
    const matrix = makeMatrix(noise(1, 2, 4), 'site');
    const context = measuredAt([matrix], inputs(1, 4));
    expect(compress(sparsegpt, [matrix], sparsegpt.params.parse({ sparsity: 0 }), context)[0]).toBe(matrix);
    expect(zerosIn(rowsOf(free(noise(1, 2, 4), inputs(1, 4), { sparsity: 1 })))).toBe(8);
  });

  it('takes other shares of other layers', () => {
    const matrices = [makeMatrix(noise(1, 8, 8), 'a'), makeMatrix(noise(2, 32, 8), 'b')];
    const params = sparsegpt.params.parse({ allocation: 'erk', sparsity: 0.5 });
    const made = compress(sparsegpt, matrices, params, measuredAt(matrices, inputs(1, 8)));
    const [small, large] = made.map((matrix) => zerosIn(rowsOf(matrix)));
    expect(small / 64).toBeLessThan(large / 256);
    expect(small + large).toBe(160);
  });

  it('stores weights as the file does again, whatever a step before had made of them', () => {
    const matrix = makeMatrix(noise(1, 2, 4), 'site');
    const coded = { ...matrix, storage: { bits: 4, overheadBits: 32, pattern: { n: 2, m: 4 } } };
    const [made] = compress(sparsegpt, [coded], sparsegpt.params.parse({}), measuredAt([coded], inputs(1, 4)));
    expect(made.storage).toEqual({ bits: 16, overheadBits: 0, pattern: { n: 2, m: 4 } });
  });

  it('clears all where nothing ever came in, and takes one weight', () => {
    expect(rowsOf(free([[1, 2, 3]], activationsFrom([[0, 0, 0]]), { sparsity: 0.3 }))).toEqual([[0, 0, 0]]);
    expect(rowsOf(free([[5]], activationsFrom([[2]]), { sparsity: 0.4 }))).toEqual([[5]]);
    expect(rowsOf(free([[5], [1]], activationsFrom([[2]])))).toEqual([[5], [0]]);
  });

  it('refuses weights that leave float32 when they make good for others', () => {
    const alike = activationsFrom([
      [1, 1],
      [0, 0.1],
    ]);
    expect(() => free([[3e38, 3.3e38]], alike, { damping: 0.0001 })).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringMatching(/site.*too large/) }),
    );
  });

  it('needs a Gram matrix', () => {
    expect(sparsegpt.needs(sparsegpt.params.parse({}))).toBe('gram');
    expect(() => free([[1]], { ...identity(1), gram: null })).toThrow(expect.objectContaining({ kind: 'internal' }));
  });
});

describe('sparsegpt-n-m', () => {
  it('chooses each group after the ones before it were made good for', () => {
    // 1 of 2: the first 1 goes (missed less than 3); nothing in common with the second pair, which loses 0.1.
    const pairs = activationsFrom([
      [1, 1, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 0, 0],
      [1, -1, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 0, 2],
    ]);
    expect(rowsOf(fixed([[1, 3, 0.1, 2]], pairs, { n: 1, m: 2, damping: 1 }))).toEqual([[0, 3.25, 0, 2]]);
  });

  it('equals its definition for any pattern, blocks and damping', () => {
    const pattern = fc.constantFrom([2, 4], [1, 4], [3, 8], [1, 2], [5, 12], [2, 3]);
    const damping = fc.constantFrom(0.0001, 0.01, 1);
    const blocksize = fc.constantFrom(8, 10, 16, 128);
    fc.assert(
      fc.property(pattern, damping, blocksize, fc.nat(1000), ([n, m], damping, blocksize, seed) => {
        const rows = noise(seed, 3, 24);
        const activations = inputs(seed + 1, 24, [5]);
        if (seed % 2) rows[0][3] = rows[2][20] = 0;
        const made = rowsOf(fixed(rows, activations, { n, m, damping, blocksize }));
        expectSame(made, definition(rows, activations, damping, m, butHighest(n)));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the largest where inputs have nothing in common, the first of equals', () => {
    const rows = [...noise(4, 3, 16), Array.from({ length: 16 }, (_, i) => (i % 2 ? 1 : -1))];
    const [plain] = compress(magnitudeNM, [makeMatrix(rows)], magnitudeNM.params.parse({ n: 3, m: 8 }));
    expect(rowsOf(fixed(rows, identity(16), { n: 3, m: 8 }))).toEqual(rowsOf(plain));
  });

  it('holds the pattern, and says so', () => {
    const made = fixed(noise(1, 4, 16), inputs(1, 16));
    expect(made.storage).toEqual({ bits: 16, overheadBits: 0, pattern: { n: 2, m: 4 } });
    for (let start = 0; start < made.values.length; start += 4)
      expect(made.values.subarray(start, start + 4).filter((x) => x !== 0)).toHaveLength(2);
  });

  it('keeps zeros where they are more than the pattern asks for', () => {
    const rows = noise(3, 4, 16).map((row) => row.map((x, c) => (c % 4 === 1 ? x : 0)));
    for (const row of rowsOf(fixed(rows, inputs(1, 16), { n: 3 })))
      row.forEach((x, c) => void expect(x !== 0).toBe(c % 4 === 1));
  });

  it.each([1, 2, 3])('moves the output less than the removal of the smallest (example %i)', (seed) => {
    const matrix = makeMatrix(noise(seed, 8, 32), 'site');
    const activations = inputs(seed, 32);
    const [plain] = compress(magnitudeNM, [matrix], magnitudeNM.params.parse({}));
    const error = outputError(matrix, fixed(rowsOf(matrix), activations), activations.gram!);
    expect(error).toBeLessThan(0.7 * outputError(matrix, plain, activations.gram!));
  });

  it('hands back the matrix itself where all stay', () => {
    const matrix = makeMatrix(noise(1, 2, 4), 'site');
    const params = sparsegptNM.params.parse({ n: 4, m: 4 });
    expect(compress(sparsegptNM, [matrix], params, measuredAt([matrix], inputs(1, 4)))[0]).toBe(matrix);
  });

  it('refuses groups that do not fill a row, and more weights than a group has', () => {
    expect(() => fixed([[1, 2, 3]], identity(3))).toThrow(
      expect.objectContaining({ kind: 'bad-recipe', message: expect.stringContaining('site has 3 inputs') }),
    );
    expect(sparsegptNM.params.safeParse({ n: 5, m: 4 }).success).toBe(false);
  });
});
