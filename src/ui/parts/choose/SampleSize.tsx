import { SegmentedControl, Text } from '@mantine/core';
import { useId } from 'react';
import { type SampleSize as Size, sampleSizes } from '../../../app/link/sample-sizes.ts';

interface Props {
  label: string;
  value: Size;
  onChange: (size: Size) => void;
  words: (size: Size) => string;
}

/** How many questions are asked. */
export function SampleSize({ label, value, onChange, words }: Props) {
  const id = useId();
  return (
    <>
      <Text size="sm" id={id} mb={4}>
        {label}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={String(value)}
        onChange={(chosen) => onChange(sampleSizes.find((size) => String(size) === chosen)!)}
        data={sampleSizes.map((size) => ({ value: String(size), label: words(size) }))}
      />
    </>
  );
}
