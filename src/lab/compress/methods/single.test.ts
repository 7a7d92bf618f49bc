import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationsFrom, compress, makeMatrix } from '../../test/matrices.ts';
import { noContext } from '../method.ts';
import { shares } from '../shared/allocation.ts';
import { randomKeys } from '../shared/keys.ts';
import { cutOf, roundHalfEven } from '../shared/select.ts';
import { magnitudeRow } from './magnitude-row.ts';
import { random } from './random.ts';
import { wanda } from './wanda.ts';
import { wandaNM } from './wanda-n-m.ts';

const zeros = (values: Float32Array) => values.reduce((sum, x) => sum + (x === 0 ? 1 : 0), 0);

describe('cutOf', () => {
  it('is where a sorted list is cut, for any keys', () => {
    const key = fc.oneof(fc.nat({ max: 3 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constant(2 ** 32 - 1));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 60 }), fc.nat(), (list, pick) => {
        const keys = Int32Array.from(list, (k) => k | 0);
        const count = 1 + (pick % list.length);
        const found = cutOf(keys, count, new Int32Array(list.length));
        const wanted = Uint32Array.from(list).sort()[count - 1];
        expect(found).toEqual({ key: wanted | 0, ties: count - list.filter((k) => k < wanted).length });
        expect([...keys]).toEqual(list.map((k) => k | 0));
      }),
    );
  });
});

describe('randomKeys', () => {
  it('is a bijection of places: no two are alike', () => {
    expect(new Set(randomKeys(100_000, 7, 'encoder.0.query')).size).toBe(100_000);
  });

  it('differs by seed and by name', () => {
    expect(randomKeys(4, 1, 'a')).not.toEqual(randomKeys(4, 2, 'a'));
    expect(randomKeys(4, 1, 'a')).not.toEqual(randomKeys(4, 1, 'b'));
    expect(randomKeys(4, 1, 'a')).toEqual(randomKeys(9, 1, 'a').slice(0, 4));
  });
});

describe('random', () => {
  const matrices = [makeMatrix([[1, 2, 3, 4, 5]], 'a'), makeMatrix(Array(40).fill(Array(50).fill(1)), 'b')];

  it('removes exactly the share of each matrix', () => {
    for (const sparsity of [0, 0.1, 0.5, 0.99, 1]) {
      const made = compress(random, matrices, random.params.parse({ sparsity }));
      expect(made.map(({ values }) => zeros(values))).toEqual([5, 2000].map((n) => roundHalfEven(sparsity * n)));
    }
  });

  it('removes evenly', () => {
    const [, made] = compress(random, matrices, random.params.parse({ sparsity: 0.5 }));
    const halves = [made.values.subarray(0, 1000), made.values.subarray(1000)].map(zeros);
    // Five standard deviations of a fair draw.
    for (const half of halves) expect(Math.abs(half - 500)).toBeLessThan(5 * Math.sqrt((1000 * 0.25) / 2) + 1);
  });

  it('removes more where it removed some already: a draw is a prefix of a larger one', () => {
    const at = (sparsity: number) => compress(random, matrices, random.params.parse({ sparsity }))[1].values;
    const [few, many] = [at(0.3), at(0.6)];
    expect(few.every((value, i) => value !== 0 || many[i] === 0)).toBe(true);
  });
});

describe('magnitude-row', () => {
  it('equals its definition', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ min: -8, max: 8, noNaN: true }));
    const rows = fc
      .integer({ min: 1, max: 9 })
      .chain((width) =>
        fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 }),
      );
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 20 }), (given, part) => {
        const drop = roundHalfEven((part / 20) * given[0].length);
        const wanted = given.map((row) => {
          const order = row.map((_, c) => c).sort((a, b) => Math.abs(row[a]) - Math.abs(row[b]) || a - b);
          const gone = new Set(order.slice(0, drop));
          return row.map((weight, c) => (gone.has(c) ? 0 : Math.fround(weight) + 0));
        });
        const [made] = compress(magnitudeRow, [makeMatrix(given)], { sparsity: part / 20 });
        expect([...made.values].map((x) => x + 0)).toEqual(wanted.flat());
        const [again] = compress(magnitudeRow, [made], { sparsity: part / 20 });
        expect(again.values).toEqual(made.values);
      }),
    );
  });
});

