import { Anchor, Checkbox, Text } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { modelOf } from '../../../app/shipped.ts';
import { selectAll, sortBy, toggle } from '../../../app/views/library/library.ts';
import type { SortKey } from '../../../app/views/library/library-choice.ts';
import { useLibrary } from '../../../app/views/library/library-store.ts';
import { exploreLink, type LibraryRow } from '../../../app/views/library/rows.ts';
import { bytes, count, duration, percent, range } from '../../parts/format.ts';
import type { Column } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { VirtualBody } from '../../parts/tables/VirtualBody.tsx';
import { library as texts } from '../../texts/library.ts';
import classes from './library.module.css';

interface Props {
  rows: readonly LibraryRow[];
  /** What stands there where there is no row. */
  empty: string;
}

/** The list itself: of any length, sorted by its heads. */
export function ResultTable({ rows, empty }: Props) {
  const selected = useLibrary((state) => state.selected);
  const by = useLibrary((state) => state.choice.sort);
  const direction = useLibrary((state) => state.choice.direction);
  const sort = { by, direction };
  const columns = useMemo((): Column<LibraryRow>[] => {
    const of = rows.filter(({ entry }) => selected.has(entry.key)).length;
    return [
      {
        id: 'select',
        width: '28px',
        header: (
          <Checkbox
            size="xs"
            aria-label={texts.selectAll}
            checked={of > 0 && of === rows.length}
            indeterminate={of > 0 && of < rows.length}
            onChange={(event) => selectAll(event.currentTarget.checked)}
          />
        ),
        cell: ({ entry, recipe }) => (
          <Checkbox
            size="xs"
            aria-label={texts.select(recipe)}
            checked={selected.has(entry.key)}
            onChange={() => toggle(entry.key)}
          />
        ),
      },
      ...sortableColumns,
      {
        id: 'tags',
        width: 'minmax(90px, 1fr)',
        header: texts.headTags,
        cell: tagWords,
        title: tagWords,
      },
    ];
  }, [rows, selected]);
  return (
    <DataTable
      label={texts.title(count(rows.length), count(rows.length))}
      rows={rows}
      columns={columns}
      keyOf={({ entry }) => entry.key}
      sort={sort}
      onSort={(by) => sortBy(by as SortKey)}
      height={520}
      long={{ rowHeight: 50, Body: VirtualBody }}
      minWidth={1420}
      empty={
        <Text size="sm" mih={120}>
          {empty}
        </Text>
      }
    />
  );
}

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

const tagWords = ({ tags }: LibraryRow) => tags.join(', ');

const sortable = (id: SortKey, width: string, rest: Pick<Column<LibraryRow>, 'cell' | 'title' | 'align'>) => ({
  id,
  width,
  header: texts.heads[id],
  isSortable: true,
  ...rest,
});

const number = (cell: (row: LibraryRow) => ReactNode) => ({ cell, align: 'right' as const });

const sortableColumns: readonly Column<LibraryRow>[] = [
  sortable('recipe', 'minmax(350px, 3fr)', { cell: (row) => <Recipe row={row} /> }),
  sortable('model', 'minmax(90px, 1fr)', {
    cell: ({ entry: { model } }) => <span className={classes.recipe}>{modelOf(model.name)?.title ?? model.name}</span>,
  }),
  sortable('questions', 'minmax(110px, 1.2fr)', {
    cell: ({ questions }) => <span className={classes.recipe}>{questions}</span>,
    title: ({ questions }) => questions,
  }),
  sortable(
    'asked',
    '116px',
    number(({ entry }) => texts.n(count(entry.asked), count(entry.of))),
  ),
  sortable(
    'share',
    '190px',
    number(({ share, interval }) => `${percent(share)} (${range(interval)})`),
  ),
  sortable(
    'size',
    '78px',
    number(({ entry }) => bytes(entry.report.total.bytes.smallest)),
  ),
  sortable(
    'when',
    '158px',
    number(({ entry }) => when.format(entry.savedAt)),
  ),
  sortable('took', '76px', {
    ...number(({ entry }) => duration(entry.seconds)),
    title: ({ entry }) => entry.backend,
  }),
];

function Recipe({ row: { entry, recipe } }: { row: LibraryRow }) {
  const link = exploreLink(entry);
  return link === null ? (
    <span className={classes.recipe} title={`${texts.gone} ${recipe}`}>
      {recipe}
    </span>
  ) : (
    <Anchor size="sm" className={classes.recipe} href={link} title={texts.open(recipe)}>
      {recipe}
    </Anchor>
  );
}
