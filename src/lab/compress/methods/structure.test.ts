import { describe, expect, it } from 'vitest';
import type { SiteKind } from '../../model/site.ts';
import { activationsFrom, compress, makeMatrix } from '../../test/matrices.ts';
import type { Matrix } from '../method.ts';
import { heads } from './heads.ts';
import { layers } from './layers.ts';
import { neurons } from './neurons.ts';
import { rows } from './rows.ts';

const square = (fill: (row: number, column: number) => number, size = 4) =>
  Array.from({ length: size }, (_, r) => Array.from({ length: size }, (_, c) => fill(r, c)));

/** The attention of a block with two heads of two: the second head's weights are `second`, all others 1. */
function attention(layer: number, second: number): Matrix[] {
  const kinds: SiteKind[] = ['query', 'key', 'value', 'attention-output'];
  return kinds.map((kind) =>
    makeMatrix(
      square((r, c) => ((kind === 'attention-output' ? c : r) < 2 ? 1 : second)),
      `encoder.${layer}.${kind}`,
      { kind, layer },
    ),
  );
}

const grid = ({ values, columns }: Matrix) =>
  Array.from({ length: values.length / columns }, (_, r) =>
    [...values.subarray(r * columns, (r + 1) * columns)].map((x) => (x === 0 ? 0 : 1)).join(''),
  );
const two = { heads: 2, keyValueHeads: 2 };
const step = (method: typeof heads, given: object) => method.params.parse(given);

describe('heads', () => {
  it('takes the weakest head of all blocks out of all four matrices', () => {
    const given = [...attention(0, 3), ...attention(1, 2)];
    const made = compress(heads, given, step(heads, { sparsity: 0.25 }), two);
    // Three heads of 1s tie? No: block 0 has 1s and 3s, block 1 has 1s and 2s; the first head of 1s goes.
    expect(made.slice(0, 4).map(grid)).toEqual([
      ['0000', '0000', '1111', '1111'],
      ['0000', '0000', '1111', '1111'],
      ['0000', '0000', '1111', '1111'],
      ['0011', '0011', '0011', '0011'],
    ]);
    expect(made.slice(4).map(({ values }) => values)).toEqual(given.slice(4).map(({ values }) => values));
  });

  it('asks activations what a head adds to the block', () => {
    // The first head's outputs meet inputs of 5, the second's of 1.
    const given = attention(0, 3);
    const activations = new Map(given.map(({ site }) => [site.name, activationsFrom([[5, 5, 1, 1]])]));
    const made = compress(heads, given, step(heads, { sparsity: 0.5, criterion: 'activation' }), {
      ...two,
      activations,
    });
    expect(grid(made[3])).toEqual(Array(4).fill('1100'));
  });

  it('keeps keys and values that another head still reads', () => {
    const given = attention(0, 3);
    const narrow = given.map((matrix) =>
      matrix.site.kind === 'key' || matrix.site.kind === 'value'
        ? makeMatrix([Array(4).fill(1), Array(4).fill(1)], matrix.site.name, { kind: matrix.site.kind })
        : matrix,
    );
    const shared = { heads: 2, keyValueHeads: 1 };
    const [query, key] = compress(heads, narrow, step(heads, { sparsity: 0.5 }), shared);
    expect([grid(query), grid(key)]).toEqual([
      ['0000', '0000', '1111', '1111'],
      ['1111', '1111'],
    ]);
    expect(
      compress(heads, narrow, step(heads, { sparsity: 1 }), shared).map(({ values }) => Math.max(...values)),
    ).toEqual([0, 0, 0, 0]);
  });

  it('finds the three parts of a fused matrix', () => {
    const fused = makeMatrix(
      Array.from({ length: 12 }, (_, r) => Array(4).fill(r % 4 < 2 ? 2 : 1)),
      'c_attn',
      { kind: 'query-key-value' },
    );
    const output = makeMatrix(
      square(() => 1),
      'c_proj',
      { kind: 'attention-output' },
    );
    const [made, out] = compress(heads, [fused, output], step(heads, { sparsity: 0.5 }), two);
    expect(grid(made)).toEqual(Array.from({ length: 12 }, (_, r) => (r % 4 < 2 ? '1111' : '0000')));
    expect(grid(out)).toEqual(Array(4).fill('1100'));
  });

  it('draws other heads with another seed, and the same with the same', () => {
    const drawn = (seed: number) =>
      compress(
        heads,
        [0, 1, 2, 3].flatMap((layer) => attention(layer, 1)),
        step(heads, { criterion: 'random', seed }),
        two,
      )
        .map(grid)
        .join();
    expect(drawn(1)).toBe(drawn(1));
    expect(new Set([1, 2, 3, 4, 5].map(drawn)).size).toBeGreaterThan(1);
  });

  it('says what it lacks', () => {
    const fault = (given: Matrix[], around: object) => () => compress(heads, given, step(heads, {}), around);
    expect(fault(attention(0, 1).slice(0, 3), two)).toThrow(/encoder\.0\.query, but not the attention output/);
    expect(fault(attention(0, 1), { heads: 0 })).toThrow(/config\.json does not say/);
    expect(fault(attention(0, 1), { heads: 3, keyValueHeads: 3 })).toThrow(
      /3 attention heads, which do not fill the 4/,
    );
    expect(fault([makeMatrix([[1]], 'x', { kind: 'output' })], two)).toThrow(/no attention/);
  });
});