describe('wanda-n-m', () => {
  it('keeps the strongest n of each m; of equal ones the first', () => {
    const activations = new Map([['a', activationsFrom([[1, 10, 1, 1, 1, 1, 1, 1]])]]);
    const given = makeMatrix([[4, 1, 5, 6, 2, -2, 2, 2]]);
    const [made] = compress(wandaNM, [given], wandaNM.params.parse({}), { activations });
    // The metric is 4, 10, 5, 6 and 2, 2, 2, 2.
    expect([...made.values].map((x) => x + 0)).toEqual([0, 1, 0, 6, 2, -2, 0, 0]);
    expect(made.storage.pattern).toEqual({ n: 2, m: 4 });
  });

  it('refuses groups that do not fill a row', () => {
    const activations = new Map([['a', activationsFrom([[1, 1, 1]])]]);
    const step = wandaNM.params.parse({});
    expect(() => compress(wandaNM, [makeMatrix([[1, 2, 3]])], step, { activations })).toThrow(
      /wanda-n-m: m is 4, but a/,
    );
  });
});

describe('scale invariance', () => {
  it.each([
    ['magnitude-row', magnitudeRow],
    ['wanda', wanda],
    ['wanda-n-m', wandaNM],
  ] as const)('%s removes the same weights of a matrix times eight', (_, method) => {
    const rows = [0, 1, 2].map((r) => Array.from({ length: 8 }, (_, c) => Math.fround(Math.sin(r * 8 + c))));
    const activations = new Map([['a', activationsFrom([[1, 2, 3, 4, 5, 6, 7, 8]])]]);
    const made = [1, 8].map(
      (factor) =>
        compress(
          method as typeof wanda,
          [makeMatrix(rows.map((row) => row.map((x) => x * factor)))],
          method.params.parse({}) as never,
          { activations },
        )[0].values,
    );
    expect(made[1]).toEqual(made[0].map((x) => x * 8));
  });
});

describe('shares', () => {
  const wide = makeMatrix(Array(40).fill(Array(40).fill(1)), 'wide');
  const slim = makeMatrix(Array(4).fill(Array(4).fill(1)), 'slim');
  const removed = (given: ReturnType<typeof makeMatrix>[], all: number[]) =>
    given.reduce((sum, { values }, i) => sum + values.length * all[i], 0);

  it('are all alike when uniform', () => expect(shares([wide, slim], 0.3, 'uniform', noContext)).toEqual([0.3, 0.3]));

  it('follow rows plus columns when ERK, and remove as much together', () => {
    const all = shares([wide, slim], 0.8, 'erk', noContext);
    // Densities go as 80 / 1600 to 8 / 16: the small one would be over 1 and stays whole, the rest pays for it.
    expect(all[1]).toBe(0);
    expect(removed([wide, slim], all)).toBeCloseTo(0.8 * 1616, 9);
    const strong = shares([wide, slim], 0.99, 'erk', noContext);
    expect((1 - strong[1]) / (1 - strong[0])).toBeCloseTo(0.5 / 0.05, 9);
    expect(removed([wide, slim], strong)).toBeCloseTo(0.99 * 1616, 9);
  });

  it('leave everything or nothing at the ends', () => {
    expect(shares([wide, slim], 0, 'erk', noContext).map((x) => x + 0)).toEqual([0, 0]);
    expect(shares([wide, slim], 1, 'erk', noContext)).toEqual([1, 1]);
  });

  it('spare blocks with outliers when OWL', () => {
    const rows = (peak: number) => [[peak, ...Array(19).fill(1)]];
    const given = [
      makeMatrix(rows(1), 'a', { layer: 0 }),
      makeMatrix(rows(100), 'b', { layer: 1 }),
      makeMatrix(rows(1), 'c', { layer: 2 }),
    ];
    const one = activationsFrom([Array(20).fill(1)]);
    const activations = new Map(given.map(({ site }) => [site.name, one]));
    const all = shares(given, 0.5, 'owl', { ...noContext, activations });
    // Outlier shares 0, 1/20, 0 become 0, 0.16, 0 around their mean.
    [0.16 / 3, 0.16 / 3 - 0.16, 0.16 / 3].forEach((moved, i) => {
      expect(all[i]).toBeCloseTo(0.5 + moved, 12);
    });
    expect(shares(given.slice(0, 1), 0.5, 'owl', { ...noContext, activations })).toEqual([0.5]);
  });
});
