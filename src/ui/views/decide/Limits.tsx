import { Group, NumberInput, Select, Slider, Text } from '@mantine/core';
import { look } from '../../../app/views/decide/decide.ts';
import { goals, type LayoutId, layouts } from '../../../app/views/decide/decide-choice.ts';
import { useDecide } from '../../../app/views/decide/decide-store.ts';
import { Segments } from '../../parts/controls/Segments.tsx';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { decide as texts } from '../../texts/decide.ts';
import { useOffers } from './useDecision.ts';

/** The two limits, and what to look for within them. */
export function Limits() {
  const { megabytes, loss, layout, goal } = useDecide((state) => state.choice);
  const offers = useOffers();
  // So that the uncompressed model and what was typed both have their place.
  const largest = Math.max(1, Math.ceil(megabytes), ...offers.map(({ bytes }) => Math.ceil(bytes / 1e6)));
  return (
    <Panel title={texts.limits} gap="md">
      <Limit
        label={texts.size}
        unit={texts.sizeUnit}
        value={megabytes}
        min={0.1}
        max={largest}
        most={100_000}
        step={0.1}
        onChange={(value, asStep) => look({ megabytes: value }, asStep)}
      />
      <Limit
        label={texts.loss}
        unit={texts.lossUnit}
        value={loss}
        min={0}
        max={100}
        most={100}
        step={1}
        onChange={(value, asStep) => look({ loss: value }, asStep)}
      />
      <Segments
        label={texts.goal}
        labelled="above"
        values={goals}
        words={(value) => texts.goals[value]}
        value={goal}
        onChange={(value) => look({ goal: value })}
      />
      <Select
        label={texts.layout}
        value={layout}
        data={layouts.map((value) => ({ value, label: texts.layouts[value] }))}
        onChange={(value) => value && look({ layout: value as LayoutId })}
      />
      <Hint>{texts.sizeNote}</Hint>
    </Panel>
  );
}

interface LimitProps {
  label: string;
  unit: string;
  value: number;
  min: number;
  /** Where the slider ends, and what can be typed at most. */
  max: number;
  most: number;
  step: number;
  onChange: (value: number, asStep: boolean) => void;
}

/** A limit as a slider, and as a field for an exact number. */
function Limit({ label, unit, value, min, max, most, step, onChange }: LimitProps) {
  const digits = step < 1 ? 1 : 0;
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="sm" mb={6}>
        <Text fw={600}>{label}</Text>
        <NumberInput
          aria-label={`${label} (${unit})`}
          size="xs"
          w={180}
          suffix={` ${unit}`}
          value={value}
          min={min}
          max={most}
          step={step}
          decimalScale={2}
          clampBehavior="strict"
          onChange={(typed) => typeof typed === 'number' && onChange(Math.max(min, typed), true)}
        />
      </Group>
      <Slider
        min={min}
        max={max}
        step={step}
        value={value}
        label={(at) => at.toFixed(digits)}
        onChange={(at) => onChange(Number(at.toFixed(digits)), false)}
        thumbLabel={label}
        thumbValueText={`${value} ${unit}`}
      />
    </div>
  );
}
