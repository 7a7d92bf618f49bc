import { describe, expect, it } from 'vitest';
import type { CurvePoint } from '../../../../app/views/explore/explore-store.ts';
import { curveRows } from './points.ts';

const share = (value: number) => ({ share: value, low: value - 0.05, high: value + 0.05 });

/** A level with a result, or without one where the share is null. */
const point = (level: number, accuracy: number | null): CurvePoint =>
  ({
    level,
    x: level / 10,
    label: `${level * 10} %`,
    result:
      accuracy === null
        ? null
        : {
            source: level === 0 ? 'link' : 'kept',
            bytes: (10 - level) * 1e6,
            summary: { precision: [share(accuracy)], probes: 192, of: 1000 },
            relationShares: new Map([['capital', { ...share(accuracy / 2), probes: 20, of: 40, hits: 1 }]]),
          },
  }) as unknown as CurvePoint;

const points = [point(0, 0.9), point(1, null), point(2, 0.5)];

describe('the rows of the curve', () => {
  it('hold results, and estimates between them', () => {
    const rows = curveRows(points, 'level', null);
    expect(rows.map(({ x, label, isFromLink }) => [x, label, isFromLink])).toEqual([
      [0, '0 %', true],
      [0.1, '10 %', false],
      [0.2, '20 %', false],
    ]);
    expect(rows[0].points.accuracy).toEqual({ ...share(0.9), probes: 192, of: 1000, isFew: false });
    const { accuracy } = rows[1].points;
    expect(accuracy).toMatchObject({ isEstimated: true, probes: 0, of: 0 });
    expect(accuracy.share).toBeGreaterThan(0.5);
    expect(accuracy.share).toBeLessThan(0.9);
  });

  it('hold only results by size, which is not known before', () => {
    expect(curveRows(points, 'size', null).map(({ x, level }) => [x, level])).toEqual([
      [10, 0],
      [8, 2],
    ]);
  });

  it('are about one relation where one is chosen', () => {
    const [first] = curveRows(points, 'level', 'capital');
    expect(first.points.accuracy).toEqual({ ...share(0.45), probes: 20, of: 40, isFew: false });
    expect(curveRows(points, 'level', 'unknown')).toEqual([]);
  });
});
