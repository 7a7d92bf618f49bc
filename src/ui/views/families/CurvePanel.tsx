import { Text } from '@mantine/core';
import { useCallback } from 'react';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { setLevel, setMeasure } from '../../../app/views/families/families.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import { SeriesSample } from '../../parts/charts/series.tsx';
import { Segments } from '../../parts/controls/Segments.tsx';
import { partOf, percent } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { familiesCurve as texts } from '../../texts/families.ts';
import { FamiliesChart } from './FamiliesChart.tsx';
import { FiguresTable } from './FiguresTable.tsx';
import classes from './families.module.css';
import { useDeferredFamilies, useLevelRows, useShownFamilies } from './rows.ts';
import { familySeries } from './series.ts';
import { useNoun } from './useNoun.ts';

const height = 380;

/** The paper's central figure: what is left of the knowledge of each family as compression grows. */
export function CurvePanel() {
  const measure = useFamilies((state) => state.choice.measure);
  const method = useFamilies((state) => state.choice.step.method);
  const level = useDeferredFamilies((state) => state.choice.step.level);
  const tracks = useDeferredFamilies((state) => state.tracks);
  const noun = useNoun();
  const rows = useLevelRows();
  const families = useShownFamilies();
  const pick = useCallback((at: number) => setLevel(rows[at].level), [rows]);
  const { unit, axisLabel } = entryOf(method);
  const choices = texts.measures(noun);
  return (
    <Panel
      title={texts.title}
      aside={
        <Segments
          label={texts.axis}
          values={['relative', 'absolute']}
          words={(value) => choices[value]}
          value={measure}
          onChange={setMeasure}
        />
      }
    >
      <ul className={classes.legend} aria-label={texts.legend}>
        {tracks.map(({ family, model, status, layout, baseline }) => (
          <li key={family}>
            <SeriesSample series={familySeries[family]} />
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
      <FamiliesChart
        height={height}
        rows={rows}
        families={families}
        current={rows.find((row) => row.level === level)?.x}
        axis={axisLabel}
        // Fewer bits are to the right, as more sparsity is.
        isReversed={unit !== 'share'}
        // A share of what was known may be a little over 100 %.
        most={measure === 'relative' ? 110 : 100}
        title={texts.axisOf(measure, noun)}
        onPick={pick}
      />
      <Hint mt="xs">{texts.note(measure, noun)}</Hint>
      <FiguresTable
        head={axisLabel}
        rows={rows.map(({ level: id, label, points }) => ({ id: String(id), label, note: null, figures: points }))}
        families={families}
        measure={measure}
      />
    </Panel>
  );
}
