import { type CSSProperties, useMemo } from 'react';
import { siteWords } from '../../../app/recipe/words.ts';
import type { LayerRow } from '../../../app/views/layers/rows.ts';
import { count, percent } from '../../parts/format.ts';
import { type Column, columnsOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { decibels, percentOrMore } from './cell-format.ts';
import classes from './layers.module.css';

/** Sizes and errors of every layer of a part; those of outputs where they were measured. */
export function LayerTable({ rows, isMeasured }: { rows: readonly LayerRow[]; isMeasured: boolean }) {
  const columns = useMemo(() => {
    const errors = rows.map(({ output }) => output?.relativeError ?? 0).filter(Number.isFinite);
    return columnsFor(isMeasured, Math.max(...errors) || 1);
  }, [rows, isMeasured]);
  return (
    <DataTable
      label={texts.layerByLayer(count(rows.length))}
      rows={rows}
      columns={columns}
      keyOf={({ name }) => name}
      height={420}
    />
  );
}

/** @param most the largest error: its bar is as long as the cell is wide */
const columnsFor = (isMeasured: boolean, most: number): Column<LayerRow>[] =>
  columnsOf(texts.layerHeads, {
    layer: {
      isRowHeader: true,
      className: classes.name,
      title: ({ name }) => name,
      cell: ({ site, name }) => (site ? siteWords(site) : name),
    },
    output: isMeasured
      ? {
          className: classes.bar,
          style: ({ output }) => ({ '--share': Math.min(1, (output?.relativeError ?? 0) / most) }) as CSSProperties,
          cell: ({ output }) => (output ? percentOrMore(output.relativeError) : '–'),
        }
      : undefined,
    variance: isMeasured ? ({ output }) => (output ? percentOrMore(output.varianceShare) : '–') : undefined,
    snr: ({ size }) => (size.snrDb === null ? texts.unchanged : decibels(size.snrDb)),
    mse: ({ size }) => (size.mse === 0 ? '0' : size.mse.toExponential(1)),
    zeros: ({ size }) => percent(size.sparsity),
    bits: ({ size }) => size.bitsPerWeight.toFixed(2),
  });
