import { Anchor, NumberInput, Select, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { catalogue, entryOf, isMethodId } from '../../app/catalogue.ts';
import type { StepChoice } from '../../app/curve.ts';

const kinds = { prune: 'Remove weights (pruning)', quantize: 'Fewer bits (quantization)' } as const;

const methodData = (['prune', 'quantize'] as const).map((kind) => ({
  group: kinds[kind],
  items: catalogue.filter((entry) => entry.kind === kind).map(({ id, label }) => ({ value: id, label })),
}));

interface Props {
  step: StepChoice;
  scopes: readonly { id: string; label: string; help: string }[];
  /** What is to be said of the chosen scope. */
  scopeNote?: ReactNode;
  onChange: (change: Partial<StepChoice>) => void;
}

/** The choices of one step: method, scope and the method's own parameters. */
export function StepFields({ step, scopes, scopeNote, onChange }: Props) {
  const { term, help, citation, controls } = entryOf(step.method);
  return (
    <>
      <Select
        aria-label="Method"
        data={methodData}
        value={step.method}
        allowDeselect={false}
        onChange={(method) => {
          if (isMethodId(method)) onChange({ method, params: {}, level: 1 });
        }}
      />
      <Text size="xs" c="dimmed">
        In the field’s terms: {term}. {help}{' '}
        <Anchor size="xs" href={citation.url} target="_blank" rel="noreferrer">
          {citation.text}
        </Anchor>
      </Text>
      <Select
        label="Applied to"
        data={scopes.map(({ id, label }) => ({ value: id, label }))}
        value={step.scope}
        allowDeselect={false}
        onChange={(scope) => scope && onChange({ scope })}
        description={scopes.find(({ id }) => id === step.scope)?.help}
        inputWrapperOrder={['label', 'input', 'description']}
      />
      {scopeNote}
      {controls.map((control) => {
        const value = step.params[control.name] ?? control.default;
        const change = (next: string | number) => onChange({ params: { ...step.params, [control.name]: next } });
        const shared = {
          label: control.title,
          description: control.description,
          inputWrapperOrder: ['label' as const, 'input' as const, 'description' as const],
        };
        return control.kind === 'choice' ? (
          <Select
            key={control.name}
            {...shared}
            data={[...new Set([...control.choices, String(value)])]}
            value={String(value)}
            allowDeselect={false}
            onChange={(next) => next && change(next)}
          />
        ) : (
          <NumberInput
            key={control.name}
            {...shared}
            min={control.min}
            max={control.max}
            step={control.step}
            allowDecimal={control.kind === 'number'}
            value={Number(value)}
            clampBehavior="strict"
            onChange={(next) => typeof next === 'number' && change(next)}
          />
        );
      })}
    </>
  );
}
