import { useMatches } from '@mantine/core';
import { wordingWords } from '../../../app/recipe/offers.ts';
import type { Wording } from '../../../lab/suite/suite.ts';
import { Segments } from '../controls/Segments.tsx';

interface Props {
  label: string;
  wordings: readonly Wording[];
  value: Wording;
  onChange: (wording: Wording) => void;
}

/** How a suite is asked, in plain words. */
export function Wordings({ label, wordings, value, onChange }: Props) {
  const orientation = useMatches({ base: 'vertical' as const, xs: 'horizontal' as const });
  return (
    <Segments
      label={label}
      labelled="beside"
      orientation={orientation}
      values={wordings}
      words={(wording) => wordingWords[wording].label}
      value={value}
      onChange={onChange}
    />
  );
}
