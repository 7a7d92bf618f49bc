import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { table as texts } from '../../texts/parts.ts';
import type { Column, Sort } from './columns.ts';
import { DataRow, rolesOf } from './DataRow.tsx';
import classes from './table.module.css';
import type { VirtualBody } from './VirtualBody.tsx';

interface Props<Row> {
  /** What the table shows. */
  label: string;
  /** Whether the label stands above the table, too. */
  hasCaption?: boolean;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row, at: number) => string;
  /** Marks rows. */
  isChosen?: (row: Row) => boolean;
  /** Makes a button of each row's header. */
  onChoose?: (row: Row, isChosen: boolean) => void;
  sort?: Sort;
  onSort?: (column: string) => void;
  /** Most height in CSS pixels: more rows scroll below the head. */
  height?: number;
  /** For long tables: draws only the rows in sight, and columns have the widths that they name. */
  long?: {
    /** Of every row, in CSS pixels. */
    rowHeight: number;
    /** `VirtualBody`, handed in so that short tables do without its library. */
    Body: typeof VirtualBody;
  };
  /** Narrower places than this, in CSS pixels, scroll sideways. */
  minWidth?: number;
  /** So wide that it scrolls sideways on a phone: the keyboard can reach it. */
  isWide?: boolean;
  className?: string;
  /** What stands in the place of a table without rows. */
  empty?: ReactNode;
}

/**
 * A table, short or of any length. Rows that are not in sight may be left out; a screen reader is told how many there are.
 * Give it the same `columns` and rows while nothing changes: a row is only drawn again where it is another one.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { label, hasCaption = false, rows, columns, keyOf, isChosen, onChoose, sort, onSort } = props;
  const { height, long, minWidth, isWide = height !== undefined, className, empty } = props;
  // State, not a ref: the rows of a long table begin when what scrolls is there.
  const [scroll, setScroll] = useState<HTMLDivElement | null>(null);
  const isVirtual = long !== undefined;
  if (rows.length === 0 && empty !== undefined) return empty;
  const grid = isVirtual ? columns.map(({ width }) => width ?? '1fr').join(' ') : undefined;
  const role = rolesOf(isVirtual);
  const rowProps = (row: Row, at: number) => ({
    row,
    at,
    columns,
    isChosen: isChosen?.(row) ?? false,
    onChoose,
    grid,
  });
  return (
    <div
      ref={setScroll}
      className={isVirtual ? `${classes.scroll} ${classes.framed}` : classes.scroll}
      style={{ maxHeight: height }}
    >
      <table
        className={[classes.table, isVirtual && classes.virtual, className].filter(Boolean).join(' ')}
        style={{ minWidth }}
        // What scrolls must be reachable with the keyboard.
        tabIndex={isWide ? 0 : undefined}
        role={role('table')}
        aria-label={hasCaption ? undefined : label}
        aria-rowcount={isVirtual ? rows.length + 1 : undefined}
      >
        {hasCaption && <caption>{label}</caption>}
        {columns.some(({ header }) => header !== null) && (
          <thead role={role('rowgroup')}>
            <tr role={role('row')} aria-rowindex={isVirtual ? 1 : undefined} style={{ gridTemplateColumns: grid }}>
              {columns.map((column) => (
                <Head key={column.id} column={column} sort={sort} onSort={onSort} isVirtual={isVirtual} />
              ))}
            </tr>
          </thead>
        )}
        {long ? (
          scroll && (
            <long.Body rows={rows} keyOf={keyOf} rowProps={rowProps} rowHeight={long.rowHeight} scroll={scroll} />
          )
        ) : (
          <tbody>
            {rows.map((row, at) => (
              <DataRow key={keyOf(row, at)} {...rowProps(row, at)} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sort?: Sort;
  onSort?: (column: string) => void;
  isVirtual: boolean;
}

function Head<Row>({ column: { id, header, align, sortBy, isSortable }, sort, onSort, isVirtual }: HeadProps<Row>) {
  const className = align === 'right' ? classes.right : undefined;
  const role = rolesOf(isVirtual);
  if (header === null) return <td role={role('cell')} className={className} />;
  const canSort = onSort && (sortBy !== undefined || isSortable);
  const direction = sort?.by === id ? sort.direction : 'none';
  return (
    <th scope="col" role={role('columnheader')} aria-sort={canSort ? direction : undefined} className={className}>
      {canSort ? (
        <button
          type="button"
          className={classes.sort}
          title={typeof header === 'string' ? texts.sortBy(header) : undefined}
          onClick={() => onSort(id)}
        >
          {header}
          {direction === 'ascending' && <IconArrowUp size={14} aria-hidden />}
          {direction === 'descending' && <IconArrowDown size={14} aria-hidden />}
        </button>
      ) : (
        header
      )}
    </th>
  );
}
