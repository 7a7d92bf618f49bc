import type { MarkerShape } from '../../parts/charts/Marker.tsx';
import type { Series } from '../../parts/charts/series.tsx';

/** A dash and a marker for each line, in the order of the list; the colours stand in `curves.module.css`. */
const looks: readonly (readonly [dash: string | undefined, marker: MarkerShape])[] = [
  [undefined, 'circle'],
  ['7 4', 'square'],
  ['2 4', 'triangle'],
  ['10 3 2 3', 'diamond'],
  ['4 2', 'triangle-down'],
  ['12 5', 'plus'],
  ['1 3 6 3', 'hexagon'],
  ['5 5', 'cross'],
];

/** How lines are drawn, by their place in the list. */
export const lineLooks: readonly Omit<Series, 'id'>[] = looks.map(([dash, marker], at) => ({
  colour: `var(--curves-${at + 1})`,
  dash,
  marker,
}));
