import { describe, expect, it } from 'vitest';
import { compress, makeMatrix, makeSite } from './fixture.ts';
import { magnitudeNM } from './magnitude-n-m.ts';
import type { Matrix } from './method.ts';
import { rtn } from './rtn.ts';
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
    // 4 slots of 16 + 2 bits: the 36 of 64 bits per group of paper.md's 2:4 section, twice.
    expect(measure([start(before)], touch(pruned), 0).sites[0].bytes.nm).toBe(9);
    const broken = { ...pruned, values: before.values.slice() };
    expect(measure([start(before)], touch(broken), 0).sites[0].bytes.nm).toBeNull();
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
    expect(report.touched?.bytes).toEqual({ dense: 16, quantized: 16, bitmap: 5, csr: 13, nm: 5, smallest: 5 });
    expect(report.total.bytes).toEqual({ dense: 148, quantized: 148, bitmap: 137, csr: 145, nm: 137, smallest: 137 });
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
