import type { Figure } from '../../../app/projection/groups.ts';
import { Marker, type MarkerLook } from './Marker.tsx';

/** One line of a chart: colour, dash and marker, so that no one of them is needed to tell lines apart. */
export interface Series extends MarkerLook {
  id: string;
  /** An SVG dash array; solid without one. */
  dash?: string;
  /** An opaque colour for the interval band; the line's own colour, thinned, without one. */
  band?: string;
}

/** A share with its interval, from 0 to 1. Hollow where it rests on a sample, pale where that is small. */
export interface ChartPoint extends Figure {
  /** Estimated from its neighbours: drawn with dots. */
  isEstimated?: boolean;
}

/** What lies at one place of the horizontal axis, by the id of its series. */
export interface ChartRow {
  x: number;
  label: string;
  points: Readonly<Partial<Record<string, ChartPoint>>>;
}

/** A line and its marker, for legends. */
export function SeriesSample({ series: { marker, colour, dash } }: { series: Omit<Series, 'id'> }) {
  return (
    <svg width={44} height={16} viewBox="0 0 44 16" aria-hidden="true" style={{ flex: 'none' }}>
      <path d="M1 8H43" stroke={colour} strokeWidth={2} strokeDasharray={dash} />
      <Marker marker={marker} colour={colour} cx={22} cy={8} />
    </svg>
  );
}
