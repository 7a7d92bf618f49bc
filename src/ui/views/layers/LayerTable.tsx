import { type CSSProperties, useMemo } from 'react';
import { siteWords } from '../../../app/recipe/words.ts';
import type { LayerRow } from '../../../app/views/layers/rows.ts';
import { count, percent } from '../../parts/format.ts';
import type { Column } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { decibels, percentOrMore } from './cell-format.ts';
import classes from './layers.module.css';

const heads = texts.layerHeads;

/** Sizes and errors of every layer of a part; those of outputs where they were measured. */
export function LayerTable({ rows, isMeasured }: { rows: readonly LayerRow[]; isMeasured: boolean }) {
  const columns = useMemo(() => {
    const errors = rows.map(({ output }) => output?.relativeError ?? 0).filter(Number.isFinite);
    return isMeasured
      ? [nameColumn, ...outputColumns(Math.max(...errors) || 1), ...weightColumns]
      : [nameColumn, ...weightColumns];
  }, [rows, isMeasured]);
  return (
    <DataTable
      label={texts.layerByLayer(count(rows.length))}
      rows={rows}
      columns={columns}
      keyOf={({ name }) => name}
      height={420}
      wrapsHeads
    />
  );
}

const nameColumn: Column<LayerRow> = {
  id: 'layer',
  header: heads.layer,
  isRowHeader: true,
  className: classes.name,
  title: ({ name }) => name,
  cell: ({ site, name }) => (site ? siteWords(site) : name),
};

/** @param most the largest error, as long as the cell is wide */
const outputColumns = (most: number): Column<LayerRow>[] => [
  {
    id: 'output',
    header: heads.output,
    className: classes.bar,
    style: ({ output }) => ({ '--share': Math.min(1, (output?.relativeError ?? 0) / most) }) as CSSProperties,
    cell: ({ output }) => (output ? percentOrMore(output.relativeError) : '–'),
  },
  {
    id: 'variance',
    header: heads.variance,
    cell: ({ output }) => (output ? percentOrMore(output.varianceShare) : '–'),
  },
];

const weightColumns: readonly Column<LayerRow>[] = [
  {
    id: 'snr',
    header: heads.snr,
    cell: ({ size }) => (size.snrDb === null ? texts.unchanged : decibels(size.snrDb)),
  },
  { id: 'mse', header: heads.mse, cell: ({ size }) => (size.mse === 0 ? '0' : size.mse.toExponential(1)) },
  { id: 'zeros', header: heads.zeros, cell: ({ size }) => percent(size.sparsity) },
  { id: 'bits', header: heads.bits, cell: ({ size }) => size.bitsPerWeight.toFixed(2) },
];
