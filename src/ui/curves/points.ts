import type { Cell } from '../../app/csv.ts';
import type { CurvesChoice } from '../../app/curves/choice.ts';
import type { DrawnAxis, DrawnLine, DrawnPoint } from '../../app/curves/store.ts';
import type { Figure } from '../../app/groups.ts';
import { count, percent, range as rangeWords } from '../parts/format.ts';
import { curves as texts } from '../texts/curves.ts';

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

/** A row of the chart: everything at one place of the horizontal axis, by line. */
export interface Row {
  x: number;
  at: Partial<Record<number, Shown>>;
}

/** The chart's rows, from left to right of the axis' numbers. */
export function rowsOf(shown: readonly Shown[]): Row[] {
  const rows = new Map<number, Row>();
  for (const entry of shown) {
    const { x } = entry.point;
    const row = rows.get(x) ?? { x, at: {} };
    row.at[entry.index] = entry;
    rows.set(x, row);
  }
  return [...rows.values()].toSorted((a, b) => a.x - b.x);
}

/** The name of a place on the horizontal axis. */
export function placeWords({ ticks }: Pick<DrawnAxis, 'ticks'>, x: number): string {
  const tick = ticks.find((entry) => entry.x === x);
  return tick ? tick.label : String(Number(x.toPrecision(3)));
}

/** A figure's numbers as texts. */
export const numbersOf = (figure: Figure) => ({
  share: percent(figure.share),
  range: rangeWords(figure),
  n: texts.nOf(count(figure.probes), count(figure.of)),
});

/** The points as a table of plain values. */
export const csvRows = (shown: readonly Shown[]): Record<string, Cell>[] =>
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
