import { Group, Slider, Text } from '@mantine/core';
import { useId } from 'react';
import { entryOf } from '../../app/catalogue.ts';
import { setLevel } from '../../app/edit.ts';
import { useLab } from '../../app/store.ts';

/** The slider of one step: from leaving it out to its strongest level. */
export function LevelSlider({ index }: { index: number }) {
  const id = useId();
  const step = useLab((state) => state.choice.steps[index]);
  const isAxis = useLab((state) => state.choice.axis === index);
  const isOnly = useLab((state) => state.choice.steps.length === 1);
  const { axisLabel, levels, label } = entryOf(step.method);
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text id={id} fw={600}>
          {axisLabel}
          {!isOnly && (
            <Text span c="dimmed" fw={400}>
              {' '}
              (step {index + 1}: {label}
              {isAxis ? ', on the curve' : ''})
            </Text>
          )}
        </Text>
        <Text fw={700} size="xl" className="lossy-numbers">
          {levels[step.level].label}
        </Text>
      </Group>
      <Slider
        size="lg"
        min={0}
        max={levels.length - 1}
        step={1}
        value={step.level}
        onChange={(level) => setLevel(index, level)}
        label={(level) => levels[level].label}
        marks={levels.map((level, value) => ({
          value,
          label: (
            <Text size="xs" visibleFrom={value % 2 === 0 || levels.length < 7 ? undefined : 'sm'} span>
              {level.label}
            </Text>
          ),
        }))}
        thumbProps={{ 'aria-labelledby': id }}
        thumbValueText={levels[step.level].label}
        mb="xl"
      />
    </div>
  );
}
