import type { CSSProperties, ReactNode } from 'react';
import type { CsvCell } from '../../../app/projection/csv.ts';

/** A column of a table, and of the file that holds the same numbers. */
export interface Column<Row> {
  id: string;
  /** Null over a column that needs no name; a table without any has no head. */
  header: ReactNode;
  /** What stands in a row's cell; nothing that is a component for every cell where there are hundreds. */
  cell: (row: Row, at: number) => ReactNode;
  align?: 'left' | 'right';
  /** The cells name their rows. */
  isRowHeader?: boolean;
  /** A CSS grid track such as `2fr` or `120px`: for tables of virtual rows. */
  width?: string;
  /** What the cell says when it is pointed at. */
  title?: (row: Row) => string | undefined;
  className?: string;
  style?: (row: Row) => CSSProperties | undefined;
  /** What rows are sorted by, where {@link sortedRows} does it. */
  sortBy?: (row: Row) => number | string;
  /** Sorts from the highest on when it is first chosen. */
  startsDescending?: boolean;
  /** Can be sorted by, where the rows come sorted. */
  isSortable?: boolean;
  /** The column's fields in a CSV file, by their names; columns without any are not in it. */
  csv?: (row: Row) => Readonly<Record<string, CsvCell>>;
}

type Spec<Row> = Omit<Column<Row>, 'id' | 'header'> & Partial<Pick<Column<Row>, 'header'>>;

/**
 * Columns by their ids.
 *
 * @param heads what stands above them
 * @param specs the columns in their order; a function alone is what stands in their cells
 */
export const columnsOf = <Row, Id extends string>(
  heads: Readonly<Record<Id, ReactNode>>,
  specs: { readonly [Each in NoInfer<Id>]?: Spec<Row> | Column<Row>['cell'] },
): Column<Row>[] =>
  Object.entries<Spec<Row> | Column<Row>['cell'] | undefined>(specs).flatMap(([id, spec]) =>
    spec ? [{ id, header: heads[id as Id], ...(typeof spec === 'function' ? { cell: spec } : spec) }] : [],
  );

export interface Sort<Id extends string = string> {
  by: Id;
  direction: 'ascending' | 'descending';
}

/** The rows as a CSV file has them: all fields of the columns, in their order. */
export const csvOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Record<string, CsvCell>[] =>
  rows.map((row) => Object.assign({}, ...columns.map(({ csv }) => csv?.(row))));

/** The rows in the order of a column; equal ones keep theirs in rising order. */
export function sortedRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[], sort: Sort): readonly Row[] {
  const value = columns.find(({ id }) => id === sort.by)?.sortBy;
  if (!value) return rows;
  const rising = rows.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x < y ? -1 : +(x > y);
  });
  return sort.direction === 'ascending' ? rising : rising.reverse();
}

/** The order that a click on a column's head leads to. */
export function nextSort<Row>(columns: readonly Column<Row>[], sort: Sort, by: string): Sort {
  const isDescending =
    sort.by === by ? sort.direction === 'ascending' : (columns.find(({ id }) => id === by)?.startsDescending ?? false);
  return { by, direction: isDescending ? 'descending' : 'ascending' };
}
