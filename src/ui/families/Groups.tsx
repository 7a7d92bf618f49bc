import { Button, Group, SegmentedControl, Skeleton, Text, useMatches } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { levelsOf } from '../../app/curve.ts';
import type { Grouping } from '../../app/families/choice.ts';
import { setGrouping, startKinds } from '../../app/families/families.ts';
import { type Group as GroupFigures, groupsOf, kindsOf } from '../../app/families/groups.ts';
import { useFamilies } from '../../app/families/store.ts';
import { few } from '../../app/groups.ts';
import { familyWordsOf } from '../../app/words.ts';
import { count } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { FiguresTable } from './FiguresTable.tsx';
import { useDeferredFamilies } from './figures.ts';
import { GroupPlot } from './GroupPlot.tsx';
import { intervalWords, measureWords, useNoun } from './words.ts';

const FamiliesChart = lazy(() => import('./FamiliesChart.tsx'));
const height = 280;

const words: Readonly<Record<Grouping, { label: string; head: string; help: string; nothing: string }>> = {
  frequency: {
    label: 'How often trained',
    head: 'Sentences a pass',
    help: 'Facts by how many sentences of one pass of the training state them, drawn by lot: a controlled experiment. Those of several objects count together, in the next lower group.',
    nothing: 'Of these questions it is not known how often the training stated them.',
  },
  relation: {
    label: 'Relation',
    head: 'Relation',
    help: 'Each relation or task by itself, those with most forgotten first.',
    nothing: 'The relations appear as soon as the models are loaded.',
  },
  cardinality: {
    label: 'How many answers',
    head: 'Cardinality',
    help: 'Relations by how many objects a subject has, and how many subjects an object.',
    nothing: 'Of these questions it is not known how many answers they have.',
  },
  kind: {
    label: 'Kind of question',
    head: 'Kind of question',
    help: 'The same models asked otherwise: facts of the training in its words and in others, facts that it never stated, and the tasks, where guessing is right now and then, too. This is asked when you want it: at first a sample.',
    nothing: 'Not asked yet.',
  },
};

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
  const families = tracks.filter(({ status }) => status !== 'absent').map(({ family }) => family);
  const { head, help, nothing } = words[grouping];
  const levelWords = levelsOf(step)[level]?.label ?? '';
  return (
    <Panel
      title={`Who forgets what, at ${levelWords}`}
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Split by"
          orientation={orientation}
          value={grouping}
          onChange={(value) => setGrouping(value as Grouping)}
          data={(Object.keys(words) as Grouping[]).map((value) => ({ value, label: words[value].label }))}
        />
      }
    >
      <Text size="sm" mb="sm">
        {help}
      </Text>
      {grouping === 'kind' && (
        <Group gap="sm" mb="sm">
          <Button size="xs" variant="light" loading={asks !== null} onClick={() => void startKinds()}>
            {groups.length === 0 ? 'Ask a sample of every kind' : 'Ask more of every kind'}
          </Button>
          <Text size="xs" c="dimmed" className="lossy-numbers">
            {asks && `${asks.done} of ${asks.of} samples`}
          </Text>
        </Group>
      )}
      {groups.length === 0 ? (
        <Text size="sm" c="dimmed" mih={120}>
          {nothing}
        </Text>
      ) : grouping === 'frequency' ? (
        <Suspense fallback={<Skeleton height={height} />}>
          <FamiliesChart
            height={height}
            rows={groups.map(({ label, figures }, at) => ({ level: at, x: at, label, figures }))}
            families={families.map((id) => ({ id, name: familyWordsOf(id).term }))}
            current={-1}
            unit="share"
            title="Sentences of one pass of the training that state the fact (each step doubles)"
            most={measure === 'relative' ? 120 : 100}
            axis={measureWords(measure, noun)}
            onPick={() => {}}
          />
        </Suspense>
      ) : (
        <GroupPlot groups={groups} families={families} />
      )}
      <Text size="xs" c="dimmed" mt="xs">
        {grouping === 'frequency' ? 'Upwards' : 'To the right'}: {measureWords(measure, noun)}. {intervalWords(measure)}{' '}
        {nWords(groups)}Pale marks rest on fewer than {few} answers and say little.
      </Text>
      <FiguresTable head={head} rows={groups} families={families} measure={measure} />
    </Panel>
  );
}

/** On how many answers the marks rest. */
function nWords(groups: readonly GroupFigures[]): string {
  const all = groups.flatMap(({ figures }) => Object.values(figures).map(({ probes }) => probes));
  if (all.length === 0) return '';
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return `n = ${low === high ? count(low) : `${count(low)} to ${count(high)}`} answers a mark. `;
}
