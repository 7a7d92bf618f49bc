import { Skeleton, Text } from '@mantine/core';
import { Suspense, useCallback, useMemo, useState } from 'react';
import { entryOf } from '../../../../app/recipe/catalogue.ts';
import { placesOf } from '../../../../app/recipe/curve.ts';
import { setCurrent } from '../../../../app/views/explore/edit.ts';
import { currentLevel, useExplore } from '../../../../app/views/explore/explore-store.ts';
import { ChartCard } from '../../../parts/charts/ChartCard.tsx';
import { LineChart } from '../../../parts/charts/DeferredLineChart.ts';
import type { ChartRow, Series } from '../../../parts/charts/series.tsx';
import { Segments } from '../../../parts/controls/Segments.tsx';
import { partOf, spread } from '../../../parts/format.ts';
import { Hint } from '../../../parts/Hint.tsx';
import { Panel } from '../../../parts/Panel.tsx';
import { useDeferredExplore } from '../../../parts/useDeferredExplore.ts';
import { curve as texts } from '../../../texts/curve.ts';
import { CurveTable } from './CurveTable.tsx';
import { type Against, type CurveRow, curveRows } from './points.ts';

const height = 300;
const series: readonly Series[] = [
  { id: 'accuracy', colour: 'var(--lossy-known)', marker: 'circle', band: 'var(--lossy-band)' },
];
const vertical = { most: 100 };

/** Accuracy over the levels of the slider that was moved last. */
export function Curve() {
  const [against, setAgainst] = useState<Against>('level');
  const points = useDeferredExplore((state) => state.points);
  const baseline = useDeferredExplore((state) => state.baseline.result);
  const step = useDeferredExplore(({ choice }) => choice.steps[choice.axis]);
  const relation = useDeferredExplore((state) => state.view.relation);
  const level = useDeferredExplore(currentLevel);
  const label = useExplore(
    (state) => (state.probes ?? state.link?.results)?.relations.find(({ id }) => id === relation)?.label ?? null,
  );
  const isComing = useExplore(({ run }) => run.status === 'running');
  // It moves where numbers are on their way.
  const waiting = <Skeleton height={height} animate={isComing} />;
  const { unit, axisLabel } = entryOf(step.method);
  const x = useMemo(
    () =>
      against === 'size'
        ? { title: texts.sizeAxis, isReversed: true }
        : { title: axisLabel, isReversed: unit !== 'share', ticks: placesOf(step) },
    [against, axisLabel, unit, step],
  );
  const rows = useMemo(() => curveRows(points, against, relation), [points, against, relation]);
  const card = useCallback(({ label }: ChartRow) => <Card row={rows.find((row) => row.label === label)} />, [rows]);
  const pick = useCallback((at: number) => setCurrent(rows[at].level), [rows]);
  const ofRelation = relation === null ? null : baseline?.relationShares.get(relation);
  const computed = rows.flatMap(({ points: { accuracy } }) => (accuracy.isEstimated ? [] : [accuracy.probes]));
  return (
    <Panel
      title={texts.title(label)}
      aside={
        <Segments
          label={texts.axis}
          values={['level', 'size'] satisfies Against[]}
          words={(value) => (value === 'level' ? axisLabel : texts.size)}
          value={against}
          onChange={setAgainst}
        />
      }
    >
      <Suspense fallback={waiting}>
        {rows.length === 0 ? (
          waiting
        ) : (
          <LineChart
            height={height}
            series={series}
            rows={rows}
            x={x}
            y={vertical}
            current={rows.find((row) => row.level === level)?.x}
            reference={ofRelation?.share ?? baseline?.summary.precision[0].share}
            card={card}
            onPick={pick}
          />
        )}
      </Suspense>
      <Hint mt="xs" mih={50}>
        {texts.note(spread(computed))}
      </Hint>
      <CurveTable rows={rows} />
    </Panel>
  );
}

function Card({ row }: { row: CurveRow | undefined }) {
  if (!row) return null;
  const { share, low, high, probes, of, isEstimated = false } = row.points.accuracy;
  const words = texts.share((share * 100).toFixed(isEstimated ? 0 : 1), isEstimated);
  return (
    <ChartCard title={texts.point.share(row.label, words)}>
      <Text size="xs">{texts.point.interval((low * 100).toFixed(1), (high * 100).toFixed(1), isEstimated)}</Text>
      <Text size="xs">{isEstimated ? texts.point.estimated : texts.point.n(partOf(probes, of), row.isFromLink)}</Text>
    </ChartCard>
  );
}
