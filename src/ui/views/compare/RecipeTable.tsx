import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { look } from '../../../app/views/compare/compare.ts';
import { recipeOf, type Side, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { ComparedRow } from '../../../app/views/compare/compared.ts';
import { bytes, count, percent, range } from '../../parts/format.ts';
import type { Column } from '../../parts/tables/columns.ts';
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
        wrapsHeads
      />
      <Text size="xs" c="dimmed" mt={4}>
        {texts.sizeNote} {isSeveral && texts.severalNote(count(choice.recipes.length - 1))}
      </Text>
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

const accuracy = (intervalClass: string): Column<Row> => ({
  id: 'accuracy',
  header: texts.accuracy,
  cell: ({ compared, n }) =>
    compared ? (
      <>
        <b>{percent(compared.share.share)}</b>{' '}
        <span className={intervalClass}>{texts.interval(range(compared.share), count(n))}</span>
      </>
    ) : (
      unknown
    ),
});

const size: Column<Row> = {
  id: 'size',
  header: texts.size,
  title: () => texts.sizeNote,
  cell: (row) => (row.bytes === null ? unknown : bytes(row.bytes)),
};

const pairColumns: readonly Column<Row>[] = [
  { id: 'recipe', header: texts.recipeColumn, isRowHeader: true, cell: Name },
  accuracy(classes.interval),
  size,
];

/** A number against the first recipe, which has none. */
const against = (id: keyof typeof texts.against, words: (value: number) => string): Column<Row> => ({
  id,
  header: texts.against[id],
  cell: ({ at, compared }) => (at === 0 ? '' : compared?.against ? words(compared.against[id]) : unknown),
});

const severalColumns: readonly Column<Row>[] = [
  {
    id: 'recipe',
    header: texts.recipeColumn,
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
  accuracy(classes.below),
  size,
  against('lost', count),
  against('gained', count),
  against('p', pWords),
  against('adjusted', pWords),
];
