import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import type { Matrix, SiteActivations } from '../method.ts';
import { roundHalfEven } from '../shared/select.ts';
import { llmInt8 } from './llm-int8.ts';
import { smoothquant } from './smoothquant.ts';
import { torchDynamicInt8 } from './torch-dynamic-int8.ts';

const f = Math.fround;
const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const weight = fc.float({ min: -8, max: 8, noNaN: true });
const rowsOf = (columns: number) =>
  fc.array(fc.array(weight, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 });

/** Only what these methods look at. */
function measured(matrix: Matrix, largest: readonly number[]) {
  const activations = { absMax: Float32Array.from(largest) } as SiteActivations;
  return { activations: new Map([[matrix.site.name, activations]]) };
}

describe('torch-dynamic-int8', () => {
  const apply = (rows: number[][], engine: 'fbgemm' | 'qnnpack' = 'fbgemm') =>
    compress(torchDynamicInt8, [makeMatrix(rows, 'site')], { engine })[0];

  it('has codes from -128 to 127 in steps of twice the largest weight over 255', () => {
    // 127.5 is 127.5 steps of 1: up to 128, which is clamped; down to -128, which is not.
    expect(
      plain(
        apply([
          [127.5, 126.6, 0.5],
          [1.5, -2.5, -3.4],
        ]).values,
      ),
    ).toEqual([127, 127, 0, 2, -2, -3]);
    expect(plain(apply([[-127.5, 127.4]]).values)).toEqual([-128, 127]);
  });

  it('does not let the scale below float32’s epsilon', () => {
    const step = 2 ** -23;
    const { values, storage } = apply([[2.6 * step, step / 2, -1.4 * step]]);
    expect(plain(values)).toEqual([3 * step, 0, -step]);
    expect(storage.grid).toMatchObject({ scales: new Float32Array([step]), zeros: null, group: 3 });
  });

  it('is the definition, step by step in float32', () => {
    fc.assert(
      fc.property(rowsOf(5), (rows) => {
        const scale = Math.max(f(Math.max(...rows.flat().map(Math.abs)) / 127.5), 2 ** -23);
        const expected = rows.flat().map((w) => f(clamp(roundHalfEven(f(w * f(1 / scale))), -128, 127) * scale));
        expect(plain(apply(rows).values)).toEqual(plain(expected));
      }),
    );
  });

  it('says how the engine rounds activations, and counts one scale', () => {
    expect(apply([[1]]).activations).toEqual({ kind: 'text-affine', top: 127 });
    expect(apply([[1]], 'qnnpack').activations).toEqual({ kind: 'text-affine', top: 255 });
    expect(
      apply([
        [1, 2],
        [3, 4],
      ]).storage,
    ).toMatchObject({ bits: 8, overheadBits: 32 });
  });
});

describe('llm-int8', () => {
  const apply = (rows: number[][], largest: readonly number[], threshold = 6) => {
    const matrix = makeMatrix(rows, 'site');
    const params = { ...llmInt8.params.parse({}), threshold };
    return compress(llmInt8, [matrix], params, measured(matrix, largest))[0];
  };

  it('leaves inputs that reach the threshold as they are, and rounds the rest of each row', () => {
    // Without the second input: rows of 127 and 254, steps of 1 and 2.
    const { values, storage, activations } = apply(
      [
        [127, 1000.3, 0.6],
        [-3, 0.3, 254],
      ],
      [5.9, 6, 0],
    );
    expect(plain(values)).toEqual([127, f(1000.3), 1, -4, f(0.3), 254]);
    expect(storage.grid).toMatchObject({ kind: 'uniform', bits: 8, group: 3, scales: new Float32Array([1, 2]) });
    expect([...storage.grid!.keptColumns!]).toEqual([1]);
    expect(activations).toEqual({ kind: 'token', bits: 8, keptColumns: new Uint32Array([1]) });
    // Two scales of 16 bits; for the outlier 8 bits more in each of two rows, and its index.
    expect(storage).toMatchObject({ bits: 8, overheadBits: 2 * 16 + 2 * 8 + 32 });
  });

  it('is the definition', () => {
    const largest = fc.array(fc.float({ min: 0, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(rowsOf(6), largest, fc.double({ min: 0.5, max: 12, noNaN: true }), (rows, largest, threshold) => {
        const kept = largest.map((x) => x >= threshold);
        const expected = rows.flatMap((row) => {
          const scale = f(Math.max(0, ...row.filter((_, c) => !kept[c]).map(Math.abs)) / 127) || 1;
          return row.map((w, c) => (kept[c] ? w : f(clamp(roundHalfEven(f(w / scale)), -127, 127) * scale)));
        });
        expect(plain(apply(rows, largest, threshold).values)).toEqual(plain(expected));
      }),
    );
  });

  it('refuses what is not finite among the inputs that stay, too', () => {
    expect(() => apply([[1, Number.NaN]], [0, 9])).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringMatching(/site.*column 1/) }),
    );
  });
});

