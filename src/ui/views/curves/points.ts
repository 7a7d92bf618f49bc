import type { Figure } from '../../../app/projection/groups.ts';
import type { CurvesChoice } from '../../../app/views/curves/curves-choice.ts';
import type { DrawnAxis, DrawnLine, DrawnPoint } from '../../../app/views/curves/curves-store.ts';
import type { ChartRow } from '../../parts/charts/series.tsx';
import { count, percent, range as rangeWords } from '../../parts/format.ts';
import { curves as texts } from '../../texts/curves.ts';

/** A point with something known of it, on its line. */
export interface Shown {
  line: DrawnLine;
  point: DrawnPoint & { figure: Figure; x: number };
}

/** The points that are in sight: of lines that are on, within the range, with a figure. */
export function shownPoints(lines: readonly DrawnLine[], range: CurvesChoice['range']): Shown[] {
  return lines.flatMap((line) =>
    line.isOff
      ? []
      : line.points.flatMap((point): Shown[] => {
          const { figure, x } = point;
          if (!figure || x === null || (range && (x < range[0] || x > range[1]))) return [];
          return [{ line, point: { ...point, figure, x } }];
        }),
  );
}

/**
 * The rows of the chart. On an axis of levels a row has the points of all lines; elsewhere each point has its own row,
 * line by line in the order of levels, because size need not fall from one level to the next.
 */
export function chartRows(shown: readonly Shown[], isLevel: boolean): ChartRow[] {
  const rowOf = (entries: readonly Shown[]): ChartRow => ({
    x: entries[0].point.x,
    label: entries[0].point.label,
    points: Object.fromEntries(entries.map(({ line, point }) => [line.id, point.figure])),
  });
  if (!isLevel) return shown.map((entry) => rowOf([entry]));
  const places = [...new Set(shown.map(({ point }) => point.x))].toSorted((a, b) => a - b);
  return places.map((x) => rowOf(shown.filter(({ point }) => point.x === x)));
}

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
