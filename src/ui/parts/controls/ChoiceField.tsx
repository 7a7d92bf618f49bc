import { Group, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { choiceWords } from '../../../app/recipe/words.ts';
import type { ChoiceControl, Value } from '../../../lab/compress/controls.ts';
import { stepFields as texts } from '../../texts/controls.ts';
import classes from './controls.module.css';

interface Props {
  control: ChoiceControl;
  value: Value | null;
  error?: string;
  onChange: (value: string, options?: { typed: boolean }) => void;
  onFlush: () => void;
}

const inputOrder: ('label' | 'input' | 'error' | 'description')[] = ['label', 'input', 'error', 'description'];

/** One of a few choices, in plain words; where groups of any size are among them, with their size. */
export function ChoiceField(props: Props) {
  const { control, error, onChange } = props;
  const value = String(props.value ?? control.default);
  if (control.isOpen && control.choices.some((choice) => groupSize(choice) !== null))
    return <GroupedField {...props} />;
  return (
    <Select
      className={classes.wide}
      label={control.title}
      description={control.description}
      inputWrapperOrder={inputOrder}
      data={[...new Set([...control.choices, value])].map((choice) => item(control, choice))}
      value={value}
      error={error}
      errorProps={{ role: 'alert' }}
      onChange={(next) => next && onChange(next)}
    />
  );
}

const item = (control: ChoiceControl, value: string) => ({ value, label: choiceWords(control, value) });

/** What stands behind `group-`; null for what names no group. */
function groupSize(choice: string): string | null {
  return choice.startsWith('group-') ? choice.slice('group-'.length) : null;
}

/** The size that most people take. */
const usualSize = '64';

function GroupedField({ control, value: given, error, onChange, onFlush }: Props) {
  const value = String(given ?? control.default);
  const size = groupSize(value);
  const sizes = control.choices.flatMap((choice) => groupSize(choice) ?? []);
  const [text, setText] = useState<Value>('');
  return (
    <div className={classes.wide}>
      <Select
        label={control.title}
        description={control.description}
        inputWrapperOrder={inputOrder}
        data={[
          ...control.choices.filter((choice) => groupSize(choice) === null).map((choice) => item(control, choice)),
          item(control, 'group'),
        ]}
        value={size === null ? value : 'group'}
        error={size === null && error}
        errorProps={{ role: 'alert' }}
        onChange={(next) => {
          if (next === 'group') onChange(`group-${sizes.includes(usualSize) ? usualSize : sizes[0]}`);
          else if (next) onChange(next);
        }}
      />
      {size !== null && (
        <Group mt="xs">
          <NumberInput
            label={texts.groupSize}
            description={texts.usual(sizes)}
            inputWrapperOrder={inputOrder}
            w="100%"
            min={2}
            clampBehavior="none"
            inputMode="numeric"
            value={String(text) === size ? text : size}
            error={error}
            errorProps={{ role: 'alert' }}
            onChange={(typed) => {
              setText(typed);
              if (String(typed) !== size) onChange(`group-${typed}`, { typed: true });
            }}
            onBlur={onFlush}
          />
        </Group>
      )}
    </div>
  );
}
