import { Group, Slider, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import { levelsOf } from '../../../app/recipe/curve.ts';
import { setLevel } from '../../../app/views/explore/edit.ts';
import { useLab } from '../../../app/views/explore/explore-store.ts';
import { levelSlider as texts } from '../../texts/controls.ts';

/** More sliders than this are drawn smaller, so that what follows them stays in sight. */
const mostTall = 2;

/** The slider of one step: from leaving it out to its strongest level. */
export function LevelSlider({ index }: { index: number }) {
  const step = useLab((state) => state.choice.steps[index]);
  const isAxis = useLab((state) => state.choice.axis === index);
  const of = useLab((state) => state.choice.steps.length);
  const { axisLabel, label, term } = entryOf(step.method);
  const isSmall = of > mostTall;
  const note = of > 1 && (
    <>
      {texts.step(index + 1)}
      {/* The list of steps has the plain words; the terms are shorter, and on a phone the number has to do. */}
      <Text span visibleFrom="sm">
        {texts.method(isSmall ? term : label)}
      </Text>
      {texts.end(isAxis)}
    </>
  );
  return (
    <Levels
      title={axisLabel}
      note={note}
      levels={levelsOf(step)}
      value={step.level}
      isSmall={isSmall}
      onChange={(level) => setLevel(index, level)}
    />
  );
}

interface Props {
  title: string;
  note?: ReactNode;
  levels: readonly { label: string }[];
  value: number;
  isSmall?: boolean;
  onChange: (level: number) => void;
}

/** A slider over the levels of a method. */
export function Levels({ title, note, levels, value, isSmall = false, onChange }: Props) {
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
