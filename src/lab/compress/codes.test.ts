import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationsFrom, compress, makeMatrix } from '../test/matrices.ts';
import { codesOf, countCodes } from './codes.ts';
import { controls } from './controls.ts';
import { type CodeGrid, type Matrix, type Method, pruned, quantized } from './method.ts';
import { binary } from './methods/binary.ts';
import { methodList } from './methods/index.ts';
import { rtn } from './methods/rtn.ts';

const f = Math.fround;
const columns = 64;
const tokens = Array.from({ length: 80 }, (_, t) =>
  Array.from({ length: columns }, (_, c) => Math.sin(t * 12.9898 + c * 78.233) * (c % 9 === 4 ? 9 : 1)),
);
const activations = activationsFrom(tokens);

function run(method: Method, matrix: Matrix, params: object): Matrix {
  const parsed = method.params.parse(params) as Record<string, unknown>;
  const { site, values } = matrix;
  return compress(method, [matrix], parsed, {
    activations: new Map([[site.name, activations]]),
    original: new Map([[site.name, values]]),
    heads: 2,
    keyValueHeads: 2,
  })[0];
}

/** What a code stands for. */
function decoded(grid: CodeGrid, i: number, code: number): number {
  const run = Math.floor(i / grid.group);
  const level = grid.kind === 'table' ? grid.levels[code] : code - (grid.zeros?.[run] ?? 0);
  const value = f(level * grid.scales[run]);
  return grid.columnScales ? f(value / grid.columnScales[i % columns]) : value;
}

/** Every quantizer with each of its choices and levels in turn. */
const settings = methodList
  .filter((method) => method.kind === 'quantize')
  .flatMap((method) => [
    ...controls(method).flatMap((control) =>
      control.kind === 'choice'
        ? control.choices
            // Groups have to fill a row, and the texts make no difference here.
            .filter((choice) => choice !== 'group-128' && control.name !== 'text')
            .map((choice) => [method, { [control.name]: choice }] as const)
        : [],
    ),
    ...method.axis.levels.map(({ params }) => [method, params] as const),
  ])
  .map(([method, params]) => [`${method.id} ${JSON.stringify(params)}`, method, params] as const);

describe.each(settings)('codes of %s', (_, method, params) => {
  it('are in range and stand for the values', () => {
    const weight = fc.oneof(
      { weight: 8, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(0) },
    );
    fc.assert(
      fc.property(fc.array(weight, { minLength: 3 * columns, maxLength: 3 * columns }), (weights) => {
        const rows = [0, 1, 2].map((row) => weights.slice(row * columns, (row + 1) * columns));
        const given = makeMatrix(rows);
        const made = run(method, given, params);
        const grid = made.storage.grid!;
        const codes = codesOf(made);
        const isSigned = grid.kind === 'uniform' && grid.zeros === null;
        expect(codes).toBeInstanceOf(isSigned ? Int8Array : Uint8Array);
        expect(codes).toHaveLength(weights.length);
        const low = isSigned ? -(2 ** (grid.bits - 1)) : 0;
        const kept = new Set(grid.keptColumns);
        const counts = new Array(256).fill(0);
        const wrong: unknown[] = [];
        codes.forEach((code, i) => {
          const value = made.values[i];
          if (kept.has(i % columns)) {
            if (code !== 0 || value !== given.values[i]) wrong.push([i, code, value]);
            return;
          }
          counts[code & 255]++;
          const stands = decoded(grid, i, code);
          const isNear = Math.abs(stands - value) <= Math.abs(value) * 2 ** -22;
          if (code < low || code >= low + 2 ** grid.bits || !isNear) wrong.push([i, code, value, stands]);
        });
        expect(wrong).toEqual([]);
        const counted = countCodes(made, true);
        expect(counted.strayZeros).toBe(0);
        expect([...counted.counts]).toEqual(counts);
      }),
      { numRuns: 4 },
    );
  });
});

