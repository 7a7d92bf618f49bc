import { useDeferredValue, useMemo } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { useCurves } from '../../../app/views/curves/curves-store.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { type Column, columnsOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { VirtualBody } from '../../parts/tables/VirtualBody.tsx';
import { curves as texts } from '../../texts/curves.ts';
import { numbersOf, type Shown, shownPoints } from './points.ts';

/** The points as columns, on the page and in files. */
export const pointColumns: readonly Column<Shown>[] = columnsOf(texts.columns, {
  line: {
    width: 'minmax(130px, 2fr)',
    cell: ({ line }) => line.label,
    title: ({ line }) => line.label,
    csv: ({ line: { label: series, series: asked } }) => {
      const { model, suite, template } = asked;
      return { series, model, suite, template };
    },
  },
  level: {
    align: 'right',
    width: '70px',
    cell: ({ point }) => point.label,
    csv: ({ point }) => ({ level: point.label, x: point.x }),
  },
  share: {
    align: 'right',
    width: '76px',
    cell: ({ point }) => numbersOf(point.figure).share,
    csv: ({ point }) => ({ share: point.figure.share }),
  },
  range: {
    header: <Term id="interval">{texts.columns.range}</Term>,
    align: 'right',
    width: '130px',
    cell: ({ point }) => numbersOf(point.figure).range,
    csv: ({ point }) => ({ low: point.figure.low, high: point.figure.high }),
  },
  n: {
    header: <Term id="n">{texts.columns.n}</Term>,
    align: 'right',
    width: '120px',
    cell: ({ point }) => numbersOf(point.figure).n,
    csv: ({ point }) => ({ n: point.figure.probes, of: point.figure.of }),
  },
  bits: {
    align: 'right',
    width: '56px',
    cell: ({ point }) => point.result?.bitsPerWeight.toFixed(1),
    csv: ({ point }) => ({ bitsPerWeight: point.result?.bitsPerWeight ?? null }),
  },
  size: {
    align: 'right',
    width: '56px',
    cell: ({ point }) => point.result && (point.result.bytes / 1e6).toFixed(2),
    csv: ({ point }) => ({ bytes: point.result?.bytes ?? null }),
  },
  recipe: {
    width: 'minmax(160px, 3fr)',
    cell: ({ point }) => describeRecipe(point.recipe),
    title: ({ point }) => describeRecipe(point.recipe),
    csv: ({ point }) => ({ key: point.key, recipe: JSON.stringify(point.recipe) }),
  },
});

/** The points in numbers, for whoever does not see the chart and whoever wants to copy them. */
export function PointsTable() {
  const lines = useDeferredValue(useCurves((state) => state.lines));
  const range = useCurves((state) => state.choice.range);
  const rows = useMemo(() => shownPoints(lines, range), [lines, range]);
  return (
    <Panel title={texts.table}>
      <DataTable
        label={texts.table}
        rows={rows}
        columns={pointColumns}
        keyOf={({ line, point }) => `${line.id} ${point.label}`}
        height={420}
        long={{ rowHeight: 36, Body: VirtualBody }}
        empty={texts.noPoints}
      />
    </Panel>
  );
}
