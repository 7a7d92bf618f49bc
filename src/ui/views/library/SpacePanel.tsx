import { Alert, Button, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { clearModels, makeSafe, toggle } from '../../../app/views/library/library.ts';
import { useLibrary } from '../../../app/views/library/library-store.ts';
import type { LibraryRow } from '../../../app/views/library/rows.ts';
import columns from '../../parts/columns.module.css';
import { bytes, count } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import type { Column } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import tables from '../../parts/tables/table.module.css';
import { library as texts } from '../../texts/library.ts';
import classes from './library.module.css';

/** From this share of what the browser gives on, space runs short. */
const nearlyFull = 0.9;
const shownLargest = 5;

/** How much of the browser's space is used, for what, and what can be done about it. */
export function SpacePanel() {
  const space = useLibrary((state) => state.space);
  const rows = useLibrary((state) => state.rows);
  const selected = useLibrary((state) => state.selected);
  const largestColumns = useMemo(() => [...largeColumns, selectColumn(selected)], [selected]);
  const stayed = useLibrary((state) => state.stayed);
  const [asked, setAsked] = useState(false);
  const { total, largest } = useMemo(() => {
    const all = rows ?? [];
    return {
      total: all.reduce((sum, { kept }) => sum + kept, 0),
      largest: [...all].sort((a, b) => b.kept - a.kept).slice(0, shownLargest),
    };
  }, [rows]);
  if (!space)
    return (
      <Panel title={texts.space}>
        <Skeleton height={260} />
      </Panel>
    );
  const { usage, quota, models, suites, isSafe } = space;
  const isShort = usage !== null && quota !== null && usage > nearlyFull * quota;
  const uses: Use[] = [
    { name: texts.results, size: bytes(total) },
    { name: texts.models, size: bytes(models) },
    { name: texts.suites, size: bytes(suites) },
    {
      name: texts.total,
      size: usage === null || quota === null ? texts.unknown : texts.quota(bytes(usage), bytes(quota)),
    },
  ];
  return (
    <Panel title={texts.space}>
      <div className={columns.twoWide}>
        <Stack gap="sm">
          {isShort && (
            <Alert color="yellow" role="status">
              {texts.full}
            </Alert>
          )}
          <DataTable label={texts.space} rows={uses} columns={useColumns} keyOf={({ name }) => name} />
          <Text size="sm">{isSafe === true ? texts.safe : texts.unsafe}</Text>
          <Group gap="xs">
            {isSafe !== true && (
              <Button
                size="xs"
                variant="light"
                onClick={() => {
                  setAsked(true);
                  void makeSafe();
                }}
              >
                {texts.makeSafe}
              </Button>
            )}
            <Button size="xs" variant="default" disabled={models === 0} onClick={() => void clearModels()}>
              {texts.clearModels}
            </Button>
          </Group>
          <Text size="xs" c="dimmed" role="status">
            {asked && isSafe === false ? texts.refused : texts.clearNote}
            {stayed > 0 && ` ${texts.stayed(count(stayed))}`}
          </Text>
        </Stack>
        {largest.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              {texts.largest}
            </Text>
            <DataTable label={texts.largest} rows={largest} columns={largestColumns} keyOf={({ entry }) => entry.key} />
          </div>
        )}
      </div>
    </Panel>
  );
}

interface Use {
  name: string;
  size: string;
}

const useColumns: readonly Column<Use>[] = [
  { id: 'name', header: null, isRowHeader: true, cell: ({ name }) => name },
  { id: 'size', header: null, className: classes.wraps, cell: ({ size }) => size },
];

const nameOf = ({ entry, recipe }: LibraryRow) => `${recipe}, ${entry.model.name}`;

const largeColumns: readonly Column<LibraryRow>[] = [
  { id: 'result', header: null, isRowHeader: true, className: tables.text, cell: nameOf },
  { id: 'size', header: null, cell: ({ kept }) => bytes(kept) },
];

const selectColumn = (selected: ReadonlySet<string>): Column<LibraryRow> => ({
  id: 'select',
  header: null,
  cell: (row) => (
    <Checkbox
      size="xs"
      aria-label={texts.select(nameOf(row))}
      checked={selected.has(row.entry.key)}
      onChange={() => toggle(row.entry.key)}
    />
  ),
});
