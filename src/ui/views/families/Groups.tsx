import { Button, Group, Text, useMatches } from '@mantine/core';
import { useMemo } from 'react';
import { few } from '../../../app/projection/groups.ts';
import { levelsOf } from '../../../app/recipe/curve.ts';
import { setGrouping, startKinds } from '../../../app/views/families/families.ts';
import type { Grouping } from '../../../app/views/families/families-choice.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import { groupsOf, kindsOf } from '../../../app/views/families/groups.ts';
import { Segments } from '../../parts/controls/Segments.tsx';
import { spread } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { RichText } from '../../parts/RichText.tsx';
import { familiesCurve, familiesGroups as texts } from '../../texts/families.ts';
import { FamiliesChart } from './FamiliesChart.tsx';
import { FiguresTable } from './FiguresTable.tsx';
import { GroupPlot } from './GroupPlot.tsx';
import { groupRows, useDeferredFamilies, useShownFamilies } from './rows.ts';
import { useNoun } from './useNoun.ts';

const height = 280;

const groupings = Object.keys(texts.groupings) as Grouping[];

/** The chosen level's figures, split by one property of the questions. */
export function Groups() {
  const { grouping, measure } = useFamilies((state) => state.choice);
  const step = useFamilies((state) => state.choice.step);
  const level = useDeferredFamilies((state) => state.choice.step.level);
  const tracks = useDeferredFamilies((state) => state.tracks);
  const kinds = useDeferredFamilies((state) => state.kinds);
  const asks = useFamilies((state) => state.asksKinds);
  const orientation = useMatches({ base: 'vertical' as const, sm: 'horizontal' as const });
  const noun = useNoun();
  const groups = useMemo(() => {
    if (grouping === 'kind') return kindsOf(tracks, kinds, measure);
    const found = groupsOf(tracks, level, grouping, measure);
    if (grouping !== 'relation') return found;
    const mean = (at: number) => {
      const figures = Object.values(found[at].figures);
      return figures.reduce((sum, { share }) => sum + share, 0) / figures.length;
    };
    const order = found.map((_, at) => at).sort((a, b) => mean(a) - mean(b));
    return order.map((at) => found[at]);
  }, [tracks, kinds, level, grouping, measure]);
  const rows = useMemo(() => groupRows(groups), [groups]);
  const families = useShownFamilies();
  const { head, help, nothing } = texts.groupings[grouping];
  const n = spread(groups.flatMap(({ figures }) => Object.values(figures).map(({ probes }) => probes)));
  const levelWords = levelsOf(step)[level]?.label ?? '';
  return (
    <Panel
      title={texts.title(levelWords)}
      aside={
        <Segments
          label={texts.splitBy}
          orientation={orientation}
          values={groupings}
          words={(value) => texts.groupings[value].label}
          value={grouping}
          onChange={setGrouping}
        />
      }
    >
      <Text size="sm" mb="sm">
        <RichText phrase={help} />
      </Text>
      {grouping === 'kind' && (
        <Group gap="sm" mb="sm">
          <Button size="xs" variant="light" loading={asks} onClick={() => void startKinds()}>
            {texts.ask(groups.length === 0)}
          </Button>
        </Group>
      )}
      {groups.length === 0 ? (
        <Text size="sm" c="dimmed" mih={120}>
          {nothing}
        </Text>
      ) : grouping === 'frequency' ? (
        <FamiliesChart
          height={height}
          rows={rows}
          families={families}
          axis={texts.frequencyAxis}
          most={measure === 'relative' ? 120 : 100}
          title={familiesCurve.axisOf(measure, noun)}
        />
      ) : (
        <GroupPlot groups={groups} families={families} />
      )}
      <Hint mt="xs">{texts.note(grouping, measure, noun, n, few)}</Hint>
      <FiguresTable head={head} rows={groups} families={families} measure={measure} />
    </Panel>
  );
}
