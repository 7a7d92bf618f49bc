import { ActionIcon, Anchor, Button, Group, NumberInput, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { catalogue, coverageOf, entryOf, isMethodId, scopeListOf } from '../../app/catalogue.ts';
import { familyOfChoice } from '../../app/choose.ts';
import type { StepChoice } from '../../app/curve.ts';
import { addStep, moveStepUp, removeStep, setStep } from '../../app/edit.ts';
import { useLab } from '../../app/store.ts';
import { Panel } from '../parts/Panel.tsx';

const mostSteps = 3;
const kinds = { prune: 'Remove weights (pruning)', quantize: 'Fewer bits (quantization)' } as const;

const methodData = (['prune', 'quantize'] as const).map((kind) => ({
  group: kinds[kind],
  items: catalogue.filter((entry) => entry.kind === kind).map(({ id, label }) => ({ value: id, label })),
}));

/** The steps of the recipe in their order, each with its method, scope and parameters. */
export function Steps() {
  const steps = useLab((state) => state.choice.steps);
  const other: StepChoice =
    entryOf(steps[steps.length - 1].method).kind === 'prune'
      ? { method: 'rtn', scope: 'overall', params: {}, level: 3 }
      : { method: 'magnitude-global', scope: 'overall', params: {}, level: 3 };
  return (
    <Panel title="How it is compressed">
      <Stack gap="lg">
        {steps.map((step, index) => (
          <StepForm key={index} step={step} index={index} of={steps.length} />
        ))}
        {steps.length < mostSteps && (
          <Button variant="light" size="xs" leftSection={<IconPlus size={16} />} onClick={() => addStep(other)}>
            Then {other.method === 'rtn' ? 'round what is left to few bits' : 'remove weights'}
          </Button>
        )}
      </Stack>
    </Panel>
  );
}

function StepForm({ step, index, of }: { step: StepChoice; index: number; of: number }) {
  const { term, help, citation, controls } = entryOf(step.method);
  const family = useLab((state) => familyOfChoice(state.choice));
  const scopeList = scopeListOf(family);
  const scope = scopeList.find(({ id }) => id === step.scope);
  return (
    <Stack gap="xs" component="fieldset" p={0} m={0} style={{ border: 'none', minWidth: 0 }}>
      <Group justify="space-between">
        <Text component="legend" fw={600} size="sm">
          {of > 1 ? `Step ${index + 1}` : 'Method'}
        </Text>
        {of > 1 && (
          <Group gap={4}>
            {index > 0 && (
              <Tooltip label="Do this step earlier">
                <ActionIcon variant="subtle" aria-label={`Move step ${index + 1} up`} onClick={() => moveStepUp(index)}>
                  <IconArrowUp size={18} />
                </ActionIcon>
              </Tooltip>
            )}
            <Tooltip label="Leave this step out">
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={`Remove step ${index + 1}`}
                onClick={() => removeStep(index)}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </Tooltip>
          </Group>
        )}
      </Group>
      <Select
        aria-label="Method"
        data={methodData}
        value={step.method}
        allowDeselect={false}
        onChange={(method) => {
          if (isMethodId(method)) setStep(index, { method, params: {}, level: 1 });
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
        data={scopeList.map(({ id, label }) => ({ value: id, label }))}
        value={step.scope}
        allowDeselect={false}
        onChange={(value) => value && setStep(index, { scope: value })}
        description={scope?.help}
        inputWrapperOrder={['label', 'input', 'description']}
      />
      <Coverage scope={step.scope} />
      {controls.map((control) => {
        const value = step.params[control.name] ?? control.default;
        const change = (next: string | number) => setStep(index, { params: { ...step.params, [control.name]: next } });
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
    </Stack>
  );
}

/** How many of the model's layers a scope covers, and which it leaves alone. */
function Coverage({ scope }: { scope: string }) {
  const sites = useLab((state) => state.opened?.model.sites);
  if (!sites) return null;
  const { covered, leftOut } = coverageOf(scope, sites);
  const sentence = `Covers ${covered} of ${sites.length} linear layers.`;
  if (leftOut.length === 0)
    return (
      <Text size="xs" c="dimmed">
        {sentence}
      </Text>
    );
  return (
    <Text size="xs" c="dimmed" component="details">
      <summary>
        {sentence} Left alone: {leftOut.length}.
      </summary>
      {leftOut.join(', ')}
    </Text>
  );
}
