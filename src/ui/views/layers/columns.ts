import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import type { CellState } from '../../../app/views/layers/layers-store.ts';
import { errorOf } from '../../../app/views/layers/rows.ts';
import { cellWords } from '../../../app/views/layers/words.ts';
import { count, percent, range } from '../../parts/format.ts';
import { type Column, columnsOf } from '../../parts/tables/columns.ts';
import { layers as texts } from '../../texts/layers.ts';
import { decibels, percentOrMore } from './cell-format.ts';
import classes from './layers.module.css';

const none = '–';

/** The parts of the model as columns, on the page and in files. */
export const cellColumns: readonly Column<CellState>[] = columnsOf(texts.tableHeads, {
  part: {
    isRowHeader: true,
    className: classes.name,
    cell: ({ scope }) => cellWords.labelOf(scope),
    csv: ({ scope, recipe }) => ({ part: scope, recipe: describeRecipe(recipe) }),
  },
  weights: { cell: ({ parameters }) => count(parameters), csv: ({ parameters }) => ({ weights: parameters }) },
  lost: {
    cell: ({ problem, loss }) => (problem !== null ? texts.impossible : loss ? percent(loss.share) : texts.notAsked),
    csv: ({ loss }) => ({ lost: loss?.lost ?? null, known: loss?.known ?? null, share: loss?.share ?? null }),
  },
  interval: {
    cell: ({ loss }) => (loss ? range(loss) : none),
    csv: ({ loss }) => ({ low: loss?.low ?? null, high: loss?.high ?? null }),
  },
  known: ({ loss }) => (loss ? count(loss.known) : none),
  gained: {
    cell: ({ loss }) => (loss ? count(loss.gained) : none),
    csv: ({ loss }) => ({ gained: loss?.gained ?? null, asked: loss?.asked ?? null }),
  },
  snr: {
    cell: ({ report }) => (typeof report?.touched?.snrDb === 'number' ? decibels(report.touched.snrDb) : none),
    csv: ({ report }) => ({ snr_db: report?.touched?.snrDb ?? null }),
  },
  output: {
    cell: (cell) => {
      const error = errorOf(cell, 'outputs');
      return error === null ? none : percentOrMore(error);
    },
    csv: (cell) => ({ output_error: errorOf(cell, 'outputs'), key: cell.key }),
  },
  zeros: ({ report }) => (report?.touched ? percent(report.touched.sparsity) : none),
});
