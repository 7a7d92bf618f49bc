import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { NumberControl, Value } from '../../../lab/compress/controls.ts';
import { stepFields as texts } from '../../texts/controls.ts';

interface Props {
  control: NumberControl;
  /** Null where it has none at the moment: its step is left out. */
  value: Value | null;
  error?: string;
  onChange: (value: Value) => void;
  /** The field was left: what was typed counts now. */
  onFlush: () => void;
}

/** A number that may be typed freely: what is not allowed is said, not corrected. */
export function NumberField({ control, value, error, onChange, onFlush }: Props) {
  const [text, setText] = useState<Value>('');
  const { title, description, min, max, step, kind } = control;
  return (
    <NumberInput
      label={title}
      description={description}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      min={min}
      max={max}
      step={step}
      startValue={control.default}
      clampBehavior="none"
      inputMode={kind === 'integer' ? 'numeric' : 'decimal'}
      placeholder={value === null ? texts.off : undefined}
      // What is being typed, such as "0.", means the same as the value and is not replaced by it.
      value={value !== null && meaning(text) === value ? text : (value ?? '')}
      error={error}
      errorProps={{ role: 'alert' }}
      onChange={(typed) => {
        setText(typed);
        if (meaning(typed) !== value && !(value === null && typed === '')) onChange(meaning(typed));
      }}
      onBlur={onFlush}
    />
  );
}

/** The number that a text stands for; the text itself where it stands for none. */
function meaning(text: Value): Value {
  const number = typeof text === 'string' && text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : text;
}
