import { describe, expect, it } from 'vitest';
import type { DrawnLine } from '../../../app/views/curves/curves-store.ts';
import { csvOf } from '../../parts/tables/columns.ts';
import { pointColumns } from './PointsTable.tsx';
import { chartRows, shownPoints } from './points.ts';

const figure = (share: number) => ({ share, low: share - 0.1, high: share + 0.1, probes: 30, of: 120, isFew: false });

/** A line over levels 0 to 2, at these places of the axis. */
const line = (id: string, xs: readonly (number | null)[], isOff = false): DrawnLine =>
  ({
    id,
    label: id.toUpperCase(),
    isOff,
    series: { model: 'bert-mini', suite: 'facts', template: 'seen' },
    points: xs.map((x, level) => ({
      place: level,
      label: `${level * 10} %`,
      recipe: [],
      key: `${id}${level}`,
      result: null,
      figure: figure(0.9 - level / 10),
      x,
    })),
  }) as unknown as DrawnLine;

describe('the rows of the chart of curves', () => {
  const lines = [line('a', [0, 0.1, 0.2]), line('off', [0, 0.1, 0.2], true), line('b', [null, 0.1, 0.2])];

  it('hold the points of all lines at a level', () => {
    const rows = chartRows(shownPoints(lines, null), true);
    expect(rows.map(({ x, label }) => [x, label])).toEqual([
      [0, '0 %'],
      [0.1, '10 %'],
      [0.2, '20 %'],
    ]);
    expect(rows.map(({ points }) => Object.keys(points))).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
    expect(rows[1].points.b).toEqual(figure(0.8));
  });

  it('hold one point each on other axes, in the order of the levels', () => {
    const back = [line('a', [3, 1, 2]), line('b', [1, 2, 3])];
    const rows = chartRows(shownPoints(back, null), false);
    expect(rows.map(({ x, points }) => [x, Object.keys(points)])).toEqual([
      [3, ['a']],
      [1, ['a']],
      [2, ['a']],
      [1, ['b']],
      [2, ['b']],
      [3, ['b']],
    ]);
  });

  it('leave out what is beyond the range', () => {
    expect(chartRows(shownPoints(lines, [0.1, 0.1]), true).map(({ x }) => x)).toEqual([0.1]);
  });

  it('are saved with the fields that files always had', () => {
    const [first] = csvOf(pointColumns, shownPoints(lines, null));
    expect(Object.keys(first).join()).toBe(
      'series,model,suite,template,level,x,share,low,high,n,of,bitsPerWeight,bytes,key,recipe',
    );
    expect(first).toMatchObject({
      series: 'A',
      level: '0 %',
      x: 0,
      share: 0.9,
      n: 30,
      of: 120,
      key: 'a0',
      recipe: '[]',
    });
  });
});
