import { Paper, Text } from '@mantine/core';
import { memo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Axis } from '../../../lab/compress/method.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { axisLook, axisStroke, below, marksThatFit, percentAxis, usePlotWidth } from '../../parts/axes.tsx';
import { partOf, percent, range } from '../../parts/format.ts';
import { Said } from '../../parts/Said.tsx';
import { StillLine } from '../../parts/StillLine.tsx';
import { familiesCurve as texts } from '../../texts/families.ts';
import type { Row } from './figures.ts';
import { look, Marker } from './look.tsx';

interface Props {
  height: number;
  rows: readonly Row[];
  families: readonly { id: FamilyId; name: string }[];
  current: number;
  unit: Axis['unit'];
  title: string;
  /** The vertical axis' end, in percent. */
  most: number;
  /** What the vertical axis is. */
  axis: string;
  onPick: (level: number) => void;
}

/** One curve for each family over each other, with their bands. A module of its own: it brings the chart library. */
export default memo(function FamiliesChart(props: Props) {
  const { height, rows, families, current, unit, title, most, axis, onPick } = props;
  const marked = rows.find((row) => row.level === current);
  const xs = rows.map(({ x }) => x);
  const { plotWidth, onResize } = usePlotWidth(68);
  return (
    <ResponsiveContainer width="100%" height={height} onResize={onResize}>
      <ComposedChart
        data={rows.map((row) => row)}
        margin={{ top: 8, right: 16, bottom: 20, left: 0 }}
        onClick={({ activeTooltipIndex }) => {
          const row = rows[Number(activeTooltipIndex)];
          if (row) onPick(row.level);
        }}
        accessibilityLayer
        title={axis}
      >
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <XAxis
          dataKey="x"
          type="number"
          // Fewer bits are to the right, as more sparsity is: compression grows from left to right.
          reversed={unit !== 'share'}
          domain={[Math.min(...xs), Math.max(...xs)]}
          ticks={marksThatFit(rows, plotWidth)}
          tickFormatter={(value: number) => rows.find(({ x }) => x === value)?.label ?? ''}
          {...axisLook}
          label={below(title)}
        />
        <YAxis
          // Fixed, so that nothing jumps while results stream in; a share of what was known may be a little over 100 %.
          domain={[0, most]}
          allowDataOverflow
          width={52}
          {...percentAxis}
        />
        {marked && <ReferenceLine x={marked.x} stroke="var(--mantine-color-dimmed)" strokeOpacity={0.5} />}
        {families.map(({ id }) => (
          <Area
            key={`${id}-band`}
            dataKey={({ figures }: Row) => bandOf(figures[id])}
            stroke="none"
            fill={look[id].colour}
            fillOpacity={0.14}
            isAnimationActive={false}
            activeDot={false}
            connectNulls
          />
        ))}
        {families.map(({ id }) => (
          <Line
            key={id}
            dataKey={({ figures }: Row) => figures[id] && figures[id].share * 100}
            stroke={look[id].colour}
            strokeWidth={2}
            strokeDasharray={look[id].dash}
            isAnimationActive={false}
            shape={StillLine}
            connectNulls
            dot={({ cx, cy, payload }: { cx?: number; cy?: number; payload?: Row }) => {
              const figure = payload?.figures[id];
              if (!figure || cx === undefined || cy === undefined) return <g key={payload?.level} />;
              const isCurrent = payload?.level === current;
              return (
                <g key={payload?.level} opacity={figure.isFew ? 0.55 : 1}>
                  <Marker family={id} cx={cx} cy={cy} size={isCurrent ? 6 : 4} isHollow={figure.probes < figure.of} />
                </g>
              );
            }}
          />
        ))}
        <Tooltip
          content={({ payload }) => <Card row={payload?.[0]?.payload as Row | undefined} families={families} />}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
});

const bandOf = (figure: Row['figures'][FamilyId]) => figure && [figure.low * 100, figure.high * 100];

function Card({ row, families }: { row: Row | undefined; families: Props['families'] }) {
  if (!row) return null;
  return (
    <Paper withBorder shadow="sm" p="xs">
      <Text size="sm" fw={600}>
        {row.label}
      </Text>
      {families.map(({ id, name }) => {
        const figure = row.figures[id];
        return (
          figure && (
            <Text key={id} size="xs" className="lossy-numbers">
              <Said
                phrase={texts.point(name, percent(figure.share), range(figure), partOf(figure.probes, figure.of))}
              />
            </Text>
          )
        );
      })}
    </Paper>
  );
}