describe('neurons', () => {
  const block = (layer: number, strong: number) => [
    makeMatrix(
      [
        [1, 1],
        [1, 1],
        [strong, strong],
      ],
      `${layer}.in`,
      { kind: 'intermediate', layer },
    ),
    makeMatrix(
      [
        [2, 1, 0.5],
        [2, 1, 0.5],
      ],
      `${layer}.out`,
      { kind: 'output', layer },
    ),
  ];

  it('takes the same share of each block, by rows and columns together', () => {
    // Strengths: 2 + 4, 2 + 2, 2 · strong + 1.
    const made = compress(neurons, [...block(0, 1), ...block(1, 9)], step(neurons, { sparsity: 1 / 3 }));
    expect(made.map(grid)).toEqual([
      ['11', '11', '00'],
      ['110', '110'],
      ['11', '00', '11'],
      ['101', '101'],
    ]);
  });

  it('asks activations of what comes out', () => {
    const given = block(0, 9);
    const activations = new Map([['0.out', activationsFrom([[1, 3, 100]])]]);
    const made = compress(neurons, given, step(neurons, { sparsity: 1 / 3, criterion: 'activation' }), { activations });
    expect(grid(made[1])).toEqual(['011', '011']);
  });

  it('needs the whole of the feed-forward layers', () => {
    expect(() => compress(neurons, block(0, 1).slice(0, 1), step(neurons, {}))).toThrow(/0\.in, but not what reads it/);
    expect(() => compress(neurons, attention(0, 1), step(neurons, {}))).toThrow(/no feed-forward layer/);
  });
});

describe('layers', () => {
  it('takes whole blocks, the weakest by the mean, and leaves what is in none', () => {
    const head = makeMatrix([[0.1]], 'head.transform', { kind: 'transform', layer: null });
    const given = [0, 1, 2, 3].flatMap((layer) => attention(layer, 4 - layer));
    const made = compress(layers, [...given, head], step(layers, { sparsity: 0.5 }));
    const emptied = made.map(({ values }) => values.every((x) => x === 0));
    expect(emptied).toEqual([...Array(8).fill(false), ...Array(8).fill(true), false]);
  });
});

describe('rows', () => {
  const given = [
    makeMatrix([
      [1, -1],
      [0.5, 3],
      [-1, 1],
      [9, 0],
    ]),
  ];

  it('takes those with the smallest sum of magnitudes; of equal ones the first', () => {
    expect(grid(compress(rows, given, step(rows, { sparsity: 0.25 }))[0])).toEqual(['00', '11', '11', '10']);
    expect(grid(compress(rows, given, step(rows, { sparsity: 0.5 }))[0])).toEqual(['00', '11', '00', '10']);
  });

  it('weighs with activations', () => {
    const activations = new Map([['a', activationsFrom([[0.1, 1]])]]);
    const made = compress(rows, given, step(rows, { sparsity: 0.25, criterion: 'activation' }), { activations });
    expect(grid(made[0])).toEqual(['11', '11', '11', '00']);
  });

  it('removes half of an odd number to the even side', () => {
    const three = [makeMatrix([[1], [2], [3]])];
    expect(grid(compress(rows, three, step(rows, { sparsity: 0.5 }))[0])).toEqual(['0', '0', '1']);
  });
});
