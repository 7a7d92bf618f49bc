import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix } from '../../test/matrices.ts';
import { fp4 } from '../methods/fp4.ts';
import { nf4 } from '../methods/nf4.ts';
import { type BlockParams, doubleQuantized, dynamicLevels } from './blocks.ts';

const f = Math.fround;
const plain = (values: ArrayLike<number>) => Array.from(values, (value) => value + 0);
const single: BlockParams = { block: '64', scales: 'float32' };
const apply = (method: typeof nf4, rows: number[][], params: Partial<BlockParams> = {}) =>
  compress(method, [makeMatrix(rows, 'site')], { ...single, ...params })[0];

// QLoRA, appendix E.
const normalFloats = [
  -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
  -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
  0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
];

/** bitsandbytes' dQuantizeNF4, as a search. */
function normalFloat(x: number): number {
  const above = normalFloats.findIndex((level, i) => i > 0 && x <= f((level + normalFloats[i - 1]) / 2));
  return normalFloats[above === -1 ? 15 : above - 1];
}

/** bitsandbytes' dQuantizeFP4: its tree of comparisons. */
function float4(x: number): number {
  const sign = x < 0 ? -1 : 1;
  const size = Math.abs(x);
  if (size > f(0.29166667)) {
    if (size > f(0.583333)) return sign * (size > f(0.8333333) ? 1 : f(0.66666667));
    return sign * (size > f(0.4166667) ? 0.5 : f(0.33333333));
  }
  if (size > f(0.0859375)) return sign * (size > f(0.20833333) ? 0.25 : f(0.16666667));
  return size > f(0.00260417) ? sign * f(0.005208333333) : 0;
}

describe('nf4', () => {
  it('rounds to levels of the largest weight', () => {
    // Largest 2, so x = 1, -0.5, 0.15, 0.02, -0.8: the middles next to them are -0.61, -0.46, 0.120, 0.204, 0.0398, -0.85.
    expect(plain(apply(nf4, [[2, -1, 0.3, 0.04, -1.6]]).values)).toEqual(
      [1, normalFloats[2], normalFloats[9], 0, normalFloats[1]].map((level) => f(2 * level)),
    );
  });

  it('is bitsandbytes’ rounding, for any weights', () => checkBlocks(nf4, normalFloat));
});

describe('fp4', () => {
  it('rounds to levels of the largest weight', () => {
    // Largest -3: x = -1, 1/2, 0.7, 0.3, 0.01, 0.002, 0.2.
    expect(plain(apply(fp4, [[-3, 1.5, 2.1, 0.9, 0.03, 0.006, 0.6]]).values)).toEqual([
      -3,
      1.5,
      f(3 * f(2 / 3)),
      f(3 * f(1 / 3)),
      f(3 * f(0.005208333333)),
      0,
      f(3 * f(1 / 6)),
    ]);
  });

  it('is bitsandbytes’ rounding, for any weights', () => checkBlocks(fp4, float4));
});

function checkBlocks(method: typeof nf4, round: (x: number) => number) {
  const weights = fc.array(fc.oneof(fc.float({ min: -8, max: 8, noNaN: true }), fc.constant(0)), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(weights, (row) => {
      const expected = row.map((w, i) => {
        const block = row.slice(64 * Math.floor(i / 64), 64 * Math.floor(i / 64) + 64);
        const largest = Math.max(...block.map(Math.abs));
        const inverse = f(1 / largest);
        if (largest === 0) return 0;
        return f(round(f(Number.isFinite(inverse) ? w * inverse : w / largest)) * largest);
      });
      expect(plain(apply(method, [row]).values)).toEqual(plain(expected));
    }),
  );
}

