import { Group, Slider, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { entryOf } from '../../app/catalogue.ts';
import { setLevel } from '../../app/edit.ts';
import { useLab } from '../../app/store.ts';

/** The slider of one step: from leaving it out to its strongest level. */
export function LevelSlider({ index }: { index: number }) {
  const step = useLab((state) => state.choice.steps[index]);
  const isAxis = useLab((state) => state.choice.axis === index);
  const isOnly = useLab((state) => state.choice.steps.length === 1);
  const { axisLabel, levels, label } = entryOf(step.method);
  const note = isOnly ? null : ` (step ${index + 1}: ${label}${isAxis ? ', on the curve' : ''})`;
  return (
    <Levels
      title={axisLabel}
      note={note}
      levels={levels}
      value={step.level}
      onChange={(level) => setLevel(index, level)}
    />
  );
}

interface Props {
  title: string;
  note?: ReactNode;
  levels: readonly { label: string }[];
  value: number;
  onChange: (level: number) => void;
}

/** A slider over the levels of a method. */
export function Levels({ title, note, levels, value, onChange }: Props) {
  const id = useId();
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text id={id} fw={600}>
          {title}
          {note && (
            <Text span c="dimmed" fw={400}>
              {note}
            </Text>
          )}
        </Text>
        <Text fw={700} size="xl" className="lossy-numbers">
          {levels[value].label}
        </Text>
      </Group>
      <Slider
        size="lg"
        min={0}
        max={levels.length - 1}
        step={1}
        value={value}
        onChange={onChange}
        label={(level) => levels[level].label}
        marks={levels.map((level, at) => ({
          value: at,
          label: (
            <Text size="xs" visibleFrom={at % 2 === 0 || levels.length < 7 ? undefined : 'sm'} span>
              {level.label}
            </Text>
          ),
        }))}
        thumbProps={{ 'aria-labelledby': id }}
        thumbValueText={levels[value].label}
        mb="xl"
      />
    </div>
  );
}
