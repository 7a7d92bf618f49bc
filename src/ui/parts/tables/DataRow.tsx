import { type CSSProperties, memo, type ReactNode } from 'react';
import type { Column } from './columns.ts';
import { RowButton } from './RowButton.tsx';
import classes from './table.module.css';

/** A table whose rows are laid out by themselves loses its roles in some browsers: it names them. */
export const rolesOf = (isVirtual: boolean) => (role: string) => (isVirtual ? role : undefined);

export interface RowProps<Row> {
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

/** One row of a data table. */
export const DataRow = memo(function DataRow<Row>({
  row,
  at,
  columns,
  isChosen,
  onChoose,
  grid,
  top,
  height,
}: RowProps<Row>) {
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
