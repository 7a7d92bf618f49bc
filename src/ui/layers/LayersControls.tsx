import { SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { amounts } from '../../app/amounts.ts';
import { setAmount, setModel, setStep, setSuite, setTemplate } from '../../app/layers/layers.ts';
import { useLayers } from '../../app/layers/store.ts';
import { modelOf, models } from '../../app/shipped.ts';
import { familyWordsOf } from '../../app/words.ts';
import { SuiteSelect } from '../choose/SuiteSelect.tsx';
import { useWordings } from '../choose/useWordings.ts';
import { Wordings } from '../choose/Wordings.tsx';
import { StepFields } from '../controls/StepFields.tsx';
import { useDraft } from '../controls/useDraft.ts';
import { million } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { layers as texts } from '../texts/layers.ts';

const offers = models.map(({ id, title, parameters, family }) => ({
  value: id,
  label: `${title} (${million(parameters)}, ${familyWordsOf(family).term.toLowerCase()})`,
}));

/** What is asked of whom, and how its parts are compressed. */
export function LayersControls() {
  const { model, suite, template, step, amount } = useLayers((state) => state.choice);
  // What does not fit a part is said in its cell.
  const draft = useDraft(step, null, setStep);
  const wordings = useWordings(suite, template);
  const id = useId();
  return (
    <Stack gap="md">
      <Panel title={texts.questions}>
        <Stack gap="sm">
          <Select
            label={texts.model}
            size="sm"
            allowDeselect={false}
            data={offers}
            value={model}
            onChange={(chosen) => {
              const found = modelOf(chosen ?? '');
              if (found) setModel(found);
            }}
          />
          <SuiteSelect label={texts.suite} value={suite} onChange={setSuite} />
          <Wordings label={texts.wording} wordings={wordings} value={template} onChange={setTemplate} />
          <div>
            <Text size="sm" id={id} mb={4}>
              {texts.amount}
            </Text>
            <SegmentedControl
              size="xs"
              aria-labelledby={id}
              value={String(amount)}
              onChange={(value) => setAmount(amounts.find((known) => String(known) === value)!)}
              data={amounts.map((value) => ({ value: String(value), label: texts.amounts(value) }))}
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
