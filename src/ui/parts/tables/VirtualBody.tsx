import { useVirtualizer } from '@tanstack/react-virtual';
import { DataRow, type RowProps, rolesOf } from './DataRow.tsx';

interface Props<Row> {
  rows: readonly Row[];
  keyOf: (row: Row, at: number) => string;
  rowProps: (row: Row, at: number) => RowProps<Row>;
  rowHeight: number;
  /** What scrolls. */
  scroll: HTMLElement;
}

/** The rows of a long table that are in sight. A module of its own: short tables do without its library. */
export function VirtualBody<Row>({ rows, keyOf, rowProps, rowHeight, scroll }: Props<Row>) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (at) => keyOf(rows[at], at),
  });
  return (
    <tbody role={rolesOf(true)('rowgroup')} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ key, index, start }) => (
        <DataRow key={key} {...rowProps(rows[index], index)} top={start} height={rowHeight} />
      ))}
    </tbody>
  );
}
