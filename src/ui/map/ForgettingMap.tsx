import { Group, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { memo, useMemo } from 'react';
import { look } from '../../app/lab.ts';
import type { LevelResult } from '../../app/level.ts';
import { currentPoint, useLab } from '../../app/store.ts';
import { count, percent } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { Dots } from './Dots.tsx';
import { Mark } from './Mark.tsx';
import { type Fate, fateOf, fates } from './outcome.ts';

/** Every fact a dot, by relation: what is still known, and what was forgotten. */
export function ForgettingMap() {
  const probes = useLab((state) => state.probes);
  const link = useLab((state) => state.link);
  const baseline = useLab((state) => state.baseline.result);
  const result = useLab((state) => currentPoint(state)?.result ?? null);
  const view = useLab((state) => state.view);
  const relations = probes?.relations ?? link?.results.relations;
  const starts = useMemo(() => {
    let first = 0;
    return (relations ?? []).map((relation) => {
      first += relation.probes;
      return first - relation.probes;
    });
  }, [relations]);
  return (
    <Panel title="What it still knows" aside={<Legend />}>
      {relations ? (
        <SimpleGrid cols={{ base: 2, xs: 3, md: 4, xl: 5 }} spacing="md" verticalSpacing="md">
          {relations.map((relation, index) => (
            <RelationMap
              key={relation.id}
              id={relation.id}
              label={relation.label}
              first={starts[index]}
              size={relation.probes}
              baseline={baseline}
              result={result}
              subjects={probes?.subjects ?? null}
              isChosen={view.relation === relation.id}
              probe={
                view.probe !== null && view.probe >= starts[index] && view.probe < starts[index] + relation.probes
                  ? view.probe
                  : null
              }
            />
          ))}
        </SimpleGrid>
      ) : (
        <Text c="dimmed">The facts appear here as soon as the model is loaded.</Text>
      )}
    </Panel>
  );
}

interface RelationProps {
  id: string;
  label: string;
  /** Number of its first probe, and how many it has. */
  first: number;
  size: number;
  baseline: LevelResult | null;
  result: LevelResult | null;
  subjects: readonly string[] | null;
  isChosen: boolean;
  probe: number | null;
}

const RelationMap = memo(function RelationMap(props: RelationProps) {
  const { id, label, first, size, baseline, result, subjects, isChosen, probe } = props;
  const own = useMemo(
    () => Array.from({ length: size }, (_, position) => fateOf(baseline, result, first + position)),
    [baseline, result, first, size],
  );
  const tally = (fate: Fate) => own.reduce((sum, other) => sum + (other === fate ? 1 : 0), 0);
  const known = tally('known') + tally('learned');
  const asked = size - tally('unasked');
  return (
    <div>
      <UnstyledButton
        w="100%"
        onClick={() => look({ relation: isChosen ? null : id, probe: null })}
        aria-pressed={isChosen}
        aria-label={`${label}: ${known} of ${asked} facts known, ${tally('forgotten')} forgotten`}
      >
        <Group justify="space-between" wrap="nowrap" gap={4} mb={4}>
          <Text size="sm" fw={isChosen ? 700 : 500} td={isChosen ? 'underline' : undefined} lineClamp={1}>
            {label}
          </Text>
          <Text size="sm" c="dimmed" className="lossy-numbers">
            {asked === 0 ? '…' : percent(known / asked, 0)}
          </Text>
        </Group>
      </UnstyledButton>
      <Dots
        fates={own}
        selected={probe === null ? null : probe - first}
        onPick={(position) => look({ relation: id, probe: first + position })}
        titleOf={(position) => subjects?.[first + position] ?? `Fact ${count(position + 1)}`}
      />
    </div>
  );
});

function Legend() {
  return (
    <Group gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {fates.map(({ fate, label, help }) => (
        <Group key={fate} component="li" gap={4} title={help}>
          <Mark fate={fate} />
          <Text size="xs">{label}</Text>
        </Group>
      ))}
    </Group>
  );
}
