import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import classes from './table.module.css';

export interface Column<Row> {
  id: string;
  header: ReactNode;
  /** Numbers stand to the right. */
  isText?: boolean;
  /** Of the width that is left, in CSS grid units such as `2fr` or `120px`. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** Set where the rows can be sorted by it; the header then holds the button. */
  sort?: 'ascending' | 'descending' | 'none';
}

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  /** Height of one row and of the window on them, in CSS pixels. */
  rowHeight?: number;
  height?: number;
  /** Narrower windows than this, in CSS pixels, scroll sideways. */
  minWidth?: number;
  /** What stands there where there is no row. */
  empty?: ReactNode;
}

/**
 * A table of any length: only the rows in sight are drawn, and a screen reader is told how many there are. Whoever
 * scrolls with the keyboard reaches it as one stop.
 */
export function VirtualTable<Row>({
  label,
  rows,
  columns,
  keyOf,
  rowHeight = 36,
  height = 420,
  minWidth,
  empty,
}: Props<Row>) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => keyOf(rows[index]),
  });
  const grid = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  const cellClass = (isText?: boolean) => (isText ? `${classes.cell} ${classes.cellText}` : classes.cell);
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    // biome-ignore-start lint/a11y: a native table cannot leave rows out; these roles say the same of the rows that are drawn
    <div
      ref={scroll}
      className={classes.virtual}
      style={{ maxHeight: height }}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" className={classes.virtualHead} style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className={classes.virtualRow} style={grid}>
          {columns.map(({ id, header, isText, sort }) => (
            <div key={id} role="columnheader" aria-sort={sort} className={cellClass(isText)}>
              {header}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative', minWidth }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className={classes.virtualRow}
            style={{
              ...grid,
              position: 'absolute',
              top: 0,
              left: 0,
              right: 0,
              height: rowHeight,
              transform: `translateY(${item.start}px)`,
            }}
          >
            {columns.map(({ id, isText, cell }) => (
              <div key={id} role="cell" className={cellClass(isText)}>
                {cell(rows[item.index])}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
    // biome-ignore-end lint/a11y: see above
  );
}