describe('smoothquant', () => {
  const defaults = smoothquant.params.parse({});
  const apply = (rows: number[][], largest: readonly number[], params: Partial<typeof defaults> = {}) => {
    const matrix = makeMatrix(rows, 'site');
    return compress(smoothquant, [matrix], { ...defaults, ...params }, measured(matrix, largest))[0];
  };

  it('evens out inputs and weights, rounds, and divides again', () => {
    // s = sqrt(16 / 1) = 4 and sqrt(1 / 4) = 1/2: the rows become 4 and 1/2, 2 and -2. Four bits: steps of 4/7 and 2/7.
    const rows = [
      [1, 1],
      [0.5, -4],
    ];
    const { values, storage, activations } = apply(rows, [16, 1], { bits: 4 });
    const [first, second] = [f(4 * f(1 / 7)), f(2 * f(1 / 7))];
    expect(storage.grid).toMatchObject({
      scales: new Float32Array([first, second]),
      columnScales: new Float32Array([4, 0.5]),
      zeros: null,
    });
    // 1/2 is 7/8 of a step in the first row.
    expect(plain(values)).toEqual([f(7 * first) / 4, first * 2, f(7 * second) / 4, f(-7 * second) * 2]);
    expect(activations).toEqual({ kind: 'token', bits: 4, columnScales: new Float32Array([4, 0.5]) });
    // Two scales and two of columns, 16 bits each.
    expect(storage).toMatchObject({ bits: 4, overheadBits: 4 * 16 });
    expect(apply(rows, [16, 1], { granularity: 'tensor' }).storage).toMatchObject({ bits: 8, overheadBits: 3 * 16 });
  });

  it('moves nothing or everything at the ends of alpha, and leaves dead inputs alone', () => {
    const scales = (alpha: number) => [...apply([[1, 4, 0, 2]], [16, 1, 3, 0], { alpha }).storage.grid!.columnScales!];
    expect(scales(0)).toEqual([1, 0.25, 1, 1]);
    expect(scales(1)).toEqual([16, 1, 1, 1]);
    expect([...apply([[1e10, 1]], [1e-10, 1]).storage.grid!.columnScales!]).toEqual([f(1e-5), 1]);
  });

  it('is the definition', () => {
    const part = fc.integer({ min: -99, max: 99 }).map((x) => x / 16);
    const four = fc.array(part, { minLength: 4, maxLength: 4 });
    const rows = fc.array(four, { minLength: 1, maxLength: 4 });
    const largest = four.map((row) => row.map(Math.abs));
    const alpha = fc.constantFrom(0, 0.3, 0.5, 0.85, 1);
    const granularity = fc.constantFrom('tensor' as const, 'channel' as const);
    fc.assert(
      fc.property(rows, largest, alpha, fc.integer({ min: 4, max: 8 }), granularity, (rows, x, alpha, bits, grain) => {
        const s = x.map((max, c) => {
          const most = Math.max(...rows.map((row) => Math.abs(row[c])));
          return max === 0 || most === 0 ? 1 : f(Math.max(max ** alpha / most ** (1 - alpha), 1e-5));
        });
        const top = 2 ** (bits - 1) - 1;
        const smooth = rows.map((row) => row.map((w, c) => f(w * s[c])));
        const scaleOf = (weights: number[]) => f(Math.max(...weights.map(Math.abs)) * f(1 / top)) || 1;
        const expected = smooth.flatMap((row) => {
          const scale = scaleOf(grain === 'tensor' ? smooth.flat() : row);
          return row.map((w, c) => f(f(clamp(roundHalfEven(f(w / scale)), -top, top) * scale) / s[c]));
        });
        expect(plain(apply(rows, x, { alpha, bits, granularity: grain }).values)).toEqual(plain(expected));
      }),
    );
  });

  it('refuses weights that leave float32 on the way, by name', () => {
    expect(() => apply([[2 ** -149, 1]], [1, 1], { alpha: 0 })).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('site are too large') }),
    );
    // The second becomes the largest level of the matrix, half a step more than it was, and is divided by little.
    expect(() => apply([[1e38, 3.39e38]], [1e38, 3e-10], { alpha: 1, bits: 4, granularity: 'tensor' })).toThrow(
      expect.objectContaining({ kind: 'bad-model' }),
    );
  });
});