describe.each([
  ['nf4', nf4],
  ['fp4', fp4],
])('blocks of %s', (_, method) => {
  it('go on across rows, and the last may be shorter', () => {
    const rows = [0, 1].map((row) => Array.from({ length: 40 }, (_, c) => (row * 40 + c === 64 ? 8 : 1)));
    const { values, storage } = apply(method, rows);
    expect([...values]).toEqual(rows.flat().map((w, i) => (i < 64 || w === 8 ? w : values[65])));
    expect(storage.grid).toMatchObject({ group: 64, scales: new Float32Array([1, 8]) });
  });

  it('give twice as much for weights that are twice as large', () => {
    const weights = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 150 });
    const scales = fc.constantFrom('float32' as const, 'double-quantized' as const);
    fc.assert(
      fc.property(weights, scales, fc.integer({ min: -20, max: 20 }), (row, scales, k) => {
        fc.pre(row.every((w) => w === 0 || Math.abs(w) > 1e-20));
        const scaled = apply(method, [row.map((w) => w * 2 ** k)], { scales }).values;
        expect(plain(scaled)).toEqual(plain(apply(method, [row], { scales }).values.map((value) => value * 2 ** k)));
      }),
    );
  });

  it('count 32 bits a scale, or 8 and 32 more for 256 of them and for their mean', () => {
    const rows = [Array.from({ length: 64 * 257 }, (_, i) => i)];
    const overhead = (params: Partial<BlockParams>) => apply(method, rows, params).storage.overheadBits;
    expect(overhead({})).toBe(257 * 32);
    expect(overhead({ scales: 'double-quantized' })).toBe(257 * 8 + 2 * 32 + 32);
    expect(overhead({ block: '4096' })).toBe(5 * 32);
    expect(apply(method, rows).storage.bits).toBe(4);
  });

  it('have scales of their own where the reciprocal of a scale is too large for float32', () => {
    const least = 2 ** -149;
    expect(plain(apply(method, [[8 * least, -8 * least, 0]]).values)).toEqual([8 * least, -8 * least, 0]);
  });

  it('are refused where rounding makes their scale too large, by name', () => {
    // Scales m, m and 0 less their mean are m/3, m/3 and -2m/3. A half is rounded up, to 0.5008 times 2m/3.
    const largest = 3.4028e38;
    const rows = [Array.from({ length: 192 }, (_, i) => (i < 128 ? largest : 0))];
    expect(apply(method, rows).values[0]).toBe(f(largest));
    expect(() => apply(method, rows, { scales: 'double-quantized' })).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('site are too large') }),
    );
  });
});

describe('dynamicLevels', () => {
  it('are 256 rising numbers with a 0 and a 1', () => {
    const levels = dynamicLevels();
    expect(levels).toHaveLength(256);
    levels.forEach((level, i) => {
      if (i > 0) expect(level).toBeGreaterThan(levels[i - 1]);
    });
    expect(levels[127]).toBe(0);
    expect(levels[255]).toBe(1);
    for (let i = 0; i < 127; i++) expect(levels[i]).toBe(-levels[254 - i]);
  });

  it('are finer near zero, each decade with half as many', () => {
    const levels = [...dynamicLevels()].filter((level) => level > 0);
    // The middle of 0.1 and 1, in millionths; the middles of its halves, times ten; and the last of 64 parts of 0.1 to 1.
    expect(levels.slice(0, 3).map((level) => level * 1e6)).toEqual([0.55, 3.25, 7.75].map((x) => expect.closeTo(x, 5)));
    expect(levels.at(-2)).toBeCloseTo(1 - 0.9 / 128, 7);
  });
});

describe('doubleQuantized', () => {
  it('rounds what is left of the mean, in blocks of 256', () => {
    // Mean 2, rest -1, 1, 0. 1 is a level, -1 is not: -0.99297 is next to it.
    const [low, high, middle] = doubleQuantized(Float32Array.of(1, 3, 2));
    expect([high, middle]).toEqual([3, 2]);
    expect(low).toBeCloseTo(2 - 0.99296875, 6);
  });

  it('takes the nearest level, the lower of two', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 4, noNaN: true }), { minLength: 1, maxLength: 300 }), (scales) => {
        const levels = dynamicLevels();
        const offset = f(scales.reduce((sum, scale) => sum + scale, 0) / scales.length);
        const rest = scales.map((scale) => f(scale - offset));
        const expected = rest.map((value, i) => {
          const from = 256 * Math.floor(i / 256);
          const top = Math.max(...rest.slice(from, from + 256).map(Math.abs));
          if (top === 0) return offset;
          let nearest = 0;
          const x = f(value / top);
          levels.forEach((level, code) => {
            if (Math.abs(level - x) < Math.abs(levels[nearest] - x)) nearest = code;
          });
          return f(f(levels[nearest] * top) + offset);
        });
        expect([...doubleQuantized(Float32Array.from(scales))]).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves equal scales as they are', () =>
    expect([...doubleQuantized(new Float32Array(5).fill(0.3))]).toEqual(Array(5).fill(f(0.3))));
});
