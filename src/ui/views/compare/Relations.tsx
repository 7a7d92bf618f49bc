import { useMemo } from 'react';
import { look } from '../../../app/views/compare/compare.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { Compared } from '../../../app/views/compare/compared.ts';
import { count, percent } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { type Column, columnsOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { compare as texts } from '../../texts/compare.ts';
import { useBeside, useCompared } from './useCompared.ts';
import { pWords } from './words.ts';

const height = 360;

type Row = Compared['relations'][number];

/** Which relations part the two; a click on one shows its facts. */
export function Relations() {
  const compared = useCompared();
  const chosen = useCompare((state) => state.choice.relation);
  const rows = useMemo(
    () =>
      [...(compared?.relations ?? [])].sort(
        (x, y) => x.p - y.p || y.lost + y.gained - x.lost - x.gained || x.label.localeCompare(y.label),
      ),
    [compared],
  );
  const beside = useBeside();
  const columns = useMemo(() => columnsFor(beside), [beside]);
  return (
    <Panel title={texts.relations}>
      <div style={{ minHeight: height }}>
        <DataTable
          label={texts.relations}
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          isChosen={({ id }) => id === chosen}
          onChoose={choose}
          height={height}
        />
      </div>
      <Hint mt="xs">{texts.relationsNote}</Hint>
    </Panel>
  );
}

const choose = ({ id }: Row, isChosen: boolean) => look({ relation: isChosen ? null : id });

const columnsFor = (beside: string): Column<Row>[] =>
  columnsOf(texts.columns(beside), {
    relation: { isRowHeader: true, cell: ({ label }) => label },
    n: ({ n }) => count(n),
    a: ({ a, n }) => percent(a / n, 0),
    b: ({ b, n }) => percent(b / n, 0),
    lost: ({ lost }) => count(lost),
    gained: ({ gained }) => count(gained),
    net: ({ lost, gained }) => (gained > lost ? '+' : gained < lost ? '−' : '') + count(Math.abs(gained - lost)),
    p: ({ p }) => pWords(p),
    adjusted: ({ adjusted }) => pWords(adjusted),
  });
