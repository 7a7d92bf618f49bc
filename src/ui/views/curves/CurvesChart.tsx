import { Paper, Text } from '@mantine/core';
import { memo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import type { DrawnAxis } from '../../../app/views/curves/curves-store.ts';
import { axisLook, axisStroke, below, beside, marksThatFit, percentAxis, usePlotWidth } from '../../parts/axes.tsx';
import { StillLine } from '../../parts/StillLine.tsx';
import { curves as texts } from '../../texts/curves.ts';
import { looks, Marker } from './look.tsx';
import { numbersOf, placeWords, type Row, type Shown, shortNumber } from './points.ts';

interface Props {
  height: number;
  rows: readonly Row[];
  /** The lines in sight, by their places in the list of all. */
  lines: readonly number[];
  axis: DrawnAxis;
  xTitle: string;
  yTitle: string;
  /** The ends of both axes, upwards in percent: the same for all panels. */
  xEnds: readonly [number, number];
  most: number;
  /** The lower end of a log axis, in percent: a power of ten. */
  floor: number;
  logX: boolean;
  logY: boolean;
  bands: boolean;
}

/** The curves over each other, with their bands. A module of its own: it brings the chart library. */
export default memo(function CurvesChart(props: Props) {
  const { height, rows, lines, axis, xTitle, yTitle, xEnds, most, floor, logX, logY, bands } = props;
  // Zero has no place on a log axis.
  const up = (share: number) => (logY && share <= 0 ? null : share * 100);
  const powers = Array.from({ length: 3 - Math.log10(floor) }, (_, power) => shortPower(floor, power));
  const { plotWidth, onResize } = usePlotWidth(96);
  const inSight = axis.ticks.filter(({ x }) => x >= xEnds[0] && x <= xEnds[1]);
  const named = inSight.map(({ x }) => ({ x, label: placeWords(axis, x) }));
  const marks = marksThatFit(named, plotWidth, logX ? Math.log : undefined);
  return (
    <ResponsiveContainer width="100%" height={height} onResize={onResize}>
      <ComposedChart data={[...rows]} margin={{ top: 4, right: 16, bottom: 20, left: 0 }} accessibilityLayer>
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <XAxis
          dataKey="x"
          type="number"
          scale={logX ? 'log' : 'linear'}
          reversed={axis.isReversed}
          domain={[...xEnds]}
          // Marks at the ends are not cut.
          padding={{ left: 8, right: 8 }}
          ticks={axis.kind === 'level' ? marks : undefined}
          tickFormatter={(value: number) => (axis.kind === 'level' ? placeWords(axis, value) : shortNumber(value))}
          {...axisLook}
          label={below(xTitle)}
        />
        <YAxis
          // Fixed, so that nothing jumps while results come in; a share of what was known may be a little over 100 %.
          scale={logY ? 'log' : 'linear'}
          domain={[logY ? floor : 0, most]}
          width={64}
          {...percentAxis}
          ticks={logY ? powers : percentAxis.ticks}
          label={beside(yTitle)}
          padding={{ top: 8, bottom: logY ? 0 : 6 }}
        />
        {bands &&
          lines.map((line) => (
            <Area
              key={`${line} band`}
              dataKey={({ at }: Row) => at[line] && bandOf(at[line], logY ? floor : 0, most)}
              stroke="none"
              fill={looks[line].colour}
              fillOpacity={0.13}
              isAnimationActive={false}
              activeDot={false}
              connectNulls
            />
          ))}
        {lines.map((line) => (
          <Line
            key={line}
            dataKey={({ at }: Row) => at[line] && up(at[line].point.figure.share)}
            stroke={looks[line].colour}
            strokeWidth={2}
            strokeDasharray={looks[line].dash}
            isAnimationActive={false}
            shape={StillLine}
            activeDot={false}
            connectNulls
            dot={({ cx, cy, payload }: { cx?: number; cy?: number; payload?: Row }) => {
              const figure = payload?.at[line]?.point.figure;
              const isDrawn = figure && Number.isFinite(cx) && Number.isFinite(cy) && up(figure.share) !== null;
              if (!isDrawn) return <g key={payload?.x} />;
              return (
                <g key={payload.x} opacity={figure.isFew ? 0.55 : 1}>
                  <Marker line={line} cx={cx!} cy={cy!} size={4} isHollow={figure.probes < figure.of} />
                </g>
              );
            }}
          />
        ))}
        <Tooltip
          isAnimationActive={false}
          wrapperStyle={{ zIndex: 2 }}
          content={({ payload }) => <Card at={(payload?.[0]?.payload as Row | undefined)?.x} rows={rows} axis={axis} />}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
});

/** The powers of ten from the lowest on, without the rounding of their product. */
const shortPower = (floor: number, power: number) => Number((floor * 10 ** power).toPrecision(3));

/** What is beyond the axis is not drawn: it would move its end. */
const bandOf = ({ point: { figure } }: Shown, least: number, most: number) => [
  Math.max(least, figure.low * 100),
  Math.min(most, figure.high * 100),
];

function Card({ at, rows, axis }: { at: number | undefined; rows: readonly Row[]; axis: DrawnAxis }) {
  if (at === undefined) return null;
  const there = rows.filter(({ x }) => x === at).flatMap((row) => Object.values(row.at));
  return (
    <Paper withBorder shadow="sm" p="xs" maw={340}>
      <Text size="sm" fw={600}>
        {placeWords(axis, at)}
      </Text>
      {there.map((shown) => {
        if (!shown) return null;
        const { figure, recipe, label } = shown.point;
        const { share, range, n } = numbersOf(figure);
        return (
          <Text key={`${shown.line.id} ${label}`} size="xs" className="lossy-numbers">
            {shown.line.label}: <b>{share}</b> ({texts.interval(range)}, {texts.askedOf(n)}
            {figure.isFew ? `, ${texts.few}` : ''})
            <Text span size="xs" c="dimmed" display="block">
              {describeRecipe(recipe)}
            </Text>
          </Text>
        );
      })}
    </Paper>
  );
}
