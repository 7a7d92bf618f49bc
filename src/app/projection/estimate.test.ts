import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilson } from '../../lab/metrics/interval.ts';
import { summarise } from '../../lab/metrics/summary.ts';
import { measuredCurves } from '../test/curves.ts';
import { type EstimatePoint, estimateAt, estimateLevel, estimateShare, type KnownShare } from './estimate.ts';
import { hit, missed, unasked } from './level-result.ts';

/** A curve of shares, each of which may be known or not; its axis rises or falls. */
const curves = fc
  .record({
    steps: fc.array(fc.double({ min: 0.1, max: 4, noNaN: true }), { minLength: 2, maxLength: 10 }),
    direction: fc.constantFrom(1, -1),
  })
  .chain(({ steps, direction }) => {
    let x = 0;
    const xs = steps.map((step) => {
      x += step * direction;
      return x;
    });
    const level = fc.record({ hits: fc.nat(200), isKnown: fc.boolean() });
    return fc.array(level, { minLength: xs.length, maxLength: xs.length }).map((levels) =>
      levels.map(({ hits, isKnown }, at) => ({
        isKnown,
        known: { level: at, x: xs[at], share: hits / 200, ...wilson(hits, 200) } satisfies KnownShare,
      })),
    );
  });

describe('estimateShare', () => {
  const known = (...shares: [level: number, share: number][]) =>
    shares.map(([level, share]): KnownShare => ({ level, x: level, share, low: share - 0.05, high: share + 0.05 }));

  it('is what is known at a known level', () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const all = curve.filter(({ isKnown }) => isKnown).map((level) => level.known);
        for (const { share, low, high, level, x } of all)
          expect(estimateShare(all, { level, x })).toEqual({ share, low, high, kind: 'between' });
      }),
    );
  });

  it('lies between both neighbours, and its interval holds theirs and itself', () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const all = curve.filter(({ isKnown }) => isKnown).map((level) => level.known);
        for (const { known: place } of curve.filter(({ isKnown }) => !isKnown)) {
          const estimate = estimateShare(all, place);
          const milder = all.findLast(({ level }) => level < place.level);
          const stronger = all.find(({ level }) => level > place.level);
          const near = [milder, stronger].filter((entry) => entry !== undefined);
          if (near.length === 0) {
            expect(estimate).toBeNull();
            continue;
          }
          const shares = near.map(({ share }) => share);
          expect(estimate!.share).toBeGreaterThanOrEqual(Math.min(...shares));
          expect(estimate!.share).toBeLessThanOrEqual(Math.max(...shares));
          expect(estimate!.low).toBeLessThanOrEqual(Math.min(...near.map(({ low }) => low)));
          expect(estimate!.high).toBeGreaterThanOrEqual(Math.max(...near.map(({ high }) => high)));
          expect(estimate!.low).toBeGreaterThanOrEqual(0);
          expect(estimate!.high).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('falls wherever the known levels fall', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 }), (given) => {
        // Known at the even levels, asked at a hundred places between each two of them.
        const all = known(...[...given].sort((a, b) => b - a).map((share, at): [number, number] => [2 * at, share]));
        for (let at = 1; at < all.length; at++) {
          let last = all[at - 1].share;
          for (let part = 1; part < 100; part++) {
            const { share } = estimateShare(all, { level: 2 * at - 1, x: 2 * at - 2 + part / 50 })!;
            expect(share).toBeLessThanOrEqual(last + 1e-12);
            last = share;
          }
        }
      }),
    );
  });

  it('is on the straight line between two known levels', () => {
    expect(estimateShare(known([0, 0.8], [4, 0.4]), { level: 1, x: 1 })?.share).toBeCloseTo(0.7, 12);
  });

  it('follows the bend where more is known', () => {
    // Flat before, so it leaves the line upwards: weighted harmonic means worked by hand.
    const all = known([0, 0.9], [2, 0.9], [4, 0.5], [6, 0.1]);
    // Slopes: 0 at 2, since it is flat before; -0.2 at 4. Half-way: (0.9 + 0.5) / 2 + 2 · (0 + 0.2) / 8.
    expect(estimateShare(all, { level: 3, x: 3 })?.share).toBeCloseTo(0.75, 12);
  });

  it('is less certain the farther the known levels are away', () => {
    const widths = [1, 2, 3, 4, 5].map((level) => {
      const { low, high } = estimateShare(known([0, 0.5], [10, 0.5]), { level, x: level })!;
      return high - low;
    });
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(new Set(widths).size).toBe(5);
  });

  it('beyond all known levels says what the share is at most or at least', () => {
    const all = known([3, 0.6], [5, 0.4]);
    expect(estimateShare(all, { level: 6, x: 6 })).toEqual({
      share: 0.4,
      low: 0,
      high: expect.closeTo(0.46, 12),
      kind: 'at most',
    });
    expect(estimateShare(all, { level: 1, x: 1 })).toEqual({
      share: 0.6,
      low: expect.closeTo(0.54, 12),
      high: 1,
      kind: 'at least',
    });
  });
});