describe('codesOf', () => {
  const apply = (rows: number[][], params: object) => compress(rtn, [makeMatrix(rows)], rtn.params.parse(params))[0];

  it('are signed without zero points, and count from the lowest level with them', () => {
    const row = [-2, 4, 0.9, 1.1, -1.5];
    expect(codesOf(apply([row], { bits: 3 }))).toEqual(new Int8Array([-2, 3, 1, 1, -1]));
    expect(codesOf(apply([row], { bits: 2, scheme: 'asymmetric' }))).toEqual(new Uint8Array([0, 3, 1, 2, 0]));
  });

  it('are exact: error within half a step of the grid', () => {
    const weights = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 2, max: 8 }), (row, bits) => {
        fc.pre(Math.max(...row.map(Math.abs)) > 1e-30);
        const made = apply([row], { bits });
        const [scale] = made.storage.grid!.scales;
        codesOf(made).forEach((code, i) => {
          expect(Math.abs(code * scale - row[i])).toBeLessThanOrEqual(scale * (0.5 + 1e-5));
        });
      }),
    );
  });

  it('go on across pieces, rows and runs', () => {
    const rows = [0, 1, 2].map((row) => Array.from({ length: 3000 }, (_, c) => Math.sin(row * 3000 + c)));
    for (const granularity of ['tensor', 'channel', 'group-600']) {
      const made = apply(rows, { bits: 8, granularity, scheme: 'asymmetric' });
      const { group, scales, zeros } = made.storage.grid as CodeGrid & { kind: 'uniform' };
      const expected = made.values.map((value, i) => {
        const run = Math.floor(i / group);
        return Math.round(value / scales[run] + zeros![run]);
      });
      expect(codesOf(made)).toEqual(Uint8Array.from(expected));
    }
  });

  it('multiply by column scales, and are 0 where a column was left as it came', () => {
    const given = makeMatrix(Array.from({ length: 50 }, (_, r) => Array.from({ length: 100 }, (_, c) => (r % 7) + c)));
    const columnScales = Float32Array.from({ length: 100 }, (_, c) => 1 + (c % 3));
    const keptColumns = Uint32Array.of(0, 99);
    const all = Uint8Array.from(given.values, (_, i) => (i % 100 === 0 || i % 100 === 99 ? 0 : (i * 7) % 5));
    const grid = { kind: 'uniform', bits: 4, group: 5000, scales: Float32Array.of(0.3), zeros: null } as const;
    const values = given.values.map((kept, i) =>
      i % 100 === 0 || i % 100 === 99 ? kept : f(f(all[i] * f(0.3)) / columnScales[i % 100]),
    );
    const made = quantized(given, values, { ...grid, columnScales, keptColumns }, 0);
    expect(codesOf(made)).toEqual(Int8Array.from(all));
    const { counts } = countCodes(made, true);
    const coded = [...all].filter((_, i) => i % 100 !== 0 && i % 100 !== 99);
    expect([...counts.subarray(0, 5)]).toEqual([0, 1, 2, 3, 4].map((code) => coded.filter((c) => c === code).length));
  });

  it('stay the same for what remains after pruning', () => {
    const made = apply([[-2, 4, 0.9, 1.1, -1.5]], { bits: 2, scheme: 'asymmetric' });
    const sparse = pruned(
      made,
      Float32Array.from(made.values, (value, i) => (i === 1 ? 0 : value)),
    );
    expect(codesOf(sparse)).toEqual(new Uint8Array([0, 1, 1, 2, 0]));
    expect(countCodes(sparse, true).strayZeros).toBe(0);
  });

  it('are the nearest where a zero is no level, which is counted apart', () => {
    const [made] = compress(
      binary,
      [
        makeMatrix([
          [1, -1, 2, 2],
          [0, 0, 0, 0],
        ]),
      ],
      { granularity: 'channel' },
    );
    const sparse = pruned(
      made,
      Float32Array.from(made.values, (value, i) => (i === 0 ? 0 : value)),
    );
    expect(codesOf(sparse)).toEqual(new Uint8Array([0, 0, 1, 1, 0, 0, 0, 0]));
    const { counts, strayZeros } = countCodes(sparse, true);
    // The second row's scale is 0, so that zeros are its levels.
    expect([counts[0], counts[1], strayZeros]).toEqual([5, 2, 1]);

    // Levels (0 to 3) - 1.25, times 2; and one whose zero lies beyond the codes.
    const zeros = Float32Array.of(1.25, -2.5);
    const grid = { kind: 'uniform', bits: 2, group: 3, scales: Float32Array.of(2, 1), zeros } as const;
    const shifted = quantized(makeMatrix([[0, 0, 0, 0, 0, 0]]), Float32Array.of(-2.5, 0, 3.5, 2.5, 0, 5.5), grid, 0);
    expect(codesOf(shifted)).toEqual(new Uint8Array([0, 1, 3, 0, 0, 3]));
    expect(countCodes(shifted, true)).toMatchObject({ strayZeros: 2 });
    expect([...countCodes(shifted, true).counts.subarray(0, 4)]).toEqual([2, 0, 0, 2]);
  });

  it('are those of the base where factors were added', () => {
    const made = apply([[-2, 4, 0.9, 1.1, -1.5]], { bits: 3 });
    const base = made.values;
    const corrected = {
      ...made,
      values: base.map((value) => value + 0.1),
      storage: { ...made.storage, correction: { rank: 1, base } },
    };
    expect(codesOf(corrected)).toEqual(codesOf(made));
  });

  it('are only there for what was rounded', () => {
    expect(() => codesOf(makeMatrix([[1]], 'site'))).toThrow(
      expect.objectContaining({ kind: 'internal', message: expect.stringContaining('site') }),
    );
  });
});
