import { Text } from '@mantine/core';
import { useExplore } from '../../../app/views/explore/explore-store.ts';
import { ModelSource, SuiteSource } from '../../parts/Source.tsx';
import { source as texts } from '../../texts/parts.ts';

/** Where the model and the facts come from, and what of them is not asked. */
export function Provenance() {
  const opened = useExplore((state) => state.opened);
  const skipped = useExplore((state) => state.probes?.skipped);
  if (!opened) return null;
  const { model, suite } = opened;
  return (
    <Text component="section" size="xs" c="dimmed" aria-label={texts.title}>
      <ModelSource {...model} /> <SuiteSource {...suite} id={suite.name} skipped={skipped ?? []} />
    </Text>
  );
}
