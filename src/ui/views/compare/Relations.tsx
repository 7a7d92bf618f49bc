import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { look } from '../../../app/views/compare/compare.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { Compared } from '../../../app/views/compare/compared.ts';
import { count, percent } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import type { Column } from '../../parts/tables/columns.ts';
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
  const columns = useMemo(() => columnsOf(beside), [beside]);
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
      <Text size="xs" c="dimmed" mt="xs">
        {texts.relationsNote}
      </Text>
    </Panel>
  );
}

const choose = ({ id }: Row, isChosen: boolean) => look({ relation: isChosen ? null : id });

function columnsOf(beside: string): Column<Row>[] {
  const heads = texts.columns(beside);
  return [
    { id: 'relation', header: heads.relation, isRowHeader: true, cell: ({ label }) => label },
    { id: 'n', header: heads.n, cell: ({ n }) => count(n) },
    { id: 'a', header: heads.a, cell: ({ a, n }) => percent(a / n, 0) },
    { id: 'b', header: heads.b, cell: ({ b, n }) => percent(b / n, 0) },
    { id: 'lost', header: heads.lost, cell: ({ lost }) => count(lost) },
    { id: 'gained', header: heads.gained, cell: ({ gained }) => count(gained) },
    {
      id: 'net',
      header: heads.net,
      cell: ({ lost, gained }) => (gained > lost ? '+' : gained < lost ? '−' : '') + count(Math.abs(gained - lost)),
    },
    { id: 'p', header: heads.p, cell: ({ p }) => pWords(p) },
    { id: 'adjusted', header: heads.adjusted, cell: ({ adjusted }) => pWords(adjusted) },
  ];
}
