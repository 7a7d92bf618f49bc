import { Group, Paper, Select } from '@mantine/core';
import { wordingWords } from '../../../app/recipe/offers.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { modelOf, modelsOf, shippedFamilies } from '../../../app/shipped.ts';
import { setModel, setSuite, setTemplate } from '../../../app/views/explore/edit.ts';
import { useExplore } from '../../../app/views/explore/explore-store.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { SuiteSelect } from '../../parts/choose/SuiteSelect.tsx';
import { useWordings } from '../../parts/choose/useWordings.ts';
import { Wordings } from '../../parts/choose/Wordings.tsx';
import columns from '../../parts/columns.module.css';
import { bytes, million } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { RichText } from '../../parts/RichText.tsx';
import { UserFacts } from '../../parts/user-facts/UserFacts.tsx';
import { choose as texts } from '../../texts/choose.ts';
import { question } from '../../texts/question.ts';

/** Which model Explore asks, which questions, and in which wording. */
export function QuestionPanel() {
  const { model: id, suite, template } = useExplore((state) => state.choice);
  const isLinked = useExplore((state) => state.link !== null && state.opened === null);
  const model = modelOf(id);
  const family = model?.family ?? shippedFamilies[0];
  const wordings = useWordings(suite, template);
  const siblings = modelsOf(family);
  return (
    <Paper withBorder p="md" component="section" aria-label={question.title}>
      <div className={columns.three}>
        <Select
          label={texts.family}
          data={shippedFamilies.map((value) => ({ value, label: familyWordsOf(value).label }))}
          value={family}
          onChange={(value) => {
            const [first] = modelsOf(value as FamilyId);
            if (first && value !== family) setModel(first);
          }}
        />
        <Select
          label={texts.model}
          data={siblings.map(({ id: value, title }) => ({ value, label: title }))}
          value={id}
          onChange={(value) => {
            const chosen = modelOf(value ?? '');
            if (chosen) setModel(chosen);
          }}
        />
        <SuiteSelect label={texts.suite} value={suite} onChange={setSuite} />
      </div>
      <Group gap="sm" mt="sm" justify="space-between">
        <Wordings label={texts.wording} wordings={wordings} value={template} onChange={setTemplate} />
        <UserFacts chosen={suite} onChoose={setSuite} />
      </Group>
      <Hint mt={6}>
        {familyWordsOf(family).help}
        {model && !isLinked && ` ${texts.cost(million(model.parameters), bytes(model.bytes))}`}{' '}
        {wordingWords[template].help}
        {template === 'held-out' && <RichText phrase={texts.heldOut} />}
      </Hint>
    </Paper>
  );
}
