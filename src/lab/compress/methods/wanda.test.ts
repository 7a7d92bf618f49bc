import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationsFrom, compress, makeMatrix } from '../../test/matrices.ts';
import { wanda } from './wanda.ts';

/** Activations of these norms: one token of them. */
const withNorms = (norms: Record<string, readonly number[]>) =>
  new Map(Object.entries(norms).map(([name, values]) => [name, activationsFrom([values])]));
const step = (sparsity: number) => wanda.params.parse({ sparsity });

const prune = (rows: number[][], norms: number[], sparsity: number): number[][] => {
  const [made] = compress(wanda, [makeMatrix(rows)], step(sparsity), { activations: withNorms({ a: norms }) });
  const values = [...made.values].map((value) => value + 0);
  return rows.map((row, index) => values.slice(index * row.length, (index + 1) * row.length));
};

describe('wanda', () => {
  it('weighs each weight with the norm of its input', () => {
    // |w| · norm is 4, 3, 2, 1 and 1, 6, 10, 40: magnitudes alone would drop others.
    expect(
      prune(
        [
          [1, 3, -4, 10],
          [-0.25, 6, 20, 400],
        ],
        [4, 1, 0.5, 0.1],
        0.5,
      ),
    ).toEqual([
      [1, 3, 0, 0],
      [0, 0, 20, 400],
    ]);
  });

  it('drops the same share of each row, however small its weights', () => {
    expect(
      prune(
        [
          [0.25, 0.5],
          [100, 200],
        ],
        [1, 1],
        0.5,
      ),
    ).toEqual([
      [0, 0.5],
      [0, 200],
    ]);
  });

  it('drops the leftmost of equal ones, as a stable ascending sort has it', () => {
    expect(prune([[2, -2, 1, 2, 4]], [1, 1, 2, 1, 1], 0.6)).toEqual([[0, 0, 0, 2, 4]]);
    expect(prune([[5, -7, 9, 3]], [0, 0, 0, 0], 0.5)).toEqual([[0, 0, 9, 3]]);
  });

  it('rounds half a weight to the even number', () => {
    expect(prune([[1, 2, 3, 4, 5]], [1, 1, 1, 1, 1], 0.5)).toEqual([[0, 0, 3, 4, 5]]);
    expect(prune([[1, 2, 3]], [1, 1, 1], 0.5)).toEqual([[0, 0, 3]]);
  });

  it('hands back the matrix itself where nothing goes', () => {
    const matrix = makeMatrix([[1, 2, 3]]);
    const activations = withNorms({ a: [1, 1, 1] });
    for (const sparsity of [0, 0.1]) expect(compress(wanda, [matrix], step(sparsity), { activations })[0]).toBe(matrix);
  });

  it('drops all at the share 1', () => expect(prune([[1, -2, 3]], [1, 0, 2], 1)).toEqual([[0, 0, 0]]));

  it('equals its definition for any weights, norms and share', () => {
    const size = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }));
    // Small integers make many ties; the others make none.
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ min: -8, max: 8, noNaN: true }));
    const share = fc.integer({ min: 0, max: 20 }).map((part) => part / 20);
    fc.assert(
      fc.property(size, fc.infiniteStream(value), share, ([height, width], stream, sparsity) => {
        const rows = Array.from({ length: height }, () => [...stream.take(width)].map(Math.fround));
        const norms = [...stream.take(width)].map((norm) => Math.fround(Math.abs(norm)));
        const exact = sparsity * width;
        const drop = exact % 1 === 0.5 ? 2 * Math.round(exact / 2) : Math.round(exact);
        const wanted = rows.map((row) => {
          const metric = row.map((weight, column) => Math.fround(Math.abs(weight) * norms[column]));
          const order = metric.map((_, column) => column).sort((a, b) => metric[a] - metric[b]);
          const gone = new Set(order.slice(0, drop));
          return row.map((weight, column) => (gone.has(column) ? 0 : weight + 0));
        });
        expect(prune(rows, norms, sparsity)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('takes the norms of each matrix by its name', () => {
    const activations = withNorms({ a: [1, 9], b: [9, 1] });
    const made = compress(wanda, [makeMatrix([[2, 2]], 'b'), makeMatrix([[2, 2]], 'a')], step(0.5), { activations });
    expect(made.map(({ values }) => [...values])).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });

  it('says at which layer nothing was measured', () => {
    expect(() => compress(wanda, [makeMatrix([[1]], 'head.transform')], step(0.5))).toThrow(
      expect.objectContaining({ kind: 'internal', message: expect.stringContaining('head.transform') }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s and says where', (bad) => {
    for (const sparsity of [0, 0.5])
      expect(() =>
        prune(
          [
            [1, 2],
            [bad, 4],
          ],
          [1, 1],
          sparsity,
        ),
      ).toThrow(expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('in row 1, column 0') }));
  });
});
