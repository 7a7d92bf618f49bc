import { Text } from '@mantine/core';
import { layoutWords } from '../../../../app/recipe/words.ts';
import type { Bytes } from '../../../../lab/compress/size.ts';
import { Disclosure } from '../../../parts/Disclosure.tsx';
import { bytes } from '../../../parts/format.ts';
import { Term } from '../../../parts/Term.tsx';
import { type Column, columnsOf } from '../../../parts/tables/columns.ts';
import { DataTable } from '../../../parts/tables/DataTable.tsx';
import tables from '../../../parts/tables/table.module.css';
import { sizes as texts } from '../../../texts/status.ts';

/** What the whole model takes in each layout that suits it. */
export function Sizes({ sizes }: { sizes: Bytes }) {
  const known: Readonly<Partial<Record<string, number | null>>> = { ...sizes };
  const rows = layoutWords.flatMap((words): Row[] => {
    const size = known[words.id] ?? null;
    return size === null ? [] : [{ ...words, size, share: size / sizes.dense }];
  });
  return (
    <Disclosure title={texts.title}>
      <DataTable label={texts.title} rows={rows} columns={columns} keyOf={({ id }) => id} />
    </Disclosure>
  );
}

interface Row {
  id: string;
  label: string;
  help: string;
  /** In bytes, and as a share of the dense layout. */
  size: number;
  share: number;
}

const { layout, model, share } = texts;

const columns: readonly Column<Row>[] = columnsOf(
  { layout, model, share },
  {
    layout: {
      isRowHeader: true,
      className: tables.text,
      cell: ({ id, label, help }) => (
        <>
          {id === 'entropy' ? <Term id="entropy">{label}</Term> : label}
          <Text size="xs" c="dimmed">
            {help}
          </Text>
        </>
      ),
    },
    model: ({ size }) => bytes(size),
    share: (row) => `${(row.share * 100).toFixed(0)} %`,
  },
);
