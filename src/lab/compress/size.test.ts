import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, makeMatrix, makeSite } from '../test/matrices.ts';
import { type Matrix, quantized } from './method.ts';
import { binary } from './methods/binary.ts';
import { magnitudeNM } from './methods/magnitude-n-m.ts';
import { rtn } from './methods/rtn.ts';
import { fileBits, measure } from './size.ts';

const start = (matrix: Matrix) => ({ site: matrix.site, values: matrix.values });
const touch = (...matrices: Matrix[]) => new Map(matrices.map((matrix) => [matrix.site.name, matrix]));
const row = (name: string, more = {}) => makeMatrix([[1, 2, 3, 4, 5, 6, 7, 8]], name, more);

describe('fileBits', () => {
  it('is 16 for half precision and 32 for the rest', () => {
    expect(['float16', 'bfloat16', 'float', 'double'].map(fileBits)).toEqual([16, 16, 32, 32]);
  });
});

describe('measure', () => {
  it('counts zeros, noise and every layout of a pruned matrix', () => {
    const before = makeMatrix([
      [3, 1, 0, 4],
      [2, 5, 6, 7],
    ]);
    const after = { ...before, values: new Float32Array([3, 0, 0, 4, 0, 5, 6, 7]) };
    const { sites, touched, total } = measure([start(before)], touch(after), 0);
    expect(sites).toEqual([
      {
        name: 'a',
        parameters: 8,
        zeros: 3,
        sparsity: 3 / 8,
        bitsPerWeight: 16,
        snrDb: 10 * Math.log10(140 / 5),
        mse: 5 / 8,
        bytes: {
          dense: 16,
          quantized: 16,
          bitmap: 11, // (8 + 5 · 16) / 8
          csr: 24, // (5 · (16 + 2) + 3 · 32) / 8 = 23.25
          nm: null,
          compact: null,
          factors: null,
          entropy: 11, // (8 · H(3/8) + 5 · 16) / 8 = 10.95
          smallest: 11,
        },
      },
    ]);
    const { name: _, ...site } = sites[0];
    expect(touched).toEqual(site);
    expect(total).toEqual(site);
  });

  it('counts scales and zero points of a rounded matrix', () => {
    const before = row('a');
    const [after] = compress(
      rtn,
      [before],
      rtn.params.parse({ bits: 4, scheme: 'asymmetric', granularity: 'group-4' }),
    );
    const { sites } = measure([start(before)], touch(after), 0);
    // 8 codes of 4 bits, two scales of 16, two zero points of 4.
    expect(sites[0].bitsPerWeight).toBe((8 * 4 + 2 * 20) / 8);
    expect(sites[0].bytes).toMatchObject({ dense: 16, quantized: 9, smallest: 9 });
  });

  it('does not call float16 small enough for weights that it cannot hold', () => {
    const before = row('a');
    const [after] = compress(
      rtn,
      [before],
      rtn.params.parse({ bits: 8, scheme: 'asymmetric', granularity: 'group-2' }),
    );
    expect(measure([start(before)], touch(after), 0).sites[0].bytes).toMatchObject({
      dense: 16,
      quantized: 20,
      smallest: 20,
    });
  });

  it('packs an N:M pattern while it holds', () => {
    const before = row('a');
    const [pruned] = compress(magnitudeNM, [before], { n: 2, m: 4 });
    // 4 slots of 16 + 2 bits: 36 of 64 bits per group, twice.
    expect(measure([start(before)], touch(pruned), 0).sites[0].bytes.nm).toBe(9);
    const broken = { ...pruned, values: before.values.slice() };
    expect(measure([start(before)], touch(broken), 0).sites[0].bytes.nm).toBeNull();
  });

  it('does not pay for rows and columns that are gone', () => {
    const before = makeMatrix([
      [1, 2, 0, 4],
      [0, 0, 0, 0],
      [5, 6, 0, 0],
    ]);
    // Two rows of three columns, and a bit for each of three rows and four columns.
    expect(measure([start(before)], touch(before), 0).sites[0].bytes.compact).toBe(Math.ceil((2 * 3 * 16 + 3 + 4) / 8));
    const nothing = { ...before, values: new Float32Array(12) };
    expect(measure([start(before)], touch(nothing), 0).sites[0].bytes).toMatchObject({ compact: 1, smallest: 1 });
    const noRow = makeMatrix([
      [1, 0],
      [0, 1],
    ]);
    expect(measure([start(noRow)], touch(noRow), 0).sites[0].bytes.compact).toBeNull();
  });

  it('finds empty rows and columns as a look at each does', () => {
    const rows = fc.array(fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 5, maxLength: 5 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(rows, (rows) => {
        const matrix = makeMatrix(rows);
        const keptRows = rows.filter((row) => row.some((w) => w !== 0)).length;
        const keptColumns = [0, 1, 2, 3, 4].filter((c) => rows.some((row) => row[c] !== 0)).length;
        const isWhole = keptRows === rows.length && keptColumns === 5;
        expect(measure([start(matrix)], touch(matrix), 0).sites[0].bytes.compact).toBe(
          isWhole ? null : Math.ceil((keptRows * keptColumns * 16 + rows.length + 5) / 8),
        );
      }),
    );
  });

  it('counts a product of two as its factors, where they are fewer', () => {
    const before = makeMatrix(Array.from({ length: 4 }, () => [1, 2, 3, 4, 5, 6]));
    const product = (rank: number) => {
      const values = before.values.map((value) => value + 1);
      const after = { ...before, values, storage: { ...before.storage, rank } };
      return measure([start(before)], touch(after), 0).sites[0];
    };
    expect(product(1)).toMatchObject({
      bitsPerWeight: (10 * 16) / 24,
      bytes: { quantized: 48, factors: 20, smallest: 20 },
    });
    expect(product(3)).toMatchObject({ bitsPerWeight: 16, bytes: { quantized: 48, factors: 60, smallest: 48 } });
    expect(measure([start(before)], touch(before), 0).sites[0].bytes.factors).toBeNull();
  });

  it('adds the factors of a correction to each layout of what they were added to', () => {
    const before = makeMatrix([[1, 0, 3, 4, 5, 6, 7, 8]]);
    const [rounded] = compress(rtn, [before], rtn.params.parse({ bits: 4 }));
    const bytesOf = (matrix: Matrix) => measure([start(before)], touch(matrix), 0).sites[0].bytes;
    const corrected = {
      ...rounded,
      values: before.values,
      storage: { ...rounded.storage, correction: { rank: 2, base: rounded.values } },
    };
    // (1 + 8) · 2 · 16 bits.
    const plain = bytesOf(rounded);
    const { quantized, bitmap, csr, entropy, smallest } = bytesOf(corrected);
    expect({ quantized, bitmap, csr, entropy, smallest }).toEqual({
      quantized: plain.quantized + 36,
      bitmap: plain.bitmap + 36,
      csr: plain.csr + 36,
      entropy: plain.entropy! + 36,
      smallest: plain.smallest + 36,
    });
    expect(measure([start(before)], touch(corrected), 0).sites[0].bitsPerWeight).toBe(4 + 2 + 36);
  });

  it('counts the file’s width again where what was corrected is pruned', () => {
    const before = makeMatrix([[1, 2, 3, 4, 5, 6, 7, 8]]);
    const [rounded] = compress(rtn, [before], rtn.params.parse({ bits: 4 }));
    const correction = { rank: 2, base: rounded.values };
    const corrected = { ...rounded, values: before.values, storage: { ...rounded.storage, correction } };
    const [sparse] = compress(magnitudeNM, [corrected], { n: 2, m: 4 });
    expect(sparse.storage).toEqual({ bits: 16, overheadBits: 0, pattern: { n: 2, m: 4 } });
    expect(measure([start(before)], touch(sparse), 0).sites[0].bytes).toMatchObject({ quantized: 16, bitmap: 9 });
  });

  it('bounds codes by their entropy', () => {
    // Codes -3, 3, 3, 3, 1, 1, 0, 0: 8 · (1/8 · 3 + 3/8 · log2(8/3) + 2 · 1/4 · 2), and a scale of 16 bits.
    const before = makeMatrix([[-3, 3, 3, 3, 1, 1, 0, 0]]);
    const [rounded] = compress(rtn, [before], rtn.params.parse({ bits: 3 }));
    const bits = 8 * (3 / 8 + (3 / 8) * Math.log2(8 / 3) + 1) + 16;
    expect(measure([start(before)], touch(rounded), 0).sites[0].bytes.entropy).toBe(Math.ceil(bits / 8));
    const [even] = compress(rtn, [makeMatrix([Array(64).fill(1)])], rtn.params.parse({}));
    // All the same: nothing but the scale.
    expect(measure([start(even)], touch(even), 0).sites[0].bytes.entropy).toBe(2);
  });

  it('is never above the layouts of single values, nor below the scales', () => {
    const weights = fc.array(fc.constantFrom(-2, -1, 0, 0, 0, 1, 1.5, 4), { minLength: 8, maxLength: 8 });
    const bits = fc.integer({ min: 2, max: 8 });
    fc.assert(
      fc.property(weights, bits, fc.boolean(), (row, bits, isRounded) => {
        const before = makeMatrix([row]);
        const [after] = isRounded
          ? compress(rtn, [before], rtn.params.parse({ bits, scheme: 'asymmetric' }))
          : [before];
        const { entropy, quantized, bitmap } = measure([start(before)], touch(after), 0).sites[0].bytes;
        expect(entropy).toBeLessThanOrEqual(Math.min(quantized, bitmap));
        expect(entropy).toBeGreaterThanOrEqual(Math.floor(after.storage.overheadBits / 8));
      }),
    );
  });

  it('marks zeros that came after a rounding that has none', () => {
    const before = row('a');
    const [signs] = compress(binary, [before], { granularity: 'channel' });
    const bytesOf = (matrix: Matrix) => measure([start(before)], touch(matrix), 0).sites[0].bytes;
    // A bit each, and a scale.
    expect(bytesOf(signs)).toMatchObject({ quantized: 3, entropy: 2 });
    const [sparse] = compress(magnitudeNM, [signs], { n: 2, m: 4 });
    // Two bits each; 8 marks and 4 signs; four slots of 2 + 2 bits; all of it and a scale. H is that of two symbols.
    expect(bytesOf(sparse)).toMatchObject({
      ...{ quantized: 4, bitmap: Math.ceil((8 + 4 + 16) / 8), nm: Math.ceil((4 * 4 + 16) / 8), entropy: 3 },
    });
  });

  it('counts columns that were left as they came in full, beside the entropy of the others', () => {
    const before = makeMatrix([Array(16).fill(1)]);
    const grid = { kind: 'uniform', bits: 8, group: 16, scales: Float32Array.of(1), zeros: null } as const;
    const keptColumns = Uint32Array.of(3, 4);
    const after = quantized(before, before.values, { ...grid, keptColumns }, 24);
    // 14 equal codes, two values of 8 bits, and what makes them 16.
    expect(measure([start(before)], touch(after), 0).sites[0].bytes).toMatchObject({ quantized: 19, entropy: 5 });
  });

  it('has no signal-to-noise ratio where nothing changed, and 0 dB where all is gone', () => {
    const before = row('a');
    expect(measure([start(before)], touch(before), 0).touched?.snrDb).toBeNull();
    const gone = { ...before, values: new Float32Array(8) };
    expect(measure([start(before)], touch(gone), 0).touched).toMatchObject({ snrDb: 0, sparsity: 1 });
  });

  it('tells the touched layers from the whole model, whose rest stays dense', () => {
    const before = row('a');
    const other = row('b', { dtype: 'float' });
    const [after] = compress(magnitudeNM, [before], { n: 1, m: 4 });
    const report = measure([start(before), start(other)], touch(after), 100);
    expect(report.sites.map((site) => site.name)).toEqual(['a']);
    // a: bitmap (8 + 2 · 16) / 8 = 5; packed 2 · 18 / 8 = 4.5; csr (2 · (16 + 3) + 2 · 32) / 8 = 12.75. b: 32 dense.
    // Two columns are left: (2 · 16 + 1 + 8) / 8 = 5.1. Which weights: (8 · H(1/4) + 2 · 16) / 8 = 4.8.
    expect(report.touched?.bytes).toEqual({
      ...{ dense: 16, quantized: 16, bitmap: 5, csr: 13, nm: 5, compact: 6, factors: null, entropy: 5, smallest: 5 },
    });
    expect(report.total.bytes).toEqual({
      ...{ dense: 148, quantized: 148, bitmap: 137, csr: 145, nm: 137, compact: 138, factors: null },
      ...{ entropy: 137, smallest: 137 },
    });
    expect(report.total).toMatchObject({ parameters: 16, zeros: 6, sparsity: 6 / 16, bitsPerWeight: 24 });
    expect(report.otherBytes).toBe(100);
  });

  it('adds up signal and noise, not decibels', () => {
    const a = makeMatrix([[2, 1]], 'a');
    const b = makeMatrix([[10, 0]], 'b');
    const after = [
      { ...a, values: new Float32Array([2, 0]) },
      { ...b, values: new Float32Array([8, 0]) },
    ];
    expect(measure([start(a), start(b)], touch(...after), 0).touched?.snrDb).toBe(10 * Math.log10(105 / 5));
  });

  it('counts the embedding again once the layer that shares its weights was changed', () => {
    const tied = row('head.decoder', { kind: 'decoder', tied: true });
    const [after] = compress(rtn, [tied], rtn.params.parse({ bits: 4, scheme: 'symmetric', granularity: 'channel' }));
    const untouched = measure([start(tied)], touch(), 100);
    expect(untouched.total.bytes).toMatchObject({ dense: 116, quantized: 116, smallest: 116 });
    const changed = measure([start(tied)], touch(after), 100);
    expect(changed.otherBytes).toBe(116);
    expect(changed.total.bytes).toMatchObject({ dense: 116, quantized: 116 + 6 });
  });

  it('is JSON that says the same, whatever the weights', () => {
    const odd = [makeMatrix([[0, 0]], 'zeros'), makeMatrix([[5]], 'one'), makeMatrix([[3e38, 1e-45]], 'range')];
    const gone = odd.map((matrix) => ({ ...matrix, values: new Float32Array(matrix.values.length) }));
    for (const report of [
      measure(odd.map(start), touch(...gone), 7),
      measure(odd.map(start), touch(), 0),
      measure([], touch(), 0),
    ])
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('has nothing touched without steps', () => {
    const site = makeSite('a', 1, 2);
    expect(measure([{ site, values: new Float32Array([1, 0]) }], touch(), 0)).toMatchObject({
      sites: [],
      touched: null,
      total: { zeros: 1, snrDb: null, mse: 0 },
    });
  });
});
