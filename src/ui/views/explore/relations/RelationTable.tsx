import { useMemo, useState } from 'react';
import type { Estimate } from '../../../../app/projection/estimate.ts';
import type { RelationShare } from '../../../../app/projection/level-result.ts';
import { look } from '../../../../app/views/explore/explore.ts';
import {
  comparedBaseline,
  currentEstimate,
  currentPoint,
  shownRelations,
  useExplore,
} from '../../../../app/views/explore/explore-store.ts';
import { count, partOf, percent, range, roughly } from '../../../parts/format.ts';
import { Hint } from '../../../parts/Hint.tsx';
import { Panel } from '../../../parts/Panel.tsx';
import { type Column, columnsOf, nextSort, type Sort, sortedRows } from '../../../parts/tables/columns.ts';
import { DataTable } from '../../../parts/tables/DataTable.tsx';
import { Note } from '../../../parts/tables/Note.tsx';
import { useDeferredExplore } from '../../../parts/useDeferredExplore.ts';
import { relations as texts } from '../../../texts/relations.ts';

interface Row {
  id: string;
  label: string;
  property: string | null;
  cardinality: string | null;
  before: RelationShare | null;
  now: RelationShare | null;
  /** Where it was not asked yet. */
  expected: Estimate | null;
  change: number | null;
}

const columns: readonly Column<Row>[] = columnsOf(texts.columns, {
  label: { isRowHeader: true, cell: ({ label }) => label, sortBy: ({ label }) => label },
  property: {
    cell: ({ property }) => property,
    sortBy: ({ property }) => Number(property?.slice(1) ?? Number.POSITIVE_INFINITY),
  },
  cardinality: { cell: ({ cardinality }) => cardinality, sortBy: ({ cardinality }) => cardinality ?? '~' },
  probes: {
    cell: ({ now }) => (now ? partOf(now.probes, now.of) : texts.unknown),
    sortBy: ({ now }) => now?.probes ?? 0,
    startsDescending: true,
  },
  before: {
    cell: ({ before, now }) => (
      <>
        {before ? percent(before.share) : texts.unknown}
        {before && now && before.probes !== now.probes && <Note> {texts.n(count(before.probes))}</Note>}
      </>
    ),
    title: ({ before }) => (before ? texts.interval(range(before)) : undefined),
    sortBy: ({ before }) => before?.share ?? -1,
  },
  now: {
    cell: ({ now, expected }) => (
      <>
        {now ? percent(now.share) : expected ? roughly(expected) : texts.unknown}{' '}
        {(now ?? expected) && <Note>({range((now ?? expected)!)})</Note>}
      </>
    ),
    sortBy: ({ now, expected }) => (now ?? expected)?.share ?? -1,
  },
  change: {
    cell: ({ change, expected }) =>
      change === null
        ? texts.unknown
        : `${expected ? '≈ ' : ''}${change > 0 ? '+' : ''}${(change * 100).toFixed(expected ? 0 : 1)}`,
    // What is not known yet comes last in rising order.
    sortBy: ({ change }) => change ?? 2,
  },
});

/** Each relation before and after, with intervals. */
export function RelationTable() {
  const [sort, setSort] = useState<Sort>({ by: 'change', direction: 'ascending' });
  const relations = useDeferredExplore(shownRelations);
  const baseline = useDeferredExplore(comparedBaseline);
  const result = useDeferredExplore((state) => currentPoint(state)?.result ?? null);
  const estimate = useDeferredExplore(currentEstimate);
  const chosen = useExplore((state) => state.view.relation);
  const rows = useMemo(() => {
    const all = (relations ?? []).map(({ id, label, property = null, cardinality = null }): Row => {
      const before = baseline?.relationShares.get(id) ?? null;
      const now = result?.relationShares.get(id) ?? null;
      const expected = estimate?.relationShares.get(id) ?? null;
      const share = (now ?? expected)?.share ?? null;
      const change = before && share !== null ? share - before.share : null;
      return { id, label, property, cardinality, before, now, expected, change };
    });
    return all.sort((a, b) => a.label.localeCompare(b.label));
  }, [relations, baseline, result, estimate]);
  const sorted = useMemo(() => sortedRows(columns, rows, sort), [rows, sort]);
  // Neither tasks nor links have properties and cardinalities.
  const hasProperty = rows.some(({ property }) => property !== null);
  const hasCardinality = rows.some(({ cardinality }) => cardinality !== null);
  const known = useMemo(
    () => columns.filter(({ id }) => (id !== 'property' || hasProperty) && (id !== 'cardinality' || hasCardinality)),
    [hasProperty, hasCardinality],
  );
  return (
    <Panel title={texts.title}>
      <DataTable
        label={texts.table}
        rows={sorted}
        columns={known}
        keyOf={({ id }) => id}
        isChosen={({ id }) => id === chosen}
        onChoose={choose}
        sort={sort}
        onSort={(by) => setSort(nextSort(columns, sort, by))}
        height={420}
      />
      <Hint mt="xs">{texts.note}</Hint>
    </Panel>
  );
}

const choose = ({ id }: Row, isChosen: boolean) => look({ relation: isChosen ? null : id, probe: null });
