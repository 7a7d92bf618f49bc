import { Text } from '@mantine/core';
import { memo } from 'react';
import { Area, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Histogram } from '../../../lab/metrics/histogram.ts';
import { axisLook, axisStroke } from '../../parts/charts/axes.tsx';
import { ChartCard } from '../../parts/charts/ChartCard.tsx';
import { StaticLine } from '../../parts/charts/StaticLine.tsx';
import { count } from '../../parts/format.ts';
import { layers as texts } from '../../texts/layers.ts';

interface Bin {
  middle: number;
  from: number;
  to: number;
  before: number;
  after: number;
}

interface Props {
  height: number;
  histogram: Histogram;
  label: string;
}

/** Weights before (an area) and after (a line) compression. A module of its own: it brings the chart library. */
export default memo(function HistogramChart({ height, histogram, label }: Props) {
  const { edges, before, after } = histogram;
  const bins: Bin[] = before.map((counted, at) => ({
    middle: (edges[at] + edges[at + 1]) / 2,
    from: edges[at],
    to: edges[at + 1],
    before: counted,
    after: after[at],
  }));
  const most = edges.at(-1) ?? 0;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart data={bins} margin={{ top: 8, right: 16, bottom: 4, left: 0 }} accessibilityLayer title={label}>
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <XAxis
          dataKey="middle"
          type="number"
          domain={[-most, most]}
          ticks={[-most, -most / 2, 0, most / 2, most]}
          tickFormatter={(value: number) => (value === 0 ? '0' : value.toPrecision(2))}
          {...axisLook}
        />
        <YAxis tickFormatter={(value: number) => count(value)} width={60} {...axisLook} />
        <Area
          name={texts.before}
          dataKey="before"
          type="step"
          stroke="var(--lossy-never)"
          fill="var(--lossy-never)"
          fillOpacity={0.4}
          isAnimationActive={false}
          activeDot={false}
        />
        <Line
          name={texts.after}
          dataKey="after"
          type="step"
          stroke="var(--lossy-forgotten)"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
          shape={StaticLine}
          activeDot={false}
        />
        <Legend
          verticalAlign="top"
          height={24}
          formatter={(name) => <span style={{ color: 'var(--mantine-color-text)' }}>{name}</span>}
        />
        <Tooltip content={({ payload }) => <Card bin={payload?.[0]?.payload as Bin | undefined} />} />
      </ComposedChart>
    </ResponsiveContainer>
  );
});

function Card({ bin }: { bin: Bin | undefined }) {
  if (!bin) return null;
  return (
    <ChartCard title={`${texts.weight} ${bin.from.toPrecision(3)} … ${bin.to.toPrecision(3)}`}>
      <Text size="xs">
        {texts.before}: {count(bin.before)}, {texts.after}: {count(bin.after)}
      </Text>
    </ChartCard>
  );
}
