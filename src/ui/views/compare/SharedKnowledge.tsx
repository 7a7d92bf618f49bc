import { Text } from '@mantine/core';
import type { CSSProperties } from 'react';
import { sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { Overview } from '../../../app/views/compare/compared.ts';
import { type Bar, Bars } from '../../parts/charts/Bars.tsx';
import { count, percent } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import type { Column } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { compare as texts } from '../../texts/compare.ts';
import classes from './compare.module.css';
import { RecipesFigure } from './RecipesFigure.tsx';
import { useOverview } from './useCompared.ts';

const rowHeight = 30;

type Whole = Overview & { knownBy: number[]; together: number[][] };

/** Whether recipes that know as much know the same: how many of them know each fact, and what each pair shares. */
export function SharedKnowledge() {
  const overview = useOverview();
  const recipes = useCompare((state) => state.choice.recipes.length);
  const height = rowHeight * (recipes + 1);
  const letters = sides.slice(0, recipes).map(texts.side);
  const whole = overview?.knownBy && overview.together ? (overview as Whole) : null;
  const rows = () => {
    if (!whole) return [];
    const pairs = letters.flatMap((one, row) =>
      letters.slice(row).map((other, at) => [texts.pairOf(one, other), whole.together[row][row + at]] as const),
    );
    return [...whole.knownBy.map((facts, k) => [texts.knownBy(k, recipes), facts] as const).reverse(), ...pairs].map(
      ([what, facts]) => ({ what, facts, of: whole.n }),
    );
  };
  return (
    <Panel title={texts.together}>
      <RecipesFigure title={texts.together} places={letters.map((_, at) => at)} n={overview?.n ?? 0} rows={rows}>
        <Text size="sm" mb="xs" mih="3em" className="lossy-numbers">
          {whole ? lead(whole) : texts.togetherComing}
        </Text>
        <div style={{ minHeight: height }}>
          {whole && <Bars bars={barsOf(whole)} height={height} label={altOf(whole)} />}
        </div>
      </RecipesFigure>
      <Pairs letters={letters} whole={whole} />
    </Panel>
  );
}

function barsOf({ knownBy, n }: Whole): Bar[] {
  const all = knownBy.length - 1;
  const bars = knownBy.map((facts, k) => ({
    label: texts.knownBy(k, all),
    share: facts / n,
    value: `${count(facts)} (${percent(facts / n, 0)})`,
    colour: k === all ? 'var(--lossy-known)' : k === 0 ? 'var(--lossy-never)' : 'var(--lossy-learned)',
  }));
  return bars.reverse();
}

const altOf = ({ knownBy, n }: Whole) =>
  texts.knownByAlt(
    knownBy.map((facts, k) => `${count(facts)} ${texts.knownBy(k, knownBy.length - 1)}`).reverse(),
    count(n),
  );

function lead({ knownBy, n }: Whole): string {
  const [none, all] = [knownBy[0], knownBy.at(-1)!];
  return texts.togetherLead(count(all), count(n - all - none), count(none), count(n));
}

/** Every pair as a table: numbers, and how much as a shade behind them. */
function Pairs({ letters, whole }: { letters: readonly string[]; whole: Whole | null }) {
  const columns: Column<string>[] = [
    { id: 'letter', header: null, isRowHeader: true, cell: (letter) => letter },
    ...letters.map((other, column): Column<string> => {
      const factsOf = (letter: string) => whole?.together[letters.indexOf(letter)]?.[column];
      return {
        id: other,
        header: other,
        className: classes.shaded,
        style: (letter) => {
          const facts = factsOf(letter);
          return whole && facts !== undefined
            ? ({ '--share': `${Math.round((facts / whole.n) * 30)}%` } as CSSProperties)
            : undefined;
        },
        cell: (letter) => {
          const facts = factsOf(letter);
          if (!whole || facts === undefined) return '…';
          const share = percent(facts / whole.n);
          return (
            <>
              {letter === other ? share : <b>{share}</b>} <span>({count(facts)})</span>
            </>
          );
        },
      };
    }),
  ];
  return (
    <>
      <DataTable
        label={texts.pairs}
        hasCaption
        rows={letters}
        columns={columns}
        keyOf={(letter) => letter}
        isWide
        className={classes.pairs}
      />
      <Hint mt="xs" mih="1.5em">
        {whole && texts.pairsNote(count(whole.n))}
      </Hint>
    </>
  );
}
