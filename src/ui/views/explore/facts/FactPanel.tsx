import { Group, Select, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { look } from '../../../../app/views/explore/explore.ts';
import { currentEstimate, currentPoint, useExplore } from '../../../../app/views/explore/explore-store.ts';
import columns from '../../../parts/columns.module.css';
import { estimatedFrom } from '../../../parts/format.ts';
import { Panel } from '../../../parts/Panel.tsx';
import { facts as texts } from '../../../texts/facts.ts';
import { Mark } from '../map/Mark.tsx';
import { fateOf, fates } from '../map/outcome.ts';
import { Answers } from './Answers.tsx';
import { History } from './History.tsx';
import { matchingFacts } from './list.ts';
import { Options } from './Options.tsx';

/** At most so many facts are offered at once; typing finds the others. */
const mostOffered = 60;

/** One fact or question: what was asked, what counts as right, and what the model says before and after. */
export function FactPanel() {
  const probes = useExplore((state) => state.probes);
  const { relation, probe } = useExplore((state) => state.view);
  const [search, setSearch] = useState('');
  // The name of the chosen fact stands in the field: that is no search.
  const typed = probe !== null && probes?.subjects[probe] === search ? '' : search;
  const facts = useMemo(
    () => matchingFacts(probes, relation, typed, probe, mostOffered),
    [probes, relation, typed, probe],
  );
  const isTask = probes?.relations.some(({ task }) => task !== null) ?? false;
  return (
    <Panel title={texts.title(isTask)}>
      <Select
        label={relation === null ? texts.searchAll(isTask) : texts.ofChosen(isTask)}
        placeholder={texts.placeholder(isTask)}
        searchable
        clearable
        data={facts}
        // They are filtered already.
        filter={({ options }) => options}
        searchValue={search}
        onSearchChange={setSearch}
        value={probe === null ? null : String(probe)}
        disabled={!probes}
        onChange={(value) => look({ probe: value === null ? null : Number(value) })}
        mb="sm"
        nothingFoundMessage={texts.nothingFound(isTask)}
      />
      {probes && probe !== null && probe < probes.prompts.length ? (
        <Fact probe={probe} />
      ) : (
        <Text size="sm" c="dimmed">
          {probes ? texts.choose(isTask) : texts.waiting}
        </Text>
      )}
    </Panel>
  );
}

function Fact({ probe }: { probe: number }) {
  const probes = useExplore((state) => state.probes)!;
  const baseline = useExplore((state) => state.baseline.result);
  const point = useExplore(currentPoint);
  const place = useMemo(() => probes.order.indexOf(probe), [probes, probe]);
  const estimate = useExplore(currentEstimate);
  const fate = fateOf(baseline, point?.result ?? estimate, probe);
  const right = probes.right[probe];
  const gold = probes.gold[probe];
  const sides = [
    { title: texts.uncompressed, result: baseline },
    { title: point?.label ?? '', result: point?.result ?? null },
  ];
  return (
    <Stack gap="sm">
      <Text fw={600} style={{ whiteSpace: 'pre-line', maxHeight: 220, overflow: 'auto' }}>
        {probes.prompts[probe]}
      </Text>
      <Text size="sm">
        {texts.right} <b>{right >= 0 ? gold[right] : gold.join(', ')}</b>
        {frequencyWords(probes.frequency[probe])}
      </Text>
      <Group gap={6}>
        <Mark fate={fate} />
        <Text size="sm">
          {fates.find((entry) => entry.fate === fate)?.label}
          {estimate && fate !== 'unasked' && texts.estimated(estimatedFrom(estimate.from))}
        </Text>
      </Group>
      <div className={right >= 0 ? undefined : columns.two}>
        {sides.map(({ title, result }, side) =>
          right >= 0 ? (
            <Options key={side} title={title} result={result} place={place} options={gold} right={right} />
          ) : (
            <Answers key={side} title={title} result={result} place={place} gold={gold} />
          ),
        )}
      </div>
      <History probe={probe} place={place} options={right >= 0 ? gold : null} />
    </Stack>
  );
}

/** How often the training stated a fact, where that is known. */
function frequencyWords(frequency: number | null): string {
  if (frequency === null) return '';
  return frequency === 0 ? texts.neverStated : texts.stated(frequency);
}
