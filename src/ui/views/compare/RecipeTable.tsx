import { useMemo } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { look } from '../../../app/views/compare/compare.ts';
import { recipeOf, type Side, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { ComparedRow } from '../../../app/views/compare/compared.ts';
import { bytes, count, percent, range } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { type Column, columnsOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { RowButton } from '../../parts/tables/RowButton.tsx';
import tables from '../../parts/tables/table.module.css';
import { compare as texts } from '../../texts/compare.ts';
import classes from './compare.module.css';
import { useOverview } from './useCompared.ts';
import { pWords } from './words.ts';

/** Each recipe with its accuracy and size; of more than two, against the first one, and one is chosen to be looked at. */
export function RecipeTable() {
  const choice = useCompare((state) => state.choice);
  const results = useCompare((state) => state.results);
  const overview = useOverview();
  const isSeveral = choice.recipes.length > 2;
  const rows = useMemo(
    () =>
      choice.recipes.map(
        (steps, at): Row => ({
          at,
          side: sides[at],
          recipe: describeRecipe(recipeOf(steps)),
          bytes: results[at]?.bytes ?? null,
          compared: overview?.rows[at] ?? null,
          n: overview?.n ?? 0,
          isChosen: isSeveral && at === choice.against,
        }),
      ),
    [choice, results, overview, isSeveral],
  );
  return (
    <div>
      <DataTable
        label={texts.recipes}
        rows={rows}
        columns={isSeveral ? severalColumns : pairColumns}
        keyOf={({ side }) => side}
        isChosen={({ isChosen }) => isChosen}
        isWide
      />
      <Hint mt={4}>
        {texts.sizeNote} {isSeveral && texts.severalNote(count(choice.recipes.length - 1))}
      </Hint>
    </div>
  );
}

interface Row {
  at: number;
  side: Side;
  /** In words. */
  recipe: string;
  /** Null before there is a result. */
  bytes: number | null;
  compared: ComparedRow | null;
  /** How many facts all of them were asked. */
  n: number;
  isChosen: boolean;
}

const unknown = '…';

const Name = ({ side, recipe }: Row) => (
  <>
    <b>{texts.side(side)}</b> {recipe}
  </>
);

const accuracy = ({ compared, n }: Row, intervalClass: string) =>
  compared ? (
    <>
      <b>{percent(compared.share.share)}</b>{' '}
      <span className={intervalClass}>{texts.interval(range(compared.share), count(n))}</span>
    </>
  ) : (
    unknown
  );

const size = {
  title: () => texts.sizeNote,
  cell: (row: Row) => (row.bytes === null ? unknown : bytes(row.bytes)),
};

const heads = { recipe: texts.recipeColumn, accuracy: texts.accuracy, size: texts.size, ...texts.against };

const pairColumns: readonly Column<Row>[] = columnsOf(heads, {
  recipe: { isRowHeader: true, cell: Name },
  accuracy: (row) => accuracy(row, classes.interval),
  size,
});

/** A number against the first recipe, which has none. */
const against =
  (id: keyof typeof texts.against, words: (value: number) => string) =>
  ({ at, compared }: Row) =>
    at === 0 ? '' : compared?.against ? words(compared.against[id]) : unknown;

const severalColumns: readonly Column<Row>[] = columnsOf(heads, {
  recipe: {
    isRowHeader: true,
    className: classes.recipe,
    cell: (row) =>
      row.at === 0 ? (
        <>
          <Name {...row} />
          <div className={tables.note}>{texts.first}</div>
        </>
      ) : (
        <RowButton
          isChosen={row.isChosen}
          title={texts.chooseRow(texts.side(row.side))}
          onClick={() => look({ against: row.at })}
        >
          <Name {...row} />
        </RowButton>
      ),
  },
  accuracy: (row) => accuracy(row, classes.below),
  size,
  lost: against('lost', count),
  gained: against('gained', count),
  p: against('p', pWords),
  adjusted: against('adjusted', pWords),
});
