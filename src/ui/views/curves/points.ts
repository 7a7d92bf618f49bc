import type { CsvCell } from '../../../app/projection/csv.ts';
import type { Figure } from '../../../app/projection/groups.ts';
import type { CurvesChoice } from '../../../app/views/curves/curves-choice.ts';
import type { DrawnAxis, DrawnLine, DrawnPoint } from '../../../app/views/curves/curves-store.ts';
import { count, percent, range as rangeWords } from '../../parts/format.ts';
import { curves as texts } from '../../texts/curves.ts';

/** A point with something known of it, on its line. */
export interface Shown {
  line: DrawnLine;
  /** Which line of all, from 0: what it looks like. */
  index: number;
  point: DrawnPoint & { figure: Figure; x: number };
}

/** The points that are in sight: of lines that are on, within the range, with a figure. */
export function shownPoints(lines: readonly DrawnLine[], range: CurvesChoice['range']): Shown[] {
  return lines.flatMap((line, index) =>
    line.isOff
      ? []
      : line.points.flatMap((point): Shown[] => {
          const { figure, x } = point;
          if (!figure || x === null || (range && (x < range[0] || x > range[1]))) return [];
          return [{ line, index, point: { ...point, figure, x } }];
        }),
  );
}

/** A row of the chart: what is at one place of the horizontal axis, by line. */
export interface Row {
  x: number;
  at: Partial<Record<number, Shown>>;
}

/**
 * The chart's rows. Lines go from row to row: on an axis of levels a row has the points of all lines; elsewhere each
 * point has its own, line by line in the order of levels, because size need not fall from one level to the next.
 */
export function rowsOf(shown: readonly Shown[], isLevel: boolean): Row[] {
  if (!isLevel) return shown.map((entry) => ({ x: entry.point.x, at: { [entry.index]: entry } }));
  const rows = new Map<number, Row>();
  for (const entry of shown) {
    const { x } = entry.point;
    const row = rows.get(x) ?? { x, at: {} };
    row.at[entry.index] = entry;
    rows.set(x, row);
  }
  return [...rows.values()].toSorted((a, b) => a.x - b.x);
}

/** The upper end of the vertical axis in percent: fixed, so that nothing jumps, unless a share of what was known is far over it. */
export const mostOf = (shown: readonly Shown[], y: CurvesChoice['y']): number =>
  y === 'kept' ? Math.max(110, ...shown.map(({ point }) => Math.ceil(point.figure.share * 10) * 10)) : 100;

/** The lower end of a log axis in percent: the power of ten below every share that is not zero. */
export function floorOf(shown: readonly Shown[]): number {
  const shares = shown.map(({ point }) => point.figure.share * 100).filter((share) => share > 0);
  return 10 ** Math.min(0, Math.floor(Math.log10(Math.min(1, ...shares))));
}

/** A number on an axis that is not one of levels. */
export const shortNumber = (x: number): string => String(Number(x.toPrecision(3)));

/** The name of a place on the horizontal axis. */
export function placeWords({ kind, ticks }: Pick<DrawnAxis, 'kind' | 'ticks'>, x: number): string {
  if (kind !== 'level') return texts.horizontal[kind].value(shortNumber(x));
  return ticks.find((entry) => entry.x === x)?.label ?? '';
}

/** A figure's numbers as texts. */
export const numbersOf = (figure: Figure) => ({
  share: percent(figure.share),
  range: rangeWords(figure),
  n: texts.nOf(count(figure.probes), count(figure.of)),
});

/** The points as a table of plain values. */
export const csvRows = (shown: readonly Shown[]): Record<string, CsvCell>[] =>
  shown.map(({ line, point: { x, label, figure, key, recipe, result } }) => ({
    series: line.label,
    model: line.series.model,
    suite: line.series.suite,
    template: line.series.template,
    level: label,
    x,
    share: figure.share,
    low: figure.low,
    high: figure.high,
    n: figure.probes,
    of: figure.of,
    bitsPerWeight: result?.bitsPerWeight ?? null,
    bytes: result?.bytes ?? null,
    key,
    recipe: JSON.stringify(recipe),
  }));
