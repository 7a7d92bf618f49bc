import { Text } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { commandOf } from '../../../app/recipe/command.ts';
import { questionOf } from '../../../app/recipe/question.ts';
import type { CurvesChoice } from '../../../app/views/curves/curves-choice.ts';
import { type DrawnAxis, useCurves } from '../../../app/views/curves/curves-store.ts';
import { ChartCard } from '../../parts/charts/ChartCard.tsx';
import { LineChart } from '../../parts/charts/DeferredLineChart.ts';
import { topOf } from '../../parts/charts/scale.ts';
import type { ChartRow, Series } from '../../parts/charts/series.tsx';
import { Figure } from '../../parts/export/Figure.tsx';
import { count } from '../../parts/format.ts';
import { subjectWords } from '../../parts/subject.ts';
import { csvOf } from '../../parts/tables/columns.ts';
import { curves as texts } from '../../texts/curves.ts';
import { pointColumns } from './PointsTable.tsx';
import { chartRows, floorOf, numbersOf, placeWords, type Shown } from './points.ts';

interface Props {
  shown: readonly Shown[];
  /** The points of all panels: they share their axes. */
  all: readonly Shown[];
  /** The lines that are drawn. */
  series: readonly Series[];
  title: string;
  /** In CSS pixels. */
  height: number;
}

/** A chart of lines that can be saved and cited. */
export function CurvesFigure({ shown, all, series, title, height }: Props) {
  const { y, logX, logY, bands, range } = useCurves((state) => state.choice);
  const axis = useCurves((state) => state.axis);
  const isLevel = axis.kind === 'level';
  const rows = useMemo(() => chartRows(shown, isLevel), [shown, isLevel]);
  const yTitle = texts.vertical[y].axis;
  const horizontal = useMemo(
    () => ({
      title: axis.label ?? texts.horizontal[axis.kind].axis,
      isReversed: axis.isReversed,
      isLog: logX && !isLevel,
      ticks: isLevel ? axis.ticks : undefined,
      ends: endsOf(axis, range),
    }),
    [axis, range, logX, isLevel],
  );
  const vertical = useMemo(
    () => ({
      title: yTitle,
      most: topOf(
        all.map(({ point }) => point.figure),
        y === 'kept' ? 110 : 100,
      ),
      floor: logY ? floorOf(all) : undefined,
    }),
    [yTitle, all, y, logY],
  );
  const card = useCallback((row: ChartRow) => <Card x={row.x} shown={shown} axis={axis} />, [shown, axis]);
  const cited = () => {
    const asked = shown.map(({ point }) => point.figure.probes);
    return {
      title: `${title}: ${yTitle}`,
      subject: [...new Set(shown.map(({ line }) => subjectWords(questionOf(line.series))))].join('; '),
      n: texts.nWords(count(Math.min(...asked)), count(Math.max(...asked))),
      keys: [...new Set(shown.flatMap(({ point }) => (point.key === null ? [] : [point.key])))],
    };
  };
  const commands = () => [
    ...new Set(
      shown.map(({ line, point: { recipe, result } }) => {
        const { probes, of } = result!.summary;
        return commandOf(questionOf(line.series), recipe, probes < of ? probes : undefined);
      }),
    ),
  ];
  return (
    <Figure cited={cited} rows={() => csvOf(pointColumns, shown)} commands={commands} height={height}>
      <LineChart height={height} series={series} rows={rows} x={horizontal} y={vertical} hasBands={bands} card={card} />
    </Figure>
  );
}

/** The ends of the axis: of what is chosen, or of all that there is. */
function endsOf({ kind, ticks, stops }: DrawnAxis, range: CurvesChoice['range']): [number, number] {
  const all = kind === 'level' ? ticks.map(({ x }) => x) : stops;
  const within = range ? all.filter((x) => x >= range[0] && x <= range[1]) : all;
  const [low, high] = [Math.min(...within), Math.max(...within)];
  if (low < high) return [low, high];
  return within.length === 0 ? [0, 1] : [low * 0.9, low * 1.1];
}

function Card({ x, shown, axis }: { x: number; shown: readonly Shown[]; axis: DrawnAxis }) {
  return (
    <ChartCard title={placeWords(axis, x)}>
      {shown
        .filter(({ point }) => point.x === x)
        .map(({ line, point: { figure, recipe, label } }) => {
          const { share, range, n } = numbersOf(figure);
          return (
            <Text key={`${line.id} ${label}`} size="xs" className="lossy-numbers">
              {line.label}: <b>{share}</b> ({texts.interval(range)}, {texts.askedOf(n)}
              {figure.isFew ? `, ${texts.few}` : ''})
              <Text span size="xs" c="dimmed" display="block">
                {describeRecipe(recipe)}
              </Text>
            </Text>
          );
        })}
    </ChartCard>
  );
}
