import { Select, Stack } from '@mantine/core';
import type { SuiteOffer } from '../../../app/recipe/offers.ts';
import type { Question } from '../../../app/recipe/question.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { modelOf, modelsOf, type ShippedModel, shippedFamilies } from '../../../app/shipped.ts';
import { question as texts } from '../../texts/question.ts';
import { SuiteSelect } from './SuiteSelect.tsx';
import { useWordings } from './useWordings.ts';
import { Wordings } from './Wordings.tsx';

interface Props {
  value: Question;
  /** Not given where the model is chosen elsewhere. */
  onModel?: (model: ShippedModel) => void;
  onSuite: (suite: SuiteOffer) => void;
  onTemplate: (template: Question['template']) => void;
}

const models = shippedFamilies.map((family) => ({
  group: familyWordsOf(family).label,
  items: modelsOf(family).map(({ id, title }) => ({ value: id, label: title })),
}));

/** Which model is asked what, and how: for a view that has one question. */
export function QuestionFields({ value: { model, suite, template }, onModel, onSuite, onTemplate }: Props) {
  const wordings = useWordings(suite, template);
  return (
    <Stack gap="sm">
      {onModel && (
        <Select
          label={texts.model}
          data={models}
          value={model}
          onChange={(id) => {
            const chosen = modelOf(id ?? '');
            if (chosen && id !== model) onModel(chosen);
          }}
        />
      )}
      <SuiteSelect label={texts.suite} value={suite} onChange={onSuite} />
      <Wordings label={texts.wording} wordings={wordings} value={template} onChange={onTemplate} />
    </Stack>
  );
}
