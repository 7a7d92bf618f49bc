import { Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { CSSProperties } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { commandOf } from '../../../app/recipe/command.ts';
import { recipeOf, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { Overview } from '../../../app/views/compare/compared.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { count, percent } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { subjectWords } from '../../parts/subject.ts';
import type { Column } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { compare as texts } from '../../texts/compare.ts';
import classes from './compare.module.css';
import { keysOf, useOverview } from './useCompared.ts';

const rowHeight = 30;
/** Room for words before the bars, and for numbers behind them. */
const before = 128;
const behind = 96;

type Whole = Overview & { knownBy: number[]; together: number[][] };

/** Whether recipes that know as much know the same: how many of them know each fact, and what each pair shares. */
export function SharedKnowledge() {
  const overview = useOverview();
  const choice = useCompare((state) => state.choice);
  const { ref, width } = useElementSize();
  const recipes = choice.recipes.length;
  const height = rowHeight * (recipes + 1);
  const letters = sides.slice(0, recipes).map(texts.side);
  const whole = overview?.knownBy && overview.together ? (overview as Whole) : null;
  const cited = () => ({
    title: texts.together,
    subject: `${subjectWords(choice)}; ${choice.recipes.map((steps, at) => `${letters[at]}: ${describeRecipe(recipeOf(steps))}`).join('; ')}`,
    n: `n = ${count(overview?.n ?? 0)}`,
    keys: keysOf(choice),
  });
  const rows = () => {
    if (!whole) return [];
    const pairs = letters.flatMap((one, row) =>
      letters.slice(row).map((other, at) => [texts.pairOf(one, other), whole.together[row][row + at]] as const),
    );
    return [...whole.knownBy.map((facts, k) => [texts.knownBy(k, recipes), facts] as const).reverse(), ...pairs].map(
      ([what, facts]) => ({ what, facts, of: whole.n }),
    );
  };
  const commands = () =>
    choice.recipes.map((steps) => commandOf(choice, recipeOf(steps), choice.amount === 0 ? undefined : choice.amount));
  return (
    <Panel title={texts.together}>
      <Figure cited={cited} rows={rows} commands={commands}>
        <Text size="sm" mb="xs" mih="3em" className="lossy-numbers">
          {whole ? lead(whole) : texts.togetherComing}
        </Text>
        <div ref={ref} style={{ height }}>
          {whole && width > 0 && <Bars knownBy={whole.knownBy} n={whole.n} width={width} height={height} />}
        </div>
      </Figure>
      <Pairs letters={letters} whole={whole} />
    </Panel>
  );
}

function lead({ knownBy, n }: Whole): string {
  const [none, all] = [knownBy[0], knownBy.at(-1)!];
  return texts.togetherLead(count(all), count(n - all - none), count(none), count(n));
}

/** One bar for each number of recipes that know a fact: all of them first, none last. */
function Bars({ knownBy, n, width, height }: { knownBy: number[]; n: number; width: number; height: number }) {
  const all = knownBy.length - 1;
  const bars = knownBy.map((facts, k) => ({ facts, k, words: texts.knownBy(k, all) })).reverse();
  const room = width - before - behind;
  const text = { fontSize: 13, fill: 'var(--mantine-color-text)' };
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={texts.knownByAlt(
        bars.map(({ facts, words }) => `${count(facts)} ${words}`),
        count(n),
      )}
    >
      {bars.map(({ facts, k, words }, row) => {
        const y = row * rowHeight;
        const length = (facts / n) * room;
        const fill = k === all ? 'var(--lossy-known)' : k === 0 ? 'var(--lossy-never)' : 'var(--lossy-learned)';
        return (
          <g key={k}>
            <text {...text} x={before - 8} y={y + rowHeight / 2 + 4} textAnchor="end">
              {words}
            </text>
            <rect x={before} y={y + 4} width={length} height={rowHeight - 8} fill={fill} />
            <text {...text} x={before + length + 6} y={y + rowHeight / 2 + 4}>
              {count(facts)} ({percent(facts / n, 0)})
            </text>
          </g>
        );
      })}
    </svg>
  );
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
      <Text size="xs" c="dimmed" mt="xs" mih="1.5em">
        {whole && texts.pairsNote(count(whole.n))}
      </Text>
    </>
  );
}
