import { Badge, Group, Progress, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { look } from '../../app/lab.ts';
import { hit, type LevelResult, unasked } from '../../app/level.ts';
import { currentPoint, useLab } from '../../app/store.ts';
import { Mark } from '../map/Mark.tsx';
import { fateOf, fates } from '../map/outcome.ts';
import { percent } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { useWords } from './useWords.ts';

/** How many words of each answer are kept (lab/probe/predictions.ts). */
const kept = 5;

/** One fact: what was asked, what counts as right, and what the model says before and after. */
export function FactPanel() {
  const probes = useLab((state) => state.probes);
  const { relation, probe } = useLab((state) => state.view);
  const facts = useMemo(() => {
    if (!probes) return [];
    let first = 0;
    const chosen = probes.relations.map((entry) => {
      first += entry.probes;
      return { ...entry, first: first - entry.probes };
    });
    const list = chosen.filter(({ id }) => relation === null || id === relation);
    return list.map(({ label, first, probes: size }) => ({
      group: label,
      items: Array.from({ length: size }, (_, index) => ({
        value: String(first + index),
        label: probes.subjects[first + index],
      })),
    }));
  }, [probes, relation]);
  return (
    <Panel title="One fact">
      <Select
        label={relation === null ? 'Search all facts' : 'Facts of the chosen relation'}
        placeholder="Type a name, or click a dot"
        searchable
        clearable
        limit={60}
        data={facts}
        value={probe === null ? null : String(probe)}
        disabled={!probes}
        onChange={(value) => look({ probe: value === null ? null : Number(value) })}
        mb="sm"
        nothingFoundMessage="No such fact"
      />
      {probes && probe !== null && probe < probes.prompts.length ? (
        <Fact probe={probe} />
      ) : (
        <Text size="sm" c="dimmed">
          {probes ? 'Choose a fact to see what the model answers.' : 'The facts come with the model.'}
        </Text>
      )}
    </Panel>
  );
}

function Fact({ probe }: { probe: number }) {
  const probes = useLab((state) => state.probes)!;
  const baseline = useLab((state) => state.baseline.result);
  const point = useLab(currentPoint);
  const points = useLab((state) => state.points);
  const place = useMemo(() => probes.order.indexOf(probe), [probes, probe]);
  const fate = fateOf(baseline, point?.result ?? null, probe);
  return (
    <Stack gap="sm">
      <Text fw={600}>{probes.prompts[probe]}</Text>
      <Text size="sm">
        Right: <b>{probes.gold[probe].join(', ')}</b>
      </Text>
      <Group gap={6}>
        <Mark fate={fate} />
        <Text size="sm">{fates.find((entry) => entry.fate === fate)?.label}</Text>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Answers title="Uncompressed" result={baseline} place={place} gold={probes.gold[probe]} />
        <Answers title={point?.label ?? ''} result={point?.result ?? null} place={place} gold={probes.gold[probe]} />
      </SimpleGrid>
      <Group gap={4} aria-label="At each level" role="group">
        {points.map(({ level, label, result }) => {
          const outcome = result?.outcomes[probe] ?? unasked;
          const word = outcome === unasked ? 'not asked yet' : outcome === hit ? 'right' : 'wrong';
          return (
            <Badge
              key={level}
              tt="none"
              variant={outcome === hit ? 'filled' : 'outline'}
              color={outcome === unasked ? 'gray' : outcome === hit ? 'teal' : 'orange'}
              title={`${label}: ${word}`}
            >
              {label} {outcome === unasked ? '…' : outcome === hit ? '✓' : '✗'}
            </Badge>
          );
        })}
      </Group>
    </Stack>
  );
}

interface AnswersProps {
  title: string;
  result: LevelResult | null;
  /** Where the probe stands in the order of asking. */
  place: number;
  gold: readonly string[];
}

/** The five likeliest words with their probabilities. */
function Answers({ title, result, place, gold }: AnswersProps) {
  const answers = result?.answers;
  const isThere = answers !== null && answers !== undefined && place < answers.ranks.length;
  const ids = isThere ? Array.from(answers.topIds.subarray(place * kept, (place + 1) * kept)) : [];
  const words = useWords(ids);
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {isThere ? (
        <Stack gap={6}>
          {ids.map((id, index) => {
            const share = Math.exp(answers.topLogProbs[place * kept + index]);
            const isRight = gold.includes(words[index]);
            return (
              <div key={id}>
                <Group justify="space-between" gap="xs">
                  <Text size="sm" fw={isRight ? 700 : 400}>
                    {words[index] || '…'} {isRight ? '✓' : ''}
                  </Text>
                  <Text size="sm" className="lossy-numbers">
                    {percent(share)}
                  </Text>
                </Group>
                <Progress value={share * 100} size="sm" color={isRight ? 'teal' : 'gray'} aria-hidden="true" />
              </div>
            );
          })}
          <Text size="xs" c="dimmed">
            Best right word: rank {answers.ranks[place]}, {percent(Math.exp(answers.goldLogProbs[place]))}
          </Text>
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {result?.source === 'link' ? 'A link carries no answers: recompute to see them.' : 'Not asked yet.'}
        </Text>
      )}
    </div>
  );
}
