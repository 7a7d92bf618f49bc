import { Group, SegmentedControl, type SegmentedControlProps, Text } from '@mantine/core';
import { useId } from 'react';

interface Props<Value extends string | number> extends Pick<SegmentedControlProps, 'size' | 'orientation'> {
  label: string;
  /** Where the label stands; only screen readers have it without. */
  labelled?: 'above' | 'beside';
  values: readonly Value[];
  words: (value: Value) => string;
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few choices that are all in sight. */
export function Segments<Value extends string | number>(props: Props<Value>) {
  const { label, labelled, values, words, value, onChange, ...look } = props;
  const id = useId();
  const control = (
    <SegmentedControl
      {...(labelled ? { 'aria-labelledby': id } : { 'aria-label': label })}
      value={String(value)}
      onChange={(chosen) => onChange(values.find((each) => String(each) === chosen)!)}
      data={values.map((each) => ({ value: String(each), label: words(each) }))}
      {...look}
    />
  );
  if (!labelled) return control;
  const name = (
    <Text size="sm" id={id} {...(labelled === 'above' && { fw: 600, mb: 4 })}>
      {label}
    </Text>
  );
  return labelled === 'above' ? (
    <div>
      {name}
      {control}
    </div>
  ) : (
    <Group gap="sm">
      {name}
      {control}
    </Group>
  );
}
