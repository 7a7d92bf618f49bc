import { Group, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { setLevel, setMeasure } from '../../../app/views/families/families.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import { partOf, percent } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { familiesCurve as texts } from '../../texts/families.ts';
import { FiguresTable } from './FiguresTable.tsx';
import classes from './families.module.css';
import { useDeferredFamilies, useRows } from './figures.ts';
import { Sample } from './look.tsx';
import { useNoun } from './words.ts';

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
  const choices = texts.measures(noun);
  return (
    <Panel
      title={texts.title}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={texts.axis}
          value={measure}
          onChange={(value) => setMeasure(value as typeof measure)}
          data={[
            { value: 'relative', label: choices.relative },
            { value: 'absolute', label: choices.absolute },
          ]}
        />
      }
    >
      <ul className={classes.legend} aria-label={texts.legend}>
        {tracks.map(({ family, model, status, layout, baseline }) => (
          <li key={family}>
            <Sample family={family} />
            <span>
              <b>{familyWordsOf(family).term}</b> {model.title}
              <Text span size="xs" c="dimmed" className="lossy-numbers">
                {status === 'absent'
                  ? texts.absent
                  : baseline && layout
                    ? texts.knows(
                        percent(baseline.summary.precision[0].share, 0),
                        partOf(baseline.summary.probes, layout.order.length),
                      )
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
          axis={texts.axisOf(measure, noun)}
          onPick={setLevel}
        />
      </Suspense>
      <Group justify="space-between" mt="xs">
        <Text size="xs" c="dimmed">
          {texts.note(measure, noun)}
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
