import { Select } from '@mantine/core';
import { usePage } from '../../../app/page/page.ts';
import { offerOf } from '../../../app/page/suites.ts';
import type { SuiteOffer } from '../../../app/recipe/offers.ts';
import { suites } from '../../../app/shipped.ts';
import { isUserSuite } from '../../../app/storage/user-suite-id.ts';
import { choose as texts } from '../../texts/choose.ts';
import { count } from '../format.ts';

interface Props {
  label: string;
  value: string;
  onChange: (suite: SuiteOffer) => void;
}

/** The suites that are shipped, and those that the visitor brought under a heading of their own. */
export function SuiteSelect({ label, value, onChange }: Props) {
  const own = usePage((state) => state.userSuites);
  const data = (['facts', 'tasks'] as const).map((kind) => ({
    group: texts.groups[kind],
    items: suites.filter((suite) => suite.kind === kind).map(({ id, title, probes }) => item(id, title, probes)),
  }));
  const brought = own.map(({ id, title, probes }) => item(id, title, probes));
  if (isUserSuite(value) && !own.some(({ id }) => id === value)) brought.push({ value, label: texts.elsewhere });
  return (
    <Select
      label={label}
      data={brought.length > 0 ? [...data, { group: texts.own, items: brought }] : data}
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
