import { Text, UnstyledButton } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { Estimate } from '../../../../app/projection/estimate.ts';
import type { RelationShare } from '../../../../app/projection/level-result.ts';
import { look } from '../../../../app/views/explore/explore.ts';
import { currentEstimate, currentPoint, shownRelations, useLab } from '../../../../app/views/explore/explore-store.ts';
import { partOf, percent, range, roughly } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Panel.tsx';
import table from '../../../parts/table.module.css';
import { useDeferredLab } from '../../../parts/useDeferredLab.ts';
import { relations as texts } from '../../../texts/relations.ts';

type Column = 'label' | 'property' | 'cardinality' | 'probes' | 'before' | 'now' | 'change';

const columns: readonly Column[] = ['label', 'property', 'cardinality', 'probes', 'before', 'now', 'change'];

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

/** What a column sorts by; what is not known yet comes last in rising order of change. */
const sortValue: Record<Column, (row: Row) => number | string> = {
  label: (row) => row.label,
  property: (row) => Number(row.property?.slice(1) ?? Number.POSITIVE_INFINITY),
  cardinality: (row) => row.cardinality ?? '~',
  probes: (row) => row.now?.probes ?? 0,
  before: (row) => row.before?.share ?? -1,
  now: (row) => (row.now ?? row.expected)?.share ?? -1,
  change: (row) => row.change ?? 2,
};

/** Each relation before and after, with intervals. */
export function RelationTable() {
  const [sort, setSort] = useState<{ by: Column; down: boolean }>({ by: 'change', down: false });
  const relations = useDeferredLab(shownRelations);
  const baseline = useDeferredLab((state) => state.baseline.result);
  const result = useDeferredLab((state) => currentPoint(state)?.result ?? null);
  const estimate = useDeferredLab(currentEstimate);
  const chosen = useLab((state) => state.view.relation);
  const rows = useMemo(() => {
    const all = (relations ?? []).map(({ id, label, property = null, cardinality = null }): Row => {
      const before = baseline?.relationShares.get(id) ?? null;
      const now = result?.relationShares.get(id) ?? null;
      const expected = estimate?.relationShares.get(id) ?? null;
      const share = (now ?? expected)?.share ?? null;
      const change = before && share !== null ? share - before.share : null;
      return { id, label, property, cardinality, before, now, expected, change };
    });
    const value = sortValue[sort.by];
    return all.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return (x < y ? -1 : x > y ? 1 : a.label.localeCompare(b.label)) * (sort.down ? -1 : 1);
    });
  }, [relations, baseline, result, estimate, sort]);
  // Neither tasks nor links have them.
  const isKnown = (column: Column) =>
    (column !== 'property' && column !== 'cardinality') || rows.some((row) => row[column] !== null);
  const hasProperty = isKnown('property');
  const hasCardinality = isKnown('cardinality');
  return (
    <Panel title={texts.title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className={table.scroll} style={{ maxHeight: 420 }} aria-label={texts.table} tabIndex={0}>
        <table className={table.table}>
          <thead>
            <tr>
              {columns.filter(isKnown).map((id) => (
                <th key={id} scope="col" aria-sort={sort.by !== id ? 'none' : sort.down ? 'descending' : 'ascending'}>
                  <UnstyledButton
                    fz="sm"
                    fw={700}
                    onClick={() => setSort({ by: id, down: sort.by === id ? !sort.down : id === 'probes' })}
                  >
                    {texts.columns[id]} {sort.by === id ? (sort.down ? '↓' : '↑') : ''}
                  </UnstyledButton>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <RelationRow
                key={row.id}
                {...row}
                isChosen={chosen === row.id}
                hasProperty={hasProperty}
                hasCardinality={hasCardinality}
              />
            ))}
          </tbody>
        </table>
      </section>
      <Text size="xs" c="dimmed" mt="xs">
        {texts.note}
      </Text>
    </Panel>
  );
}

const RelationRow = memo(function RelationRow({
  id,
  label,
  property,
  cardinality,
  before,
  now,
  expected,
  change,
  isChosen,
  hasProperty,
  hasCardinality,
}: Row & { isChosen: boolean; hasProperty: boolean; hasCardinality: boolean }) {
  return (
    <tr className={isChosen ? table.chosen : undefined}>
      <th scope="row">
        <button
          type="button"
          className={table.button}
          aria-pressed={isChosen}
          onClick={() => look({ relation: isChosen ? null : id, probe: null })}
        >
          {label}
        </button>
      </th>
      {hasProperty && <td>{property ?? ''}</td>}
      {hasCardinality && <td>{cardinality ?? ''}</td>}
      <td>{now ? partOf(now.probes, now.of) : texts.unknown}</td>
      <td title={before ? texts.interval(range(before)) : undefined}>
        {before ? percent(before.share) : texts.unknown}
      </td>
      <td>
        {now ? percent(now.share) : expected ? roughly(expected) : texts.unknown}{' '}
        {(now ?? expected) && <span className={table.note}>({range((now ?? expected)!)})</span>}
      </td>
      <td>
        {change === null
          ? texts.unknown
          : `${expected ? '≈ ' : ''}${change > 0 ? '+' : ''}${(change * 100).toFixed(expected ? 0 : 1)}`}
      </td>
    </tr>
  );
});
