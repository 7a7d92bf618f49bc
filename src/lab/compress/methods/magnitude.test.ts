import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import type { Matrix } from '../method.ts';
import { magnitudeGlobal } from './magnitude-global.ts';
import { magnitudeLayer } from './magnitude-layer.ts';
import { magnitudeNM } from './magnitude-n-m.ts';

const values = (matrices: readonly Matrix[]) => matrices.map((matrix) => [...matrix.values]);
const pair = () => [
  makeMatrix(
    [
      [1, 2],
      [3, 4],
    ],
    'small',
  ),
  makeMatrix(
    [
      [10, 20],
      [30, 40],
    ],
    'large',
  ),
];

describe('magnitude-global', () => {
  it('has one limit for all layers, so that small weights go first', () => {
    expect(values(compress(magnitudeGlobal, pair(), { sparsity: 0.5 }))).toEqual([
      [0, 0, 0, 0],
      [10, 20, 30, 40],
    ]);
  });

  it('removes two of five at one half', () => {
    expect(values(compress(magnitudeGlobal, [makeMatrix([[5, 4, 3, 2, 1]])], { sparsity: 0.5 }))).toEqual([
      [5, 4, 3, 0, 0],
    ]);
  });

  it('does nothing more when repeated', () => {
    const once = compress(magnitudeGlobal, pair(), { sparsity: 0.6 });
    expect(values(compress(magnitudeGlobal, once, { sparsity: 0.6 }))).toEqual(values(once));
  });
});

describe('magnitude-layer', () => {
  const step = (sparsity: number) => magnitudeLayer.params.parse({ sparsity });

  it('removes the same share of each layer', () => {
    expect(values(compress(magnitudeLayer, pair(), step(0.5)))).toEqual([
      [0, 0, 3, 4],
      [0, 0, 30, 40],
    ]);
  });

  it('rounds per layer: half of one weight is none, half of three are two', () => {
    const made = compress(magnitudeLayer, [makeMatrix([[7]]), makeMatrix([[3, 1, 2]])], step(0.5));
    expect(values(made)).toEqual([[7], [3, 0, 0]]);
  });
});

describe('magnitude-n-m', () => {
  it('keeps the n largest of each group', () => {
    const made = compress(
      magnitudeNM,
      [
        makeMatrix([
          [1, -4, 3, 2, 0, 0, 5, 1],
          [9, 8, 7, 6, 1, 2, 3, 4],
        ]),
      ],
      { n: 2, m: 4 },
    );
    expect(values(made)).toEqual([[0, -4, 3, 0, 0, 0, 5, 1, 9, 8, 0, 0, 0, 0, 3, 4]]);
    expect(made[0].storage.pattern).toEqual({ n: 2, m: 4 });
  });

  it('keeps the lowest index among equal magnitudes', () => {
    expect(values(compress(magnitudeNM, [makeMatrix([[1, -1, 1, -1, 1, 2, 1, 1]])], { n: 2, m: 4 }))).toEqual([
      [1, -1, 0, 0, 1, 2, 0, 0],
    ]);
  });

  it('leaves the weights alone where n equals m', () => {
    const matrix = makeMatrix([[1, 2, 3, 4]]);
    expect(compress(magnitudeNM, [matrix], { n: 4, m: 4 })[0]).toBe(matrix);
  });

  it('equals a stable sort within each group, for any n and m', () => {
    const sizes = fc.integer({ min: 2, max: 9 }).chain((m) => fc.tuple(fc.constant(m), fc.integer({ min: 1, max: m })));
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.integer({ min: -4, max: 4 })), ([m, n], stream) => {
        const row = [...stream.take(3 * m)];
        const wanted = [0, 1, 2].flatMap((group) => {
          const part = row.slice(group * m, group * m + m);
          const order = part.map((_, i) => i).sort((a, b) => Math.abs(part[b]) - Math.abs(part[a]) || a - b);
          return part.map((value, i) => (order.indexOf(i) < n ? value : 0));
        });
        const [made] = values(compress(magnitudeNM, [makeMatrix([row])], { n, m }));
        expect(made.map((x) => x + 0)).toEqual(wanted.map((x) => x + 0));
      }),
    );
  });

  it('refuses a layer that its groups do not fill, and names it', () => {
    expect(() => compress(magnitudeNM, [makeMatrix([[1, 2, 3, 4, 5, 6]], 'head.transform')], { n: 2, m: 4 })).toThrow(
      expect.objectContaining({ kind: 'bad-recipe', message: expect.stringContaining('head.transform has 6 inputs') }),
    );
  });

  it('refuses n above m', () => {
    expect(magnitudeNM.params.safeParse({ n: 5, m: 4 }).success).toBe(false);
    expect(magnitudeNM.params.parse({})).toEqual({ n: 2, m: 4 });
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])('refuses %s and names the layer', (bad) => {
    expect(() =>
      compress(
        magnitudeNM,
        [
          makeMatrix(
            [
              [1, 2, 3, 4],
              [1, bad, 3, 4],
            ],
            'here',
          ),
        ],
        { n: 2, m: 4 },
      ),
    ).toThrow(expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('here') }));
  });
});
