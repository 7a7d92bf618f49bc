import { Disclosure } from '../../../parts/Disclosure.tsx';
import { partOf } from '../../../parts/format.ts';
import { type Column, columnsOf } from '../../../parts/tables/columns.ts';
import { DataTable } from '../../../parts/tables/DataTable.tsx';
import { curve as texts } from '../../../texts/curve.ts';
import { asTable } from '../../../texts/parts.ts';
import type { CurveRow } from './points.ts';

/** The curve in numbers, for whoever does not see it and whoever wants to copy it. */
export function CurveTable({ rows }: { rows: readonly CurveRow[] }) {
  return (
    <Disclosure title={asTable}>
      <DataTable label={texts.title(null)} rows={rows} columns={columns} keyOf={({ level }) => String(level)} />
    </Disclosure>
  );
}

const percents = (share: number, digits = 1) => (share * 100).toFixed(digits);

const columns: readonly Column<CurveRow>[] = columnsOf(texts.columns, {
  level: {
    isRowHeader: true,
    cell: ({ label, isFromLink, points }) => label + texts.levelNote(isFromLink, points.accuracy.isEstimated ?? false),
  },
  precision: ({ points: { accuracy } }) => {
    const { share, isEstimated = false } = accuracy;
    return texts.share(percents(share, isEstimated ? 0 : 1), isEstimated);
  },
  interval: ({ points: { accuracy } }) => texts.interval(percents(accuracy.low), percents(accuracy.high)),
  n: ({ points: { accuracy } }) => (accuracy.isEstimated ? texts.noN : partOf(accuracy.probes, accuracy.of)),
});
