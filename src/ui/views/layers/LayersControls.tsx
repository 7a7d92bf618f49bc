import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { sampleSizes } from '../../../app/link/sample-sizes.ts';
import { setAmount, setModel, setStep, setSuite, setTemplate } from '../../../app/views/layers/layers.ts';
import { useLayers } from '../../../app/views/layers/layers-store.ts';
import { QuestionFields } from '../../parts/choose/QuestionFields.tsx';
import { StepFields } from '../../parts/controls/StepFields.tsx';
import { useDraft } from '../../parts/controls/useDraft.ts';
import { Panel } from '../../parts/Panel.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { question } from '../../texts/question.ts';

/** What is asked of whom, and how its parts are compressed. */
export function LayersControls() {
  const choice = useLayers((state) => state.choice);
  const { step, amount } = choice;
  // What does not fit a part is said in its cell.
  const draft = useDraft(step, null, setStep);
  const id = useId();
  return (
    <Stack gap="md">
      <Panel title={question.title}>
        <Stack gap="sm">
          <QuestionFields value={choice} onModel={setModel} onSuite={setSuite} onTemplate={setTemplate} />
          <div>
            <Text size="sm" id={id} mb={4}>
              {texts.amount}
            </Text>
            <SegmentedControl
              size="xs"
              aria-labelledby={id}
              value={String(amount)}
              onChange={(value) => setAmount(sampleSizes.find((known) => String(known) === value)!)}
              data={sampleSizes.map((value) => ({ value: String(value), label: texts.amounts(value) }))}
            />
          </div>
        </Stack>
      </Panel>
      <Panel title={texts.method}>
        <Stack gap="xs">
          <StepFields draft={draft} />
        </Stack>
      </Panel>
    </Stack>
  );
}
