import { Group, SegmentedControl, Text, useMatches } from '@mantine/core';
import { useId } from 'react';
import { wordingWords } from '../../../app/recipe/offers.ts';
import type { Wording } from '../../../lab/suite/suite.ts';

interface Props {
  label: string;
  wordings: readonly Wording[];
  value: Wording;
  onChange: (wording: Wording) => void;
}

/** How a suite is asked, in plain words. */
export function Wordings({ label, wordings, value, onChange }: Props) {
  const id = useId();
  const orientation = useMatches({ base: 'vertical' as const, xs: 'horizontal' as const });
  return (
    <Group gap="sm">
      <Text size="sm" id={id}>
        {label}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        orientation={orientation}
        value={value}
        onChange={(wording) => onChange(wording as Wording)}
        data={wordings.map((wording) => ({ value: wording, label: wordingWords[wording].label }))}
      />
    </Group>
  );
}
