import { Text } from '@mantine/core';
import { memo } from 'react';
import {
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Offer } from '../../../app/views/decide/decision.ts';
import { axisLook, axisStroke, below, beside, percentAxis } from '../../parts/charts/axes.tsx';
import { ChartCard } from '../../parts/charts/ChartCard.tsx';
import { Marker } from '../../parts/charts/Marker.tsx';
import { StaticLine } from '../../parts/charts/StaticLine.tsx';
import { bytes, count, percent, range } from '../../parts/format.ts';
import { decide as texts } from '../../texts/decide.ts';
import { kindMarks } from './kinds.ts';
import { nameOf } from './useDecision.ts';

interface Props {
  height: number;
  offers: readonly Offer[];
  /** Key of the one to take. */
  taken: string | null;
  megabytes: number;
  loss: number;
}

interface Point extends Offer {
  x: number;
  y: number;
  /** How far the interval reaches below and above. */
  error: [number, number];
}

/** Size against what is kept, with the allowed region. A module of its own: it brings the chart library. */
export default memo(function OffersChart({ height, offers, taken, megabytes, loss }: Props) {
  const points = offers.map((offer): Point => {
    const y = offer.kept * 100;
    return { ...offer, x: offer.bytes / 1e6, y, error: [y - offer.low * 100, offer.high * 100 - y] };
  });
  const most = Math.max(megabytes, ...points.map(({ x }) => x)) * 1.05;
  const least = 100 - loss;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart margin={{ top: 8, right: 16, bottom: 20, left: 0 }} accessibilityLayer>
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <ReferenceArea
          x1={0}
          x2={megabytes}
          y1={least}
          y2={100}
          fill="var(--lossy-known)"
          fillOpacity={0.14}
          label={{ value: texts.allowed, position: 'insideTopLeft', fontSize: 12, fill: 'var(--mantine-color-text)' }}
        />
        <ReferenceLine x={megabytes} stroke="var(--lossy-known)" strokeDasharray="6 3" />
        <ReferenceLine y={least} stroke="var(--lossy-known)" strokeDasharray="6 3" />
        <XAxis
          dataKey="x"
          type="number"
          domain={[0, most]}
          tickFormatter={(value: number) => value.toFixed(1)}
          {...axisLook}
          label={below(texts.chartAxisSize)}
        />
        <YAxis
          dataKey="y"
          type="number"
          domain={[0, 100]}
          width={64}
          {...percentAxis}
          label={beside(texts.chartAxisKept)}
        />
        <Line
          data={points.filter(({ onFront }) => onFront)}
          dataKey="y"
          type="stepAfter"
          stroke="var(--mantine-color-dimmed)"
          strokeDasharray="3 3"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          shape={StaticLine}
          tooltipType="none"
        />
        <Scatter
          data={points}
          dataKey="y"
          isAnimationActive={false}
          shape={(props: unknown) => {
            const { cx, cy, payload } = props as { cx: number; cy: number; payload: Point };
            return (
              <g opacity={payload.isFew ? 0.5 : 1}>
                {payload.key === taken && (
                  <circle cx={cx} cy={cy} r={11} fill="none" stroke="var(--mantine-color-text)" strokeWidth={2} />
                )}
                <Marker {...kindMarks[payload.kind]} cx={cx} cy={cy} size={5.5} isHollow={!payload.onFront} />
              </g>
            );
          }}
        >
          <ErrorBar dataKey="error" direction="y" width={4} stroke="var(--mantine-color-dimmed)" strokeOpacity={0.6} />
        </Scatter>
        <Tooltip content={({ payload }) => <Card point={payload?.[0]?.payload as Point | undefined} />} />
      </ComposedChart>
    </ResponsiveContainer>
  );
});

function Card({ point }: { point: Point | undefined }) {
  if (!point) return null;
  return (
    <ChartCard title={nameOf(point)} colour={kindMarks[point.kind].colour}>
      <Text size="xs" className="lossy-numbers">
        {bytes(point.bytes)}, {percent(point.kept)} ({range(point)}), {texts.asked(count(point.n))}
      </Text>
    </ChartCard>
  );
}