describe('on every curve of the references', () => {
  const measured = measuredCurves();
  const whole = measured.map(({ levels }) =>
    levels.map(({ hits, probes, ...rest }, level): KnownShare => ({ ...rest, level, ...wilson(hits, probes) })),
  );

  it('the interval holds the true share, whatever two levels around it are known', () => {
    expect(whole.length).toBeGreaterThan(100);
    for (const levels of whole)
      for (let milder = 0; milder < levels.length; milder++)
        for (let stronger = milder + 2; stronger < levels.length; stronger++)
          for (let at = milder + 1; at < stronger; at++) {
            const { low, high } = estimateShare([levels[milder], levels[stronger]], levels[at])!;
            expect(levels[at].share).toBeGreaterThanOrEqual(low);
            expect(levels[at].share).toBeLessThanOrEqual(high);
          }
  });

  it('every second level gives the others to 3 points on average', () => {
    const errors = whole.flatMap((levels) => {
      const isKnown = (level: number) => level % 2 === 0 || level === levels.length - 1;
      const half = levels.filter(({ level }) => isKnown(level));
      return levels.flatMap((level) =>
        isKnown(level.level) ? [] : [Math.abs(estimateShare(half, level)!.share - level.share)],
      );
    });
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.03);
  });
});

describe('estimateLevel', () => {
  const relations = [
    { id: 'capital', probes: 2 },
    { id: 'is-a', probes: 2 },
  ];
  const point = (level: number, ranks: number[] | null): EstimatePoint => {
    const summary = ranks && summarise(Uint32Array.from(ranks), relations);
    return {
      level,
      x: level / 10,
      label: `${level}0 %`,
      result: summary && {
        summary,
        relationShares: new Map(
          summary.relations
            .filter(({ probes }) => probes > 0)
            .map((score) => [
              score.id,
              { ...score, share: score.hits / score.probes, ...wilson(score.hits, score.probes) },
            ]),
        ),
        outcomes: Uint8Array.from(ranks!, (rank) => (rank === 0 ? unasked : rank === 1 ? hit : missed)),
      },
    };
  };

  it('names the neighbours that were asked, and takes what both of them say of a probe', () => {
    const points = [
      point(0, [1, 1, 1, 1]),
      point(1, [1, 1, 2, 0]),
      point(2, null),
      point(3, null),
      point(4, [1, 2, 2, 0]),
    ];
    const estimate = estimateLevel(points, 2)!;
    expect(estimate.kind).toBe('between');
    expect(estimate.from).toEqual(['10 %', '40 %']);
    expect([...estimate.outcomes]).toEqual([hit, unasked, missed, unasked]);
    expect(estimate.precision.map(({ k }) => k)).toEqual([1, 5, 10]);
    expect(estimate.precision[0]).toEqual({ k: 1, ...estimateAt(points, 2, ({ summary }) => summary.precision[0]) });
    // From 100 % at level 1 down to 50 % at level 4.
    const capital = estimate.relationShares.get('capital')!;
    expect(capital.share).toBeGreaterThan(0.5);
    expect(capital.share).toBeLessThan(1);
  });

  it('takes a relation’s share from the nearest levels that have it', () => {
    const points = [point(0, [1, 1, 1, 1]), point(1, [1, 1, 0, 0]), point(2, null), point(3, [2, 2, 2, 2])];
    const withoutIt = points.with(1, { ...points[1], result: null });
    const kinds = (given: EstimatePoint[]) => estimateLevel(given, 2)?.relationShares.get('is-a');
    expect(kinds(points)).toEqual(kinds(withoutIt));
  });

  it('beyond all levels that were asked knows no probe', () => {
    const estimate = estimateLevel([point(0, [1, 1, 1, 2]), point(1, null)], 1)!;
    expect(estimate.kind).toBe('at most');
    expect(estimate.from).toEqual(['00 %']);
    expect([...estimate.outcomes]).toEqual(Array(4).fill(unasked));
  });

  it('knows nothing of a curve that was not asked', () => {
    expect(estimateLevel([point(0, null), point(1, null)], 1)).toBeNull();
    expect(estimateLevel([], 0)).toBeNull();
  });
});
