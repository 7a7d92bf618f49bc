import { Text } from '@mantine/core';
import { memo } from 'react';
import { CartesianGrid, Legend, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { Grain } from '../../../app/views/layers/cells.ts';
import type { Forecast } from '../../../app/views/layers/rows.ts';
import type { ScopeId } from '../../../lab/compress/scope.ts';
import { axisLook, axisStroke, below, beside } from '../../parts/charts/axes.tsx';
import { ChartCard } from '../../parts/charts/ChartCard.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { sentenceOf } from './cell-format.ts';

/** Each grain has a shape of its own beside its colour. */
const looks = {
  block: { shape: 'square', fill: 'var(--lossy-encoder)' },
  part: { shape: 'triangle', fill: 'var(--lossy-encoder-decoder)' },
  role: { shape: 'circle', fill: 'var(--lossy-decoder)' },
} as const satisfies Record<Grain, { shape: string; fill: string }>;

interface Dot {
  x: number;
  y: number;
  forecast: Forecast;
}

interface Props {
  height: number;
  forecasts: readonly Forecast[];
  axis: string;
  chosen: ScopeId;
  onPick: (scope: ScopeId) => void;
}

/** Error against loss, a mark for each part. A module of its own: it brings the chart library. */
export default memo(function ForecastChart({ height, forecasts, axis, chosen, onPick }: Props) {
  const dotsOf = (grain: Grain): Dot[] =>
    forecasts
      .filter(({ cell }) => cell.grain === grain)
      .map((forecast) => ({ x: forecast.error * 100, y: forecast.lost * 100, forecast }));
  const marked = forecasts.filter(({ cell }) => cell.scope === chosen);
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ScatterChart margin={{ top: 8, right: 16, bottom: 20, left: 8 }} accessibilityLayer>
        <CartesianGrid strokeDasharray="2 4" stroke={axisStroke} />
        <XAxis
          dataKey="x"
          type="number"
          domain={['auto', 'auto']}
          tickFormatter={(value: number) => `${Number(value.toPrecision(3))} %`}
          {...axisLook}
          label={below(axis)}
        />
        <YAxis
          dataKey="y"
          type="number"
          domain={[0, 'auto']}
          tickFormatter={(value: number) => `${Number(value.toPrecision(3))} %`}
          width={56}
          {...axisLook}
          label={beside(texts.lostAxis)}
        />
        {(['block', 'part', 'role'] as const).map((grain) => (
          <Scatter
            key={grain}
            name={texts.grains[grain]}
            data={dotsOf(grain)}
            shape={looks[grain].shape}
            fill={looks[grain].fill}
            legendType={looks[grain].shape}
            isAnimationActive={false}
            onClick={(point) => onPick((point as unknown as { payload: Dot }).payload.forecast.cell.scope)}
          />
        ))}
        <Scatter
          data={marked.map(({ error, lost }) => ({ x: error * 100, y: lost * 100, forecast: marked[0] }))}
          legendType="none"
          isAnimationActive={false}
          shape={({ cx, cy }: { cx?: number; cy?: number }) => (
            <circle cx={cx} cy={cy} r={9} fill="none" stroke="var(--lossy-forgotten)" strokeWidth={2.5} />
          )}
        />
        <Legend
          verticalAlign="top"
          wrapperStyle={{ paddingBottom: 8 }}
          formatter={(name) => <span style={{ color: 'var(--mantine-color-text)' }}>{name}</span>}
        />
        <Tooltip
          content={({ payload }) => {
            const dot = payload?.[0]?.payload as Dot | undefined;
            return dot ? (
              <ChartCard>
                <Text size="xs">{sentenceOf(dot.forecast.cell)}</Text>
              </ChartCard>
            ) : null;
          }}
        />
      </ScatterChart>
    </ResponsiveContainer>
  );
});
