import { Select } from '@mantine/core';
import { usePage } from '../../../app/page/page.ts';
import type { SuiteOffer } from '../../../app/recipe/offers.ts';
import { offerOf } from '../../../app/run/user-suites.ts';
import { suites } from '../../../app/shipped.ts';
import { isUserSuite } from '../../../app/storage/user-suite-id.ts';
import { choose as texts } from '../../texts/choose.ts';
import { count } from '../format.ts';

interface Props {
  label: string;
  value: string;
  onChange: (suite: SuiteOffer) => void;
}

/** The shipped suites, and the user’s own under a separate heading. */
export function SuiteSelect({ label, value, onChange }: Props) {
  const userSuites = usePage((state) => state.userSuites);
  const data = (['facts', 'tasks'] as const).map((kind) => ({
    group: texts.groups[kind],
    items: suites.filter((suite) => suite.kind === kind).map(({ id, title, probes }) => item(id, title, probes)),
  }));
  const added = userSuites.map(({ id, title, probes }) => item(id, title, probes));
  if (isUserSuite(value) && !userSuites.some(({ id }) => id === value)) added.push({ value, label: texts.elsewhere });
  return (
    <Select
      label={label}
      data={added.length > 0 ? [...data, { group: texts.own, items: added }] : data}
      value={value}
      onChange={(id) => {
        const offer = offerOf(id ?? '');
        if (offer && id !== value) onChange(offer);
      }}
    />
  );
}

const item = (value: string, title: string, probes: number) => ({
  value,
  label: texts.suiteOffer(title, count(probes)),
});
