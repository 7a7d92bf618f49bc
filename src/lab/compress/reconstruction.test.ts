import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationsFrom } from '../test/matrices.ts';
import { type OutputError, reconstructionWork, type SiteReconstruction } from './reconstruction.ts';

function layer(original: number[][], compressed: number[][], tokens: number[][], site = 'a'): OutputError {
  return {
    site,
    rows: original.length,
    columns: original[0].length,
    original: Float32Array.from(original.flat()),
    compressed: Float32Array.from(compressed.flat()),
    activations: activationsFrom(tokens),
  };
}

function run(layers: readonly OutputError[]): { result: SiteReconstruction[]; shares: number[] } {
  const work = reconstructionWork(layers, layers.length);
  const shares: number[] = [];
  for (;;) {
    const piece = work.next();
    if (piece.done) return { result: piece.value, shares };
    shares.push(piece.value);
  }
}

/** The definition: run every token through both layers. */
function naive(original: number[][], compressed: number[][], tokens: number[][]) {
  const through = (weights: number[][]) =>
    tokens.map((x) => weights.map((row) => row.reduce((sum, w, i) => sum + Math.fround(w) * x[i], 0)));
  const [before, after] = [through(original), through(compressed)];
  const square = (rows: number[][]) => rows.flat().reduce((sum, value) => sum + value * value, 0);
  const error = square(after.map((row, t) => row.map((value, r) => value - before[t][r])));
  const mean = original.map((_, r) => before.reduce((sum, row) => sum + row[r], 0) / tokens.length);
  const variance = square(before.map((row) => row.map((value, r) => value - mean[r])));
  return { error, signal: square(before), variance };
}

describe('reconstruction', () => {
  it('by hand: one output, of which one of two inputs is lost', () => {
    // Outputs 3 and 5, then 1 and 3: errors 2 and 2, mean 4.
    const [one] = run([
      layer(
        [[1, 2]],
        [[1, 0]],
        [
          [1, 1],
          [3, 1],
        ],
      ),
    ]).result;
    expect(one.site).toBe('a');
    expect(one.relativeError).toBeCloseTo(8 / 34, 12);
    expect(one.varianceShare).toBeCloseTo(8 / 2, 12);
    expect(one.snrDb).toBeCloseTo(10 * Math.log10(34 / 8), 12);
  });

  it('is what running the tokens through both layers gives', () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const sizes = fc.record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 7 }) });
    fc.assert(
      fc.property(
        sizes.chain(({ rows, columns }) => {
          const matrix = (count: number) =>
            fc.array(fc.array(value, { minLength: columns, maxLength: columns }), {
              minLength: count,
              maxLength: count,
            });
          return fc.record({ original: matrix(rows), compressed: matrix(rows), tokens: matrix(5) });
        }),
        ({ original, compressed, tokens }) => {
          const { error, signal, variance } = naive(original, compressed, tokens);
          fc.pre(signal > 1e-3 && variance > 1e-3 && error > 1e-3);
          const [made] = run([layer(original, compressed, tokens)]).result;
          expect(made.relativeError / (error / signal)).toBeCloseTo(1, 6);
          expect(made.varianceShare / (error / variance)).toBeCloseTo(1, 6);
          expect(made.snrDb).toBeCloseTo(10 * Math.log10(signal / error), 5);
        },
      ),
    );
  });

  it('is nothing where nothing changed, and beyond all measure where all of a still output is error', () => {
    const tokens = [[1, 0]];
    const still = layer([[0, 5]], [[2, 5]], tokens, 'still');
    const { result } = run([layer([[1, 2]], [[1, 2]], tokens, 'same'), still]);
    expect(result).toEqual([
      { site: 'same', relativeError: 0, varianceShare: 0, snrDb: null },
      { site: 'still', relativeError: Number.POSITIVE_INFINITY, varianceShare: Number.POSITIVE_INFINITY, snrDb: null },
    ]);
  });

  it('comes in pieces of rising shares, several for a large layer', () => {
    const wide = 1024;
    const rows = 40;
    const weights = new Float32Array(rows * wide).fill(1);
    const gram = new Float64Array(wide * wide);
    for (let i = 0; i < wide; i++) gram[i * wide + i] = 1;
    const none = new Float64Array(wide);
    const large: OutputError = {
      site: 'large',
      rows,
      columns: wide,
      original: weights,
      compressed: weights.map((value, i) => (i < wide ? 0 : value)),
      activations: { tokens: 1, sum: none, absSum: none, energy: none, absMax: new Float32Array(wide), gram },
    };
    const { shares, result } = run([large, { ...large, site: 'again' }]);
    expect(shares.length).toBeGreaterThan(4);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(result.map(({ site, relativeError }) => [site, relativeError])).toEqual([
      ['large', 1 / rows],
      ['again', 1 / rows],
    ]);
  });
});
