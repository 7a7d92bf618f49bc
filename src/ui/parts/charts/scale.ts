import type { ChartPoint } from './series.tsx';

/** The vertical axis in percent: linear from 0, or a log axis from `floor`, a power of ten. */
interface Vertical {
  most: number;
  floor?: number;
}

/** Where a point lies in percent; null where it has no place: zero on a log axis. */
export const heightOf = (point: ChartPoint | undefined, { floor }: Vertical): number | null =>
  !point || (floor !== undefined && point.share <= 0) ? null : point.share * 100;

/** A point's interval in percent, cut at the ends of the axis: beyond them it would move them. */
export const bandOf = (point: ChartPoint | undefined, { most, floor = 0 }: Vertical): [number, number] | null =>
  point ? [Math.max(floor, point.low * 100), Math.min(most, point.high * 100)] : null;

/** The powers of ten from the lowest to 100, without the rounding error of their product. */
export const powersFrom = (floor: number): number[] =>
  Array.from({ length: 3 - Math.round(Math.log10(floor)) }, (_, power) => Number((floor * 10 ** power).toPrecision(3)));

/** The upper end of an axis in percent: what is usual, unless a share of what was known is far over it. */
export const topOf = (points: readonly (ChartPoint | undefined)[], usual: number): number =>
  Math.max(usual, ...points.map((point) => (point ? Math.ceil(point.share * 10) * 10 : 0)));
