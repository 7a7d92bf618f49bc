import { Skeleton, Text } from '@mantine/core';
import { type ComponentProps, Suspense, useCallback, useMemo } from 'react';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { ChartCard } from '../../parts/charts/ChartCard.tsx';
import { LineChart } from '../../parts/charts/DeferredLineChart.ts';
import { topOf } from '../../parts/charts/scale.ts';
import type { ChartRow } from '../../parts/charts/series.tsx';
import { partOf, percent, range } from '../../parts/format.ts';
import { RichText } from '../../parts/RichText.tsx';
import { familiesCurve as texts } from '../../texts/families.ts';
import { familySeries } from './series.ts';

interface Props extends Pick<ComponentProps<typeof LineChart>, 'height' | 'rows' | 'current' | 'title' | 'onPick'> {
  families: readonly FamilyId[];
  axis: string;
  isReversed?: boolean;
  /** The usual upper end of the vertical axis in percent. */
  most: number;
}

/** A line for each family, over levels or over groups. */
export function FamiliesChart({ families, axis, isReversed = false, most, ...chart }: Props) {
  const { rows, height } = chart;
  const series = useMemo(() => families.map((id) => familySeries[id]), [families]);
  const x = useMemo(() => ({ title: axis, isReversed, ticks: rows }), [axis, isReversed, rows]);
  const y = useMemo(
    () => ({
      most: topOf(
        rows.flatMap(({ points }) => Object.values(points)),
        most,
      ),
    }),
    [rows, most],
  );
  const card = useCallback(
    (row: ChartRow) => (
      <ChartCard title={row.label}>
        {families.map((id) => {
          const figure = row.points[id];
          return (
            figure && (
              <Text key={id} size="xs" className="lossy-numbers">
                <RichText
                  phrase={texts.point(
                    familyWordsOf(id).term,
                    percent(figure.share),
                    range(figure),
                    partOf(figure.probes, figure.of),
                  )}
                />
              </Text>
            )
          );
        })}
      </ChartCard>
    ),
    [families],
  );
  return (
    <Suspense fallback={<Skeleton height={height} />}>
      <LineChart series={series} x={x} y={y} card={card} {...chart} />
    </Suspense>
  );
}
