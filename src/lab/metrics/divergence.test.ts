import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergenceBound } from './divergence.ts';
import { keptWords } from './top-words.ts';

/** What is kept of whole distributions, one a probe. */
function kept(distributions: readonly (readonly number[])[]) {
  const tops = distributions.map((shares) =>
    [...shares.keys()].sort((a, b) => shares[b] - shares[a] || a - b).slice(0, keptWords),
  );
  return {
    topIds: Uint32Array.from(tops.flat()),
    topLogProbs: Float32Array.from(tops.flatMap((ids, probe) => ids.map((id) => Math.log(distributions[probe][id])))),
  };
}

const normal = (weights: readonly number[]) => {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
};
const divergence = (p: readonly number[], q: readonly number[]) =>
  p.reduce((sum, share, word) => sum + share * Math.log(share / q[word]), 0);
const bound = (p: readonly number[], q: readonly number[]) => divergenceBound(kept([p, p]), kept([q, q]), 2)!.mean;

// From nearly flat to nearly certain.
const distribution = fc
  .tuple(
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
    fc.constantFrom(1, 4, 9),
  )
  .map(([values, scale]) => normal(values.map((value) => Math.exp(scale * value))));

describe('the bound of the divergence', () => {
  it('is never above the divergence of the whole distributions', () => {
    fc.assert(
      fc.property(distribution, distribution, (p, q) => {
        expect(bound(p, q)).toBeLessThanOrEqual(divergence(p, q) + 3e-5);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the divergence where five words are all there are beside a rest', () => {
    const p = [0.4, 0.2, 0.1, 0.1, 0.1, 0.1];
    const q = [0.1, 0.2, 0.3, 0.1, 0.2, 0.1];
    expect(bound(p, q)).toBeCloseTo(divergence(p, q), 5);
  });

  it('is 0 for a model beside itself', () => {
    fc.assert(
      fc.property(distribution, (p) => {
        expect(bound(p, p)).toBeCloseTo(0, 5);
      }),
    );
  });

  it('says something even where the two have no word in common', () => {
    const sharp = [0.96, 0.01, 0.01, 0.01, 0.0099, ...Array(5).fill(0.00002)];
    const other = [...Array(5).fill(0.002), 0.9, 0.03, 0.03, 0.02, 0.01];
    // The second's fifth is 0.01, so that it gives the first's five words at most 0.05: Bernoulli(0.9999) against 0.05.
    expect(bound(sharp, other)).toBeCloseTo(0.9999 * Math.log(0.9999 / 0.05) + 0.0001 * Math.log(0.0001 / 0.95), 3);
  });

  it('has the mean over probes with its interval', () => {
    const flat = normal(Array(6).fill(1));
    const q = [0.5, 0.1, 0.1, 0.1, 0.1, 0.1];
    const d = divergence(flat, q);
    const found = divergenceBound(kept([flat, flat, flat, flat]), kept([q, flat, q, flat]), 4)!;
    expect(found.n).toBe(4);
    expect(found.mean).toBeCloseTo(d / 2, 5);
    // s² = 4 · (d / 2)² / 3.
    expect(found.high - found.mean).toBeCloseTo((1.959964 * d) / Math.sqrt(3) / 2, 5);
  });

  it('leaves out answers that are not finite', () => {
    const p = normal([1, 2, 3, 4, 5, 6]);
    const answers = kept([p, p, p]);
    answers.topLogProbs[2] = Number.NaN;
    expect(divergenceBound(answers, kept([p, p, p]), 3)?.n).toBe(2);
    expect(divergenceBound(answers, kept([p, p, p]), 1)).toBeNull();
  });
});
