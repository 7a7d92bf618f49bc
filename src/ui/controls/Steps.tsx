import { ActionIcon, Button, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { coverageOf, entryOf, scopeListOf } from '../../app/catalogue.ts';
import { familyOfChoice } from '../../app/choose.ts';
import type { StepChoice } from '../../app/curve.ts';
import { addStep, moveStepUp, removeStep, setStep } from '../../app/edit.ts';
import { useLab } from '../../app/store.ts';
import { Panel } from '../parts/Panel.tsx';
import { StepFields } from './StepFields.tsx';

const mostSteps = 3;
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
  const family = useLab((state) => familyOfChoice(state.choice));
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
      <StepFields
        step={step}
        scopes={scopeListOf(family)}
        scopeNote={<Coverage scope={step.scope} />}
        onChange={(change) => setStep(index, change)}
      />
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
