import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMatrix } from './fixture.ts';
import { methodList } from './index.ts';
import type { Matrix } from './method.ts';
import { wanda } from './wanda.ts';

const prune = (rows: number[][], norms: number[], sparsity: number): number[][] => {
  const [made] = wanda.apply(
    [makeMatrix(rows)],
    { sparsity },
    { inputNorms: new Map([['a', Float32Array.from(norms)]]) },
  );
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
    const inputNorms = new Map([['a', Float32Array.of(1, 1, 1)]]);
    expect(wanda.apply([matrix], { sparsity: 0 }, { inputNorms })[0]).toBe(matrix);
    expect(wanda.apply([matrix], { sparsity: 0.1 }, { inputNorms })[0]).toBe(matrix);
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
    const inputNorms = new Map([
      ['a', Float32Array.of(1, 9)],
      ['b', Float32Array.of(9, 1)],
    ]);
    const made = wanda.apply([makeMatrix([[2, 2]], 'b'), makeMatrix([[2, 2]], 'a')], { sparsity: 0.5 }, { inputNorms });
    expect(made.map(({ values }) => [...values])).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });

  it('says at which layer nothing was measured', () => {
    expect(() =>
      wanda.apply([makeMatrix([[1]], 'head.transform')], { sparsity: 0.5 }, { inputNorms: new Map() }),
    ).toThrow(expect.objectContaining({ kind: 'internal', message: expect.stringContaining('head.transform') }));
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

describe('every method', () => {
  const given = (): Matrix[] =>
    ['a', 'b'].map((name, seed) =>
      makeMatrix(
        Array.from({ length: 4 }, (_, row) => Array.from({ length: 8 }, (_, c) => Math.sin(row * 8 + c + 99 * seed))),
        name,
      ),
    );

  it.each(methodList.map((method) => [method.id, method] as const))('%s leaves what it is given alone', (_, method) => {
    const matrices = given();
    const inputNorms = new Map(matrices.map(({ site }) => [site.name, Float32Array.from({ length: 8 }, (_, i) => i)]));
    const made = method.apply(matrices, method.params.parse({}), { inputNorms });
    expect(made.map(({ values }) => [...values])).not.toEqual(given().map(({ values }) => [...values]));
    expect(matrices).toEqual(given());
    expect([...inputNorms.values()].map((norms) => norms[7])).toEqual([7, 7]);
  });
});
