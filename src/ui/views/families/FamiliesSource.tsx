import { Text } from '@mantine/core';
import { usePage } from '../../../app/page/page.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { suiteOf } from '../../../app/shipped.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import { ModelSource, SuiteSource } from '../../parts/Source.tsx';
import { familiesSource as texts } from '../../texts/families.ts';
import { source } from '../../texts/parts.ts';

/** Where the models and the questions come from, and what of them is not asked. */
export function FamiliesSource() {
  const tracks = useFamilies((state) => state.tracks);
  const id = useFamilies((state) => state.choice.suite);
  const own = usePage((state) => state.userSuites.find((entry) => entry.id === id));
  const suite = suiteOf(id) ?? (own && { ...own, licence: texts.noLicence });
  const skipped = tracks.flatMap(({ family, layout }) =>
    (layout?.skipped ?? []).map(({ reason, count }) => ({
      reason: texts.skipped(familyWordsOf(family).term, reason),
      count,
    })),
  );
  return (
    <Text component="section" size="xs" c="dimmed" aria-label={source.title}>
      <details>
        <summary>{texts.models}</summary>
        {tracks.map(({ family, model }) => (
          <p key={family}>
            <ModelSource {...model} />
          </p>
        ))}
      </details>
      {suite && <SuiteSource {...suite} id={id} skipped={skipped} />}
    </Text>
  );
}
