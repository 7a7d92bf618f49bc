import { Anchor, Checkbox, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { modelOf } from '../../../app/shipped.ts';
import { selectAll, sortBy, toggle } from '../../../app/views/library/library.ts';
import type { SortKey } from '../../../app/views/library/library-choice.ts';
import { useLibrary } from '../../../app/views/library/library-store.ts';
import { exploreLink, type LibraryRow } from '../../../app/views/library/rows.ts';
import { bytes, count, duration, percent, range } from '../../parts/format.ts';
import { type Column, VirtualTable } from '../../parts/VirtualTable.tsx';
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
  const sort = useLibrary((state) => state.choice.sort);
  const direction = useLibrary((state) => state.choice.direction);
  const columns = useMemo((): Column<LibraryRow>[] => {
    const of = rows.filter(({ entry }) => selected.has(entry.key)).length;
    const sortable = (id: SortKey, width: string, cell: (row: LibraryRow) => ReactNode, isText = false) => ({
      id,
      width,
      isText,
      cell,
      sort: sort === id ? direction : ('none' as const),
      header: (
        <button type="button" className={classes.sort} onClick={() => sortBy(id)} title={texts.sortBy(texts.heads[id])}>
          {texts.heads[id]}
          {sort === id && (direction === 'ascending' ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />)}
        </button>
      ),
    });
    return [
      {
        id: 'select',
        width: '28px',
        isText: true,
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
      sortable('recipe', 'minmax(350px, 3fr)', (row) => <Recipe row={row} />, true),
      sortable(
        'model',
        'minmax(90px, 1fr)',
        ({ entry }) => <span className={classes.recipe}>{modelOf(entry.model.name)?.title ?? entry.model.name}</span>,
        true,
      ),
      sortable(
        'questions',
        'minmax(110px, 1.2fr)',
        ({ questions }) => (
          <span className={classes.recipe} title={questions}>
            {questions}
          </span>
        ),
        true,
      ),
      sortable('asked', '116px', ({ entry }) => texts.n(count(entry.asked), count(entry.of))),
      sortable('share', '190px', ({ share, interval }) => `${percent(share)} (${range(interval)})`),
      sortable('size', '78px', ({ entry }) => bytes(entry.report.total.bytes.smallest)),
      sortable('when', '158px', ({ entry }) => whenWords(entry.savedAt)),
      sortable('took', '76px', ({ entry }) => <span title={entry.backend}>{duration(entry.seconds)}</span>),
      {
        id: 'tags',
        width: 'minmax(90px, 1fr)',
        isText: true,
        header: texts.headTags,
        cell: ({ tags }) => <span title={tags.join(', ')}>{tags.join(', ')}</span>,
      },
    ];
  }, [rows, selected, sort, direction]);
  return (
    <VirtualTable
      label={texts.title(count(rows.length), count(rows.length))}
      rows={rows}
      columns={columns}
      keyOf={({ entry }) => entry.key}
      height={520}
      rowHeight={50}
      minWidth={1420}
      empty={
        <Text size="sm" mih={120}>
          {empty}
        </Text>
      }
    />
  );
}

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

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
const whenWords = (time: number) => when.format(time);
