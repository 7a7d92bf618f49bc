import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import type { CellState } from '../../../app/views/layers/layers-store.ts';
import { errorOf } from '../../../app/views/layers/rows.ts';
import { cellWords } from '../../../app/views/layers/words.ts';
import { count, percent, range } from '../../parts/format.ts';
import type { Column } from '../../parts/tables/columns.ts';
import { layers as texts } from '../../texts/layers.ts';
import { decibels, percentOrMore } from './cell-format.ts';
import classes from './layers.module.css';

const heads = texts.tableHeads;
const none = '–';

/** The parts of the model as columns, on the page and in files. */
export const cellColumns: readonly Column<CellState>[] = [
  {
    id: 'part',
    header: heads.part,
    isRowHeader: true,
    className: classes.name,
    cell: ({ scope }) => cellWords.labelOf(scope),
    csv: ({ scope, recipe }) => ({ part: scope, recipe: describeRecipe(recipe) }),
  },
  {
    id: 'weights',
    header: heads.weights,
    cell: ({ parameters }) => count(parameters),
    csv: ({ parameters }) => ({ weights: parameters }),
  },
  {
    id: 'lost',
    header: heads.lost,
    cell: ({ problem, loss }) => (problem !== null ? texts.impossible : loss ? percent(loss.share) : texts.notAsked),
    csv: ({ loss }) => ({ lost: loss?.lost ?? null, known: loss?.known ?? null, share: loss?.share ?? null }),
  },
  {
    id: 'interval',
    header: heads.interval,
    cell: ({ loss }) => (loss ? range(loss) : none),
    csv: ({ loss }) => ({ low: loss?.low ?? null, high: loss?.high ?? null }),
  },
  { id: 'known', header: heads.known, cell: ({ loss }) => (loss ? count(loss.known) : none) },
  {
    id: 'gained',
    header: heads.gained,
    cell: ({ loss }) => (loss ? count(loss.gained) : none),
    csv: ({ loss }) => ({ gained: loss?.gained ?? null, asked: loss?.asked ?? null }),
  },
  {
    id: 'snr',
    header: heads.snr,
    cell: ({ report }) => (typeof report?.touched?.snrDb === 'number' ? decibels(report.touched.snrDb) : none),
    csv: ({ report }) => ({ snr_db: report?.touched?.snrDb ?? null }),
  },
  {
    id: 'output',
    header: heads.output,
    cell: (cell) => {
      const error = errorOf(cell, 'outputs');
      return error === null ? none : percentOrMore(error);
    },
    csv: (cell) => ({ output_error: errorOf(cell, 'outputs'), key: cell.key }),
  },
  {
    id: 'zeros',
    header: heads.zeros,
    cell: ({ report }) => (report?.touched ? percent(report.touched.sparsity) : none),
  },
];
