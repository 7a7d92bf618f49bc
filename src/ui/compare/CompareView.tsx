import { Button, Grid, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { presetIds, sides } from '../../app/compare/choice.ts';
import {
  applyPreset,
  matchTo,
  pause,
  setModel,
  setSuite,
  setTemplate,
  start,
  stop,
  swap,
} from '../../app/compare/compare.ts';
import { useCompare } from '../../app/compare/store.ts';
import { QuestionFields } from '../choose/QuestionFields.tsx';
import { bytes, count, percent } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { WorkPanel } from '../parts/WorkPanel.tsx';
import { compare as texts } from '../texts/compare.ts';
import { Facts } from './Facts.tsx';
import { Flow } from './Flow.tsx';
import { Recipe } from './Recipe.tsx';
import { Relations } from './Relations.tsx';
import { Summary } from './Summary.tsx';

/** Two recipes, fact by fact: equal accuracy need not be equal knowledge. */
export default function CompareView() {
  const isOpen = useCompare((state) => state.isOpen);
  const work = useCompare((state) => state.work);
  const choice = useCompare((state) => state.choice);
  if (!isOpen) return <Skeleton height={900} animate={false} />;
  return (
    <Grid gap="md" component="main">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="md">
          <Presets />
          <Summary />
          <WorkPanel work={work} offer={texts.offer} onStart={() => void start()} onPause={pause} onStop={stop} />
          <Flow />
          <Facts />
          <Relations />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="md">
          <Panel title={texts.question}>
            <QuestionFields value={choice} onModel={setModel} onSuite={setSuite} onTemplate={setTemplate} />
          </Panel>
          {sides.map((side) => (
            <Recipe key={side} side={side} />
          ))}
          <Matching />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Presets() {
  return (
    <Group gap="xs" role="group" aria-label={texts.presets}>
      <Text size="sm" fw={600}>
        {texts.presets}
      </Text>
      {presetIds.map((id) => {
        const { label, help } = texts.presetWords[id];
        return (
          <Tooltip key={id} label={help} events={{ hover: true, focus: true, touch: true }}>
            <Button size="xs" variant="default" onClick={() => applyPreset(id)}>
              {label}
            </Button>
          </Tooltip>
        );
      })}
    </Group>
  );
}

/** Ways to make both comparable. */
function Matching() {
  const match = useCompare((state) => state.match);
  const isPossible = useCompare((state) => state.choice.b.length > 0);
  const value = (amount: number) => (match?.kind === 'size' ? bytes(amount) : percent(amount));
  return (
    <Panel title={texts.match}>
      <Stack gap="xs">
        <Group gap="xs">
          {(['size', 'accuracy'] as const).map((kind) => (
            <Button key={kind} size="xs" variant="light" disabled={!isPossible} onClick={() => void matchTo(kind)}>
              {texts.matches[kind]}
            </Button>
          ))}
          <Button size="xs" variant="default" leftSection={<IconArrowsExchange size={16} />} onClick={swap}>
            {texts.swap}
          </Button>
        </Group>
        <Text size="sm" className="lossy-numbers" mih={44} role="status">
          {match &&
            texts.matched({
              kind: match.kind,
              label: match.label,
              levels: count(match.levels),
              a: value(match.a),
              b: value(match.b),
              n: count(match.n),
            })}
        </Text>
        <Text size="xs" c="dimmed">
          {texts.matchNote}
        </Text>
      </Stack>
    </Panel>
  );
}
