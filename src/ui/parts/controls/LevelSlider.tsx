import { Group, Slider, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface Props {
  title: string;
  note?: ReactNode;
  levels: readonly { label: string }[];
  value: number;
  isSmall?: boolean;
  onChange: (level: number) => void;
}

/** A slider over the levels of a method. */
export function LevelSlider({ title, note, levels, value, isSmall = false, onChange }: Props) {
  const id = useId();
  return (
    <div>
      <Group justify="space-between" align="baseline" wrap="nowrap" gap="sm" mb={4}>
        <Text id={id} fw={600}>
          {title}
          {note && (
            <Text span c="dimmed" fw={400}>
              {note}
            </Text>
          )}
        </Text>
        <Text fw={700} size={isSmall ? 'md' : 'xl'} className="lossy-numbers" style={{ whiteSpace: 'nowrap' }}>
          {levels[value].label}
        </Text>
      </Group>
      <Slider
        size={isSmall ? 'md' : 'lg'}
        min={0}
        max={levels.length - 1}
        step={1}
        value={value}
        onChange={onChange}
        label={(level) => levels[level].label}
        marks={levels.map((level, at) => ({
          value: at,
          label: isSmall ? undefined : (
            <Text size="xs" visibleFrom={at % 2 === 0 || levels.length < 7 ? undefined : 'sm'} span>
              {level.label}
            </Text>
          ),
        }))}
        thumbProps={{ 'aria-labelledby': id }}
        thumbValueText={levels[value].label}
        mb={isSmall ? 0 : 'xl'}
      />
    </div>
  );
}
