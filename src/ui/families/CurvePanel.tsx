import { Group, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { entryOf } from '../../app/catalogue.ts';
import { setLevel, setMeasure } from '../../app/families/families.ts';
import { useFamilies } from '../../app/families/store.ts';
import { familyWordsOf } from '../../app/words.ts';
import { count } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { FiguresTable } from './FiguresTable.tsx';
import classes from './families.module.css';
import { useDeferredFamilies, useRows } from './figures.ts';
import { Sample } from './look.tsx';
import { intervalWords, measureWords, useNoun } from './words.ts';

// The chart library is larger than the rest of the page: it comes after it.
const FamiliesChart = lazy(() => import('./FamiliesChart.tsx'));
const height = 380;

/** The paper's central figure: what is left of the knowledge of each family as compression grows. */
export function CurvePanel() {
  const measure = useFamilies((state) => state.choice.measure);
  const method = useFamilies((state) => state.choice.step.method);
  const level = useDeferredFamilies((state) => state.choice.step.level);
  const tracks = useDeferredFamilies((state) => state.tracks);
  const noun = useNoun();
  const rows = useRows();
  const { unit, axisLabel } = entryOf(method);
  const shown = tracks.filter(({ status }) => status !== 'absent');
  const axis = measureWords(measure, noun);
  return (
    <Panel
      title="What is left, family by family"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Vertical axis"
          value={measure}
          onChange={(value) => setMeasure(value as typeof measure)}
          data={[
            { value: 'relative', label: 'Share of what it knew' },
            { value: 'absolute', label: `Share of all ${noun}` },
          ]}
        />
      }
    >
      <ul className={classes.legend} aria-label="Models">
        {tracks.map(({ family, model, status, layout, baseline }) => (
          <li key={family}>
            <Sample family={family} />
            <span>
              <b>{familyWordsOf(family).term}</b> {model.title}
              <Text span size="xs" c="dimmed" className="lossy-numbers">
                {status === 'absent'
                  ? ': has no such layers, so it has no curve here'
                  : baseline && layout
                    ? `: knows ${(baseline.summary.precision[0].share * 100).toFixed(0)}\u00a0% uncompressed, n = ${count(baseline.summary.probes)}${baseline.summary.probes < layout.order.length ? ` of ${count(layout.order.length)}` : ''}`
                    : ''}
              </Text>
            </span>
          </li>
        ))}
      </ul>
      <Suspense fallback={<Skeleton height={height} />}>
        <FamiliesChart
          height={height}
          rows={rows}
          families={shown.map(({ family }) => ({ id: family, name: familyWordsOf(family).term }))}
          current={level}
          unit={unit}
          title={axisLabel}
          most={measure === 'relative' ? 110 : 100}
          axis={axis}
          onPick={setLevel}
        />
      </Suspense>
      <Group justify="space-between" mt="xs">
        <Text size="xs" c="dimmed">
          Upwards: {axis}. {intervalWords(measure)} Hollow marks are samples that still grow.
        </Text>
      </Group>
      <FiguresTable
        head={axisLabel}
        rows={rows.map(({ level: id, label, figures }) => ({ id: String(id), label, note: null, figures }))}
        families={shown.map(({ family }) => family)}
        measure={measure}
      />
    </Panel>
  );
}
