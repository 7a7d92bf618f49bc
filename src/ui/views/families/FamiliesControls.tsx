import { Select, Stack, Text } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import { scopeListOf } from '../../../app/recipe/catalogue.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { modelsOf, shippedFamilies } from '../../../app/shipped.ts';
import { setModel, setStep, setSuite, setTemplate } from '../../../app/views/families/families.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import { SuiteSelect } from '../../parts/choose/SuiteSelect.tsx';
import { useWordings } from '../../parts/choose/useWordings.ts';
import { Wordings } from '../../parts/choose/Wordings.tsx';
import { StepFields } from '../../parts/controls/StepFields.tsx';
import { useDraft } from '../../parts/controls/useDraft.ts';
import { million } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { UserFacts } from '../../parts/user-facts/UserFacts.tsx';
import { familiesControls as texts } from '../../texts/families.ts';

/** Every scope that some family has. */
const scopes = [
  ...new Map(shippedFamilies.flatMap((family) => scopeListOf(family)).map((scope) => [scope.id, scope])).values(),
];

/** What is compared: models, compression, questions. */
export function FamiliesControls() {
  const { models, suite, template, step } = useFamilies((state) => state.choice);
  const absent = useFamilies(
    useShallow((state) =>
      state.tracks
        .filter(({ status }) => status === 'absent')
        .map(({ family }) => familyWordsOf(family).term.toLowerCase()),
    ),
  );
  // Which models are opened changes; what does not fit one of them is said where that one fails.
  const draft = useDraft(step, null, setStep);
  const wordings = useWordings(suite, template);
  return (
    <Stack gap="md">
      <Panel title={texts.questions} gap="sm">
        <SuiteSelect label={texts.suite} value={suite} onChange={setSuite} />
        <Wordings label={texts.wording} wordings={wordings} value={template} onChange={setTemplate} />
        <div>
          <UserFacts chosen={suite} onChoose={setSuite} />
        </div>
      </Panel>
      <Panel title={texts.models} gap="sm">
        {shippedFamilies.map((family) => (
          <Select
            key={family}
            label={familyWordsOf(family).label}
            data={modelsOf(family).map(({ id, title, parameters }) => ({
              value: id,
              label: texts.model(title, million(parameters)),
            }))}
            value={models[family]}
            onChange={(id) => id && setModel(family, id)}
          />
        ))}
      </Panel>
      <Panel title={texts.compression} gap="xs">
        <StepFields
          draft={draft}
          scopes={scopes}
          scopeNote={absent.length > 0 && <Text size="xs">{texts.absent(absent)}</Text>}
        />
      </Panel>
    </Stack>
  );
}
