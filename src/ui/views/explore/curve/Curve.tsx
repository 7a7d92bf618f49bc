import { Group, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { entryOf } from '../../../../app/recipe/catalogue.ts';
import { placesOf } from '../../../../app/recipe/curve.ts';
import { setCurrent } from '../../../../app/views/explore/edit.ts';
import { currentLevel, useLab } from '../../../../app/views/explore/explore-store.ts';
import { spread } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Panel.tsx';
import { useDeferredLab } from '../../../parts/useDeferredLab.ts';
import { curve as texts } from '../../../texts/curve.ts';
import { CurveTable } from './CurveTable.tsx';
import { type Against, drawnPoints } from './points.ts';

// The chart library is larger than the rest of the page: it comes after it, and with the first numbers.
const Chart = lazy(() => import('./Chart.tsx'));
const height = 300;

/** Accuracy over the levels of the slider that was moved last. */
export function Curve() {
  const [against, setAgainst] = useState<Against>('level');
  const points = useDeferredLab((state) => state.points);
  const baseline = useDeferredLab((state) => state.baseline.result);
  const step = useDeferredLab(({ choice }) => choice.steps[choice.axis]);
  const relation = useDeferredLab((state) => state.view.relation);
  const level = useDeferredLab(currentLevel);
  const label = useLab(
    (state) => (state.probes ?? state.link?.results)?.relations.find(({ id }) => id === relation)?.label ?? null,
  );
  const isComing = useLab(({ run }) => run.status === 'running');
  // It moves where numbers are on their way.
  const waiting = <Skeleton height={height} animate={isComing} />;
  const { unit, axisLabel } = entryOf(step.method);
  const places = useMemo(() => placesOf(step), [step]);
  const drawn = useMemo(() => drawnPoints(points, against, relation), [points, against, relation]);
  const own = relation === null ? null : baseline?.relationShares.get(relation);
  const before = own?.share ?? baseline?.summary.precision[0].share ?? null;
  const n = spread(drawn.filter(({ isEstimated }) => !isEstimated).map((point) => point.probes));
  return (
    <Panel
      title={texts.title(label)}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={texts.axis}
          value={against}
          onChange={(value) => setAgainst(value as Against)}
          data={[
            { value: 'level', label: axisLabel },
            { value: 'size', label: texts.size },
          ]}
        />
      }
    >
      <Suspense fallback={waiting}>
        {drawn.length === 0 ? (
          waiting
        ) : (
          <Chart
            height={height}
            points={drawn}
            current={level}
            before={before === null ? null : before * 100}
            against={against}
            unit={unit}
            title={against === 'size' ? texts.sizeAxis : axisLabel}
            levels={places}
            onPick={setCurrent}
          />
        )}
      </Suspense>
      <Group justify="space-between" mt="xs">
        <Text size="xs" c="dimmed" mih={50}>
          {texts.note(n)}
        </Text>
      </Group>
      <CurveTable points={drawn} />
    </Panel>
  );
}
