import { memo, type ReactNode } from 'react';
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
import { axisLook, axisStroke, below, beside, percentAxis, type Tick, ticksThatFit, usePlotWidth } from './axes.tsx';
import { Marker } from './Marker.tsx';
import { StaticLine } from './StaticLine.tsx';
import { bandOf, heightOf, powersFrom } from './scale.ts';
import type { ChartRow, Series } from './series.tsx';

export interface LineChartProps {
  /** In CSS pixels. */
  height: number;
  series: readonly Series[];
  /** From left to right, or in the order in which lines connect them. */
  rows: readonly ChartRow[];
  x: {
    title: string;
    /** Whether values fall from left to right. Compression always grows that way. */
    isReversed: boolean;
    isLog?: boolean;
    /** Named places; numbers without them. */
    ticks?: readonly Tick[];
    /** Both ends of the axis; those of the ticks, or else of the data, without them. */
    ends?: readonly [number, number];
  };
  y: {
    title?: string;
    /** Upper end in percent, over all points ({@link topOf}). Fixed, so that nothing jumps while results come in. */
    most: number;
    /** Lower end of a log axis in percent, a power of ten; a linear axis from 0 without it. */
    floor?: number;
  };
  hasBands?: boolean;
  /** The place that is looked at. */
  current?: number;
  /** A share to compare with, from 0 to 1. */
  reference?: number | null;
  /** The chart's name for screen readers. */
  title?: string;
  /** What is said about the row that is pointed at. */
  card: (row: ChartRow) => ReactNode;
  /** A click on a row, by its place. */
  onPick?: (row: number) => void;
}

interface DotProps {
  cx?: number;
  cy?: number;
  payload?: ChartRow;
}

/** Lines over each other with their interval bands. Memoized: give it the same objects while nothing changes. */
export default memo(function LineChart(props: LineChartProps) {
  const { height, series, rows, x, y, hasBands = true, current, reference = null, title, card, onPick } = props;
  const { floor, most } = y;
  const isLog = floor !== undefined;
  const yWidth = y.title === undefined ? 52 : 64;
  const { plotWidth, onResize } = usePlotWidth(yWidth + 32);
  const xs = x.ticks?.map((tick) => tick.x);
  const ends = x.ends ?? (xs && ([Math.min(...xs), Math.max(...xs)] as const));
  const inSight = x.ticks?.filter((tick) => !ends || (tick.x >= ends[0] && tick.x <= ends[1]));
  const lines = series.map((line) => ({
    ...line,
    hasEstimates: rows.some(({ points }) => points[line.id]?.isEstimated),
    computed: ({ points }: ChartRow) => (points[line.id]?.isEstimated ? undefined : points[line.id]),
  }));
  const still = { isAnimationActive: false, activeDot: false } as const;
  return (
    <ResponsiveContainer width="100%" height={height} onResize={onResize}>
      <ComposedChart
        data={[...rows]}
        margin={{ top: 4, right: 16, bottom: 20, left: 0 }}
        onClick={({ activeTooltipIndex }) => {
          const row = Number(activeTooltipIndex);
          if (rows[row]) onPick?.(row);
        }}
        accessibilityLayer
        title={title}
      >
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <XAxis
          dataKey="x"
          type="number"
          scale={x.isLog ? 'log' : 'linear'}
          reversed={x.isReversed}
          domain={ends ? [...ends] : ['auto', 'auto']}
          // Markers at the ends are not cut off.
          padding={{ left: 8, right: 8 }}
          ticks={inSight && ticksThatFit(inSight, plotWidth, x.isLog ? Math.log : undefined)}
          tickFormatter={(value: number) =>
            x.ticks ? (x.ticks.find((tick) => tick.x === value)?.label ?? '') : String(Number(value.toPrecision(3)))
          }
          {...axisLook}
          label={below(x.title)}
        />
        <YAxis
          scale={isLog ? 'log' : 'linear'}
          domain={[floor ?? 0, most]}
          width={yWidth}
          {...percentAxis}
          ticks={isLog ? powersFrom(floor) : percentAxis.ticks}
          label={y.title === undefined ? undefined : beside(y.title)}
          padding={{ top: 8, bottom: isLog ? 0 : 6 }}
        />
        {reference !== null && <ReferenceLine y={reference * 100} stroke="var(--lossy-never)" strokeDasharray="6 4" />}
        {rows.some((row) => row.x === current) && (
          <ReferenceLine
            x={current}
            stroke={series.length === 1 ? series[0].colour : 'var(--mantine-color-dimmed)'}
            strokeOpacity={0.5}
          />
        )}
        {hasBands &&
          lines.map(({ id, colour, band, hasEstimates, computed }) => {
            const look = { ...still, stroke: 'none', fill: band ?? colour };
            const opacity = band ? 1 : 0.14;
            return [
              hasEstimates && (
                <Area
                  key={`${id} estimated band`}
                  dataKey={({ points }: ChartRow) => bandOf(points[id], y)}
                  fillOpacity={opacity * 0.4}
                  {...look}
                />
              ),
              <Area
                key={`${id} band`}
                dataKey={(row: ChartRow) => bandOf(computed(row), y)}
                fillOpacity={opacity}
                connectNulls={!hasEstimates}
                {...look}
              />,
            ];
          })}
        {lines.map(({ id, marker, colour, dash, hasEstimates, computed }) => {
          const look = { ...still, stroke: colour, strokeWidth: 2, shape: StaticLine };
          return [
            // Solid between computed points, below the dots that lead through all.
            hasEstimates && (
              <Line
                key={`${id} computed`}
                dataKey={(row: ChartRow) => heightOf(computed(row), y)}
                dot={false}
                {...look}
              />
            ),
            <Line
              key={id}
              dataKey={({ points }: ChartRow) => heightOf(points[id], y)}
              strokeDasharray={hasEstimates ? '2 4' : dash}
              connectNulls
              dot={({ cx, cy, payload: row }: DotProps) => {
                const point = row?.points[id];
                if (!point || !Number.isFinite(cx) || !Number.isFinite(cy) || heightOf(point, y) === null)
                  return <g key={row?.x} />;
                return (
                  <g key={`${row.x} ${row.label}`} opacity={point.isFew && !point.isEstimated ? 0.55 : 1}>
                    <Marker
                      marker={marker}
                      colour={colour}
                      cx={cx!}
                      cy={cy!}
                      size={row.x === current ? 6 : 4}
                      isHollow={point.isEstimated || point.probes < point.of}
                      isDotted={point.isEstimated}
                    />
                  </g>
                );
              }}
              {...look}
            />,
          ];
        })}
        <Tooltip
          isAnimationActive={false}
          wrapperStyle={{ zIndex: 2 }}
          content={({ payload }) => {
            const row = payload?.[0]?.payload as ChartRow | undefined;
            return row ? card(row) : null;
          }}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
});
