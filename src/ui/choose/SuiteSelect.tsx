import { Select } from '@mantine/core';
import type { SuiteOffer } from '../../app/choose.ts';
import { isOwnSuite } from '../../app/own-id.ts';
import { usePage } from '../../app/page.ts';
import { suites } from '../../app/shipped.ts';
import { offerOf } from '../../app/suites.ts';
import { count } from '../parts/format.ts';

interface Props {
  label: string;
  value: string;
  onChange: (suite: SuiteOffer) => void;
}

const groups = { facts: 'Facts', tasks: 'Tasks' } as const;

/** The suites that are shipped, and those that the visitor brought under a heading of their own. */
export function SuiteSelect({ label, value, onChange }: Props) {
  const own = usePage((state) => state.own);
  const data = (['facts', 'tasks'] as const).map((kind) => ({
    group: groups[kind],
    items: suites.filter((suite) => suite.kind === kind).map(({ id, title, probes }) => item(id, title, probes)),
  }));
  const brought = own.map(({ id, title, probes }) => item(id, title, probes));
  if (isOwnSuite(value) && !own.some(({ id }) => id === value))
    brought.push({ value, label: 'somebody else’s files (not on this machine)' });
  return (
    <Select
      label={label}
      size="sm"
      allowDeselect={false}
      data={brought.length > 0 ? [...data, { group: 'Your own, on this machine', items: brought }] : data}
      value={value}
      onChange={(id) => {
        const offer = offerOf(id ?? '');
        if (offer && id !== value) onChange(offer);
      }}
    />
  );
}

const item = (value: string, title: string, probes: number) => ({ value, label: `${title} (${count(probes)})` });
