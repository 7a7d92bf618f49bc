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
import type { Axis } from '../../../../lab/compress/method.ts';
import { axisLook, axisStroke, below, marksThatFit, percentAxis, usePlotWidth } from '../../../parts/axes.tsx';
import { partOf } from '../../../parts/format.ts';
import { StillLine } from '../../../parts/StillLine.tsx';
import { curve as texts } from '../../../texts/curve.ts';
import type { Against, Drawn } from './points.ts';

const hollow = 'var(--mantine-color-body)';

interface Props {
  height: number;
  points: Drawn[];
  /** The level that the slider stands on. */
  current: number;
  /** Accuracy of the uncompressed model in percent. */
  before: number | null;
  against: Against;
  unit: Axis['unit'];
  title: string;
  levels: readonly { x: number; label: string }[];
  onPick: (level: number) => void;
}

/** The curve with its interval band. A module of its own: it brings the chart library. */
export default memo(function Chart({ height, points, current, before, against, unit, title, levels, onPick }: Props) {
  const marked = points.find((point) => point.level === current);
  // Fewer bits and smaller models are to the right, as more sparsity is: compression grows from left to right.
  const reversed = against === 'size' || unit !== 'share';
  const isLevel = against === 'level';
  const values = levels.map(({ x }) => x);
  const { plotWidth, onResize } = usePlotWidth(68);
  const hasEstimates = points.some(({ isEstimated }) => isEstimated);
  const drawn = points.map((point) => ({
    ...point,
    computed: point.isEstimated ? null : point.share,
    computedBand: point.isEstimated ? null : point.band,
  }));
  return (
    <ResponsiveContainer width="100%" height={height} onResize={onResize}>
      <ComposedChart
        data={drawn}
        margin={{ top: 8, right: 16, bottom: 20, left: 0 }}
        onClick={({ activeTooltipIndex }) => {
          const point = points[Number(activeTooltipIndex)];
          if (point) onPick(point.level);
        }}
        accessibilityLayer
      >
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <XAxis
          dataKey="x"
          type="number"
          reversed={reversed}
          domain={isLevel ? [Math.min(...values), Math.max(...values)] : ['auto', 'auto']}
          ticks={isLevel ? marksThatFit(levels, plotWidth) : undefined}
          tickFormatter={(value: number) =>
            isLevel ? (levels.find(({ x }) => x === value)?.label ?? '') : value.toFixed(1)
          }
          {...axisLook}
          label={below(title)}
        />
        <YAxis domain={[0, 100]} width={52} {...percentAxis} />
        {before !== null && (
          <ReferenceLine y={before} stroke="var(--lossy-never)" strokeDasharray="6 4" ifOverflow="extendDomain" />
        )}
        {marked && <ReferenceLine x={marked.x} stroke="var(--lossy-known)" strokeOpacity={0.5} />}
        {hasEstimates && (
          <Area
            dataKey="band"
            stroke="none"
            fill="var(--lossy-band)"
            fillOpacity={0.4}
            isAnimationActive={false}
            activeDot={false}
          />
        )}
        <Area
          dataKey="computedBand"
          stroke="none"
          fill="var(--lossy-band)"
          isAnimationActive={false}
          activeDot={false}
        />
        {hasEstimates && (
          <Line
            dataKey="computed"
            stroke="var(--lossy-known)"
            strokeWidth={2}
            isAnimationActive={false}
            shape={StillLine}
            activeDot={false}
            dot={false}
          />
        )}
        <Line
          dataKey="share"
          stroke="var(--lossy-known)"
          strokeWidth={2}
          // Through estimated points it is dotted; between computed ones the solid line lies below it.
          strokeDasharray={hasEstimates ? '2 4' : undefined}
          isAnimationActive={false}
          shape={StillLine}
          dot={({ cx, cy, payload }: { cx?: number; cy?: number; payload?: Drawn }) => (
            <circle
              key={payload?.level}
              cx={cx}
              cy={cy}
              r={payload?.level === current ? 7 : 4}
              // A point that is not asked to its end yet is hollow, one that is estimated has a dotted rim.
              fill={payload && (payload.isEstimated || payload.probes < payload.of) ? hollow : 'var(--lossy-known)'}
              stroke="var(--lossy-known)"
              strokeWidth={payload?.isEstimated ? 1.5 : 2}
              strokeDasharray={payload?.isEstimated ? '2 2' : undefined}
            />
          )}
        />
        <Tooltip content={({ payload }) => <PointCard point={payload?.[0]?.payload as Drawn | undefined} />} />
      </ComposedChart>
    </ResponsiveContainer>
  );
});

function PointCard({ point }: { point: Drawn | undefined }) {
  if (!point) return null;
  const { label, share, band, probes, of, isEstimated, isFromLink } = point;
  return (
    <Paper withBorder shadow="sm" p="xs">
      <Text size="sm" fw={600}>
        {texts.point.share(label, texts.share(share.toFixed(isEstimated ? 0 : 1), isEstimated))}
      </Text>
      <Text size="xs">{texts.point.interval(band[0].toFixed(1), band[1].toFixed(1), isEstimated)}</Text>
      <Text size="xs">{isEstimated ? texts.point.estimated : texts.point.n(partOf(probes, of), isFromLink)}</Text>
    </Paper>
  );
}
