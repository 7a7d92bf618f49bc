import { Stack } from '@mantine/core';
import { sampleSizes } from '../../../app/link/sample-sizes.ts';
import { setAmount, setModel, setStep, setSuite, setTemplate } from '../../../app/views/layers/layers.ts';
import { useLayers } from '../../../app/views/layers/layers-store.ts';
import { QuestionFields } from '../../parts/choose/QuestionFields.tsx';
import { Segments } from '../../parts/controls/Segments.tsx';
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
  return (
    <Stack gap="md">
      <Panel title={question.title} gap="sm">
        <QuestionFields value={choice} onModel={setModel} onSuite={setSuite} onTemplate={setTemplate} />
        <Segments
          label={texts.amount}
          labelled="above"
          values={sampleSizes}
          words={texts.amounts}
          value={amount}
          onChange={setAmount}
        />
      </Panel>
      <Panel title={texts.method} gap="xs">
        <StepFields draft={draft} />
      </Panel>
    </Stack>
  );
}
