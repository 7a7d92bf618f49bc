import { useDeferredValue, useMemo } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { useCurves } from '../../../app/views/curves/curves-store.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { type Column, VirtualTable } from '../../parts/VirtualTable.tsx';
import { curves as texts } from '../../texts/curves.ts';
import { numbersOf, type Shown, shownPoints } from './points.ts';

const { columns: heads } = texts;
const columns: Column<Shown>[] = [
  {
    id: 'line',
    header: heads.line,
    isText: true,
    width: 'minmax(130px, 2fr)',
    cell: ({ line }) => <Whole text={line.label} />,
  },
  { id: 'level', header: heads.level, width: '70px', cell: ({ point }) => point.label },
  { id: 'share', header: heads.share, width: '76px', cell: ({ point }) => numbersOf(point.figure).share },
  {
    id: 'range',
    header: <Term id="interval">{heads.range}</Term>,
    width: '130px',
    cell: ({ point }) => numbersOf(point.figure).range,
  },
  { id: 'n', header: <Term id="n">{heads.n}</Term>, width: '120px', cell: ({ point }) => numbersOf(point.figure).n },
  { id: 'bits', header: heads.bits, width: '56px', cell: ({ point }) => point.result?.bitsPerWeight.toFixed(1) },
  {
    id: 'size',
    header: heads.size,
    width: '56px',
    cell: ({ point }) => point.result && (point.result.bytes / 1e6).toFixed(2),
  },
  {
    id: 'recipe',
    header: heads.recipe,
    isText: true,
    width: 'minmax(160px, 3fr)',
    cell: ({ point }) => <Whole text={describeRecipe(point.recipe)} />,
  },
];

/** A text that may be cut off where there is little room: pointing at it shows all of it. */
const Whole = ({ text }: { text: string }) => <span title={text}>{text}</span>;

/** The points in numbers, for whoever does not see the chart and whoever wants to copy them. */
export function PointsTable() {
  const lines = useDeferredValue(useCurves((state) => state.lines));
  const range = useCurves((state) => state.choice.range);
  const rows = useMemo(() => shownPoints(lines, range), [lines, range]);
  return (
    <Panel title={texts.table}>
      <VirtualTable
        label={texts.table}
        rows={rows}
        columns={columns}
        keyOf={({ line, point }) => `${line.id} ${point.label}`}
        empty={texts.noPoints}
      />
    </Panel>
  );
}
