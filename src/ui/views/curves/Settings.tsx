import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { describeStep, scopeListOf } from '../../../app/recipe/catalogue.ts';
import { levelsOf, type StepChoice } from '../../../app/recipe/curve.ts';
import { maxSteps, newStep } from '../../../app/recipe/steps.ts';
import { modelOf, shippedFamilies } from '../../../app/shipped.ts';
import {
  addSeries,
  addStep,
  removeSeries,
  removeStep,
  setAxis,
  setModel,
  setStep,
  setSuite,
  setTemplate,
  toggleOf,
} from '../../../app/views/curves/curves.ts';
import { letterOf, mostLines } from '../../../app/views/curves/curves-choice.ts';
import { useCurves } from '../../../app/views/curves/curves-store.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { QuestionFields } from '../../parts/choose/QuestionFields.tsx';
import { LevelSlider } from '../../parts/controls/LevelSlider.tsx';
import { MethodPicker } from '../../parts/controls/MethodPicker.tsx';
import { StepFields } from '../../parts/controls/StepFields.tsx';
import { useDraft } from '../../parts/controls/useDraft.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { curves as texts } from '../../texts/curves.ts';
import { question } from '../../texts/question.ts';

/** Which model is asked what. */
export function Questions() {
  const asked = useCurves((state) => state.choice.series[0]);
  const isByModel = useCurves((state) => state.choice.by === 'model');
  return (
    <Panel title={question.title}>
      <QuestionFields
        value={asked}
        onModel={isByModel ? undefined : ({ id }) => setModel(id)}
        onSuite={setSuite}
        onTemplate={setTemplate}
      />
    </Panel>
  );
}

/** Which lines are drawn, where they follow from one series. */
export function WhichLines() {
  const by = useCurves((state) => state.choice.by);
  const options = useCurves((state) => state.options);
  const lines = useCurves((state) => state.lines);
  const chosen = lines.map(({ id }) => id);
  if (by === 'series') return null;
  return (
    <Panel title={texts.which}>
      <Hint mb="xs">
        {texts.whichNote(mostLines)} {options.length === 0 && texts.noLines}
      </Hint>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section style={{ maxHeight: 260, overflow: 'auto' }} aria-label={texts.whichList} tabIndex={0}>
        <Stack gap={6} p={2}>
          {options.map(({ id, label }) => {
            const isOn = chosen.includes(id);
            return (
              <Checkbox
                key={id}
                label={label}
                checked={isOn}
                disabled={isOn ? chosen.length === 1 : chosen.length >= mostLines}
                onChange={() => toggleOf(id)}
              />
            );
          })}
        </Stack>
      </section>
    </Panel>
  );
}

/** The steps of the series from which the lines follow, or of one line of a list of one's own. */
export function Compression() {
  const { by, series } = useCurves((state) => state.choice);
  const lines = useCurves((state) => state.lines);
  const [wanted, setWanted] = useState(0);
  const index = by === 'series' ? Math.min(wanted, series.length - 1) : 0;
  const { model, steps, axis } = series[index];
  const family = modelOf(model)?.family ?? shippedFamilies[0];
  return (
    <Panel title={texts.compression} gap="md">
      {by === 'series' && (
        <Stack gap="xs">
          <Select
            label={texts.lineToChange}
            data={series.map((_, at) => ({
              value: letterOf(at),
              label: texts.lineName(letterOf(at), lines[at]?.label ?? ''),
            }))}
            value={letterOf(index)}
            onChange={(letter) => setWanted(series.findIndex((_, at) => letterOf(at) === letter))}
          />
          <Group gap="xs">
            <Button
              size="xs"
              variant="light"
              leftSection={<IconPlus size={14} />}
              disabled={series.length >= mostLines}
              onClick={() => {
                addSeries();
                setWanted(series.length);
              }}
            >
              {texts.addLine}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconTrash size={14} />}
              disabled={series.length === 1}
              onClick={() => removeSeries(index)}
            >
              {texts.removeLine}
            </Button>
          </Group>
        </Stack>
      )}
      {steps.map((step, at) => (
        <Step
          // A step has no name of its own: another one at its place is another one.
          key={`${index} ${at} ${step.method}`}
          step={step}
          at={at}
          of={steps.length}
          isSwept={at === axis}
          family={family}
          onChange={(next) => setStep(index, at, next)}
          onSweep={() => setAxis(index, at)}
          onRemove={() => removeStep(index, at)}
        />
      ))}
      {steps.length < maxSteps && (
        <div>
          <MethodPicker
            target={(open) => (
              <Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={open}>
                {texts.addStep}
              </Button>
            )}
            onPick={(method) => addStep(index, newStep(method))}
          />
        </div>
      )}
    </Panel>
  );
}

interface StepProps {
  step: StepChoice;
  at: number;
  of: number;
  isSwept: boolean;
  family: FamilyId;
  onChange: (step: StepChoice) => void;
  onSweep: () => void;
  onRemove: () => void;
}

function Step({ step, at, of, isSwept, family, onChange, onSweep, onRemove }: StepProps) {
  const draft = useDraft(step, null, onChange);
  return (
    <fieldset aria-label={texts.step(at + 1, of)} style={{ margin: 0, padding: 0, border: 'none' }}>
      <Stack gap="xs">
        {of > 1 && (
          <Text size="sm" fw={600} className="lossy-numbers">
            {texts.step(at + 1, of)}
            {isSwept ? '' : `: ${describeStep(step)}`}
          </Text>
        )}
        <StepFields draft={draft} scopes={scopeListOf(family)} />
        {isSwept ? (
          <Hint>{texts.swept}</Hint>
        ) : (
          <LevelSlider
            title={texts.horizontal.level.label}
            levels={levelsOf(step)}
            value={step.level}
            isSmall
            onChange={(level) => onChange({ ...step, level })}
          />
        )}
        {of > 1 && (
          <Group gap="xs">
            {!isSwept && (
              <Button size="compact-sm" variant="default" onClick={onSweep}>
                {texts.sweep}
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={onRemove}>
              {texts.removeStep(at + 1)}
            </Button>
          </Group>
        )}
      </Stack>
    </fieldset>
  );
}
