import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, type ReactNode, useRef } from 'react';
import { table as texts } from '../../texts/parts.ts';
import type { Column, Sort } from './columns.ts';
import { RowButton } from './RowButton.tsx';
import classes from './table.module.css';

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
  /** The height of a row in CSS pixels. With it, only rows in sight are drawn, and columns have the widths they name. */
  rowHeight?: number;
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
  const { height, rowHeight, minWidth, isWide = height !== undefined, className, empty } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const isVirtual = rowHeight !== undefined;
  // Here, not in a component for the rows: that one would look for the scrolling element before it is there.
  const virtual = useVirtualizer({
    enabled: isVirtual,
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight ?? 0,
    overscan: 8,
    getItemKey: (at) => keyOf(rows[at], at),
  });
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
      ref={scroll}
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
        {isVirtual ? (
          <tbody role={role('rowgroup')} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ key, index, start }) => (
              <DataRow key={key} {...rowProps(rows[index], index)} top={start} height={rowHeight} />
            ))}
          </tbody>
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

/** A table whose rows are laid out by themselves loses its roles in some browsers: it names them. */
const rolesOf = (isVirtual: boolean) => (role: string) => (isVirtual ? role : undefined);

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

interface RowProps<Row> {
  row: Row;
  at: number;
  columns: readonly Column<Row>[];
  isChosen: boolean;
  onChoose?: (row: Row, isChosen: boolean) => void;
  /** Set for virtual rows: the widths of the columns, and how far down and how high the row is, in CSS pixels. */
  grid?: string;
  top?: number;
  height?: number;
}

const DataRow = memo(function DataRow<Row>({ row, at, columns, isChosen, onChoose, grid, top, height }: RowProps<Row>) {
  const isVirtual = grid !== undefined;
  const role = rolesOf(isVirtual);
  const style: CSSProperties | undefined = isVirtual
    ? { gridTemplateColumns: grid, height, transform: `translateY(${top}px)` }
    : undefined;
  return (
    <tr
      role={role('row')}
      aria-rowindex={isVirtual ? at + 2 : undefined}
      className={isChosen ? classes.chosen : undefined}
      style={style}
    >
      {columns.map(({ id, cell, align, isRowHeader, title, className, style: styleOf }) => {
        const shared = {
          className: align === 'right' ? `${classes.right} ${className ?? ''}` : className,
          title: title?.(row),
          style: styleOf?.(row),
        };
        if (!isRowHeader)
          return (
            <td key={id} role={role('cell')} {...shared}>
              {cell(row, at)}
            </td>
          );
        return (
          <th key={id} scope="row" role={role('rowheader')} {...shared}>
            {onChoose ? (
              <RowButton isChosen={isChosen} onClick={() => onChoose(row, isChosen)}>
                {cell(row, at)}
              </RowButton>
            ) : (
              cell(row, at)
            )}
          </th>
        );
      })}
    </tr>
  );
}) as <Row>(props: RowProps<Row>) => ReactNode;
