import { Select, Stack, Text } from '@mantine/core';
import { scopeListOf } from '../../app/catalogue.ts';
import { setModel, setStep, setSuite, setTemplate } from '../../app/families/families.ts';
import { useFamilies } from '../../app/families/store.ts';
import { modelsOf, shippedFamilies } from '../../app/shipped.ts';
import { familyWordsOf } from '../../app/words.ts';
import { SuiteSelect } from '../choose/SuiteSelect.tsx';
import { useWordings } from '../choose/useWordings.ts';
import { Wordings } from '../choose/Wordings.tsx';
import { StepFields } from '../controls/StepFields.tsx';
import { useDraft } from '../controls/useDraft.ts';
import { OwnFacts } from '../own/OwnFacts.tsx';
import { million } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';

/** Every scope that some family has. */
const scopes = [
  ...new Map(shippedFamilies.flatMap((family) => scopeListOf(family)).map((scope) => [scope.id, scope])).values(),
];

/** What is compared: models, compression, questions. */
export function FamiliesControls() {
  const { models, suite, template, step } = useFamilies((state) => state.choice);
  const absent = useFamilies((state) =>
    state.tracks
      .filter(({ status }) => status === 'absent')
      .map(({ family }) => familyWordsOf(family).term.toLowerCase())
      .join(' and '),
  );
  // Which models are opened changes; what does not fit one of them is said where that one fails.
  const draft = useDraft(step, null, setStep);
  const wordings = useWordings(suite, template);
  return (
    <Stack gap="md">
      <Panel title="Questions">
        <Stack gap="sm">
          <SuiteSelect label="Asked to all of them" value={suite} onChange={setSuite} />
          <Wordings label="Asked" wordings={wordings} value={template} onChange={setTemplate} />
          <div>
            <OwnFacts chosen={suite} onChoose={setSuite} />
          </div>
        </Stack>
      </Panel>
      <Panel title="Models">
        <Stack gap="sm">
          {shippedFamilies.map((family) => (
            <Select
              key={family}
              label={familyWordsOf(family).label}
              size="sm"
              allowDeselect={false}
              data={modelsOf(family).map(({ id, title, parameters }) => ({
                value: id,
                label: `${title} (${million(parameters)})`,
              }))}
              value={models[family]}
              onChange={(id) => id && setModel(family, id)}
            />
          ))}
        </Stack>
      </Panel>
      <Panel title="How all are compressed">
        <Stack gap="xs">
          <StepFields
            draft={draft}
            scopes={scopes}
            scopeNote={
              absent && <Text size="xs">Models of the kind {absent} have no such layers: they have no curve here.</Text>
            }
          />
        </Stack>
      </Panel>
    </Stack>
  );
}
