import { Button, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowsExchange, IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import {
  addRecipe,
  applyPreset,
  matchTo,
  pause,
  removeRecipe,
  setModel,
  setSuite,
  setTemplate,
  start,
  stop,
  swap,
} from '../../../app/views/compare/compare.ts';
import { presetIds, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import { QuestionFields } from '../../parts/choose/QuestionFields.tsx';
import columns from '../../parts/columns.module.css';
import { bytes, count, percent } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { compare as texts } from '../../texts/compare.ts';
import { question } from '../../texts/question.ts';
import { Facts } from './Facts.tsx';
import { Flow } from './Flow.tsx';
import { Recipe } from './Recipe.tsx';
import { Relations } from './Relations.tsx';
import { SharedKnowledge } from './SharedKnowledge.tsx';
import { Summary } from './Summary.tsx';
import { useBeside } from './useCompared.ts';

/** Two to four recipes, fact by fact: equal accuracy need not be equal knowledge. */
export default function CompareView() {
  const isOpen = useCompare((state) => state.isOpen);
  const run = useCompare((state) => state.run);
  const choice = useCompare((state) => state.choice);
  if (!isOpen) return <Skeleton height={900} animate={false} />;
  return (
    <main className={columns.eightFour}>
      <Stack gap="md">
        <Presets />
        <Summary />
        <RunPanel run={run} offer={texts.offer} onStart={() => void start()} onPause={pause} onStop={stop} />
        {choice.recipes.length > 2 && <SharedKnowledge />}
        <Flow />
        <Facts />
        <Relations />
      </Stack>
      <Stack gap="md">
        <Panel title={question.title}>
          <QuestionFields value={choice} onModel={setModel} onSuite={setSuite} onTemplate={setTemplate} />
        </Panel>
        <Recipes />
        <Matching />
      </Stack>
    </main>
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

/** Each recipe, and room for more. */
function Recipes() {
  const recipes = useCompare((state) => state.choice.recipes.length);
  const group = useRef<HTMLDivElement>(null);
  // The button that was pressed may be gone: whoever uses the keyboard goes on from here.
  const remove = (at: number) => {
    removeRecipe(at);
    group.current?.focus();
  };
  return (
    <Stack gap="md" component="section" aria-label={texts.recipes} tabIndex={-1} ref={group}>
      {sides.slice(0, recipes).map((side, at) => (
        <Recipe key={side} at={at} onRemove={() => remove(at)} />
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={recipes === sides.length}
          onClick={addRecipe}
        >
          {texts.add}
        </Button>
        <Hint mt={4}>{texts.addNote}</Hint>
      </div>
    </Stack>
  );
}

/** Ways to make all comparable. */
function Matching() {
  const matches = useCompare((state) => state.matches);
  const recipes = useCompare((state) => state.choice.recipes);
  const beside = useBeside();
  const isPossible = recipes.slice(1).some(({ length }) => length > 0);
  return (
    <Panel title={texts.match(recipes.length)} gap="xs">
      <Group gap="xs">
        {(['size', 'accuracy'] as const).map((kind) => (
          <Button key={kind} size="xs" variant="light" disabled={!isPossible} onClick={() => void matchTo(kind)}>
            {texts.matches[kind]}
          </Button>
        ))}
        <Button size="xs" variant="default" leftSection={<IconArrowsExchange size={16} />} onClick={swap}>
          {texts.swap(beside)}
        </Button>
      </Group>
      <div role="status" style={{ minHeight: 44 * (recipes.length - 1) }}>
        {matches.map(({ kind, side, label, levels, wanted, value, n }) => {
          const written = (amount: number) => (kind === 'size' ? bytes(amount) : percent(amount));
          return (
            <Text key={side} size="sm" className="lossy-numbers">
              {texts.matched({
                kind,
                side,
                label,
                levels: count(levels),
                wanted: written(wanted),
                value: written(value),
                n: count(n),
              })}
            </Text>
          );
        })}
      </div>
      <Hint>{texts.matchNote(recipes.length)}</Hint>
    </Panel>
  );
}
