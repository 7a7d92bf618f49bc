import { Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { IconPackageExport, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { type ExportFormatId, type ExportStep, exportRecipe, formatIds, stopExport } from '../../../app/run/export.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import type { PlainError } from '../../../lab/errors.ts';
import { exportModel as texts } from '../../texts/export.ts';
import { Failure } from '../Failure.tsx';
import { count, percent } from '../format.ts';
import { Hint } from '../Hint.tsx';

interface Props {
  model: string;
  /** Its texts are what methods measure on, and what the result is checked with. */
  suite: string;
  recipe: Recipe;
  format: ExportFormatId;
  onFormat: (format: ExportFormatId) => void;
}

/** Writes a compressed model as a zip, with the format to choose, progress, and what the check messages. */
export function ExportButton({ model, suite, recipe, format, onFormat }: Props) {
  const [step, setStep] = useState<ExportStep | null>(null);
  const [messages, setMessages] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<{ of: string; error: PlainError } | null>(null);
  // What cannot be saved is this recipe in this format: another one may.
  const wanted = JSON.stringify([model, recipe, format]);
  const save = async () => {
    setMessages([]);
    setFailure(null);
    setStep({ phase: 'compressing', share: 0 });
    const made = await exportRecipe({ model, suite }, recipe, format, setStep);
    setStep(null);
    if ('error' in made) {
      if (made.error.kind === 'cancelled') setMessages([texts.stopped]);
      else setFailure({ of: wanted, error: made.error });
      return;
    }
    const { name, files, verified } = made;
    setMessages([
      texts.saved(name, count(files.length)),
      ...(verified
        ? [texts.verified(count(verified.same), count(verified.texts), verified.worst.toExponential(1))]
        : []),
    ]);
  };
  const error = failure?.of === wanted ? failure.error : null;
  return (
    <Stack gap="xs">
      <Group gap="sm" align="end">
        <Select
          label={texts.format}
          disabled={step !== null}
          value={format}
          data={formatIds.map((value) => ({ value, label: texts.formats[value] }))}
          onChange={(value) => value && onFormat(value as ExportFormatId)}
          style={{ flex: '1 1 280px' }}
        />
        {step === null ? (
          <Button leftSection={<IconPackageExport size={18} />} onClick={() => void save()}>
            {texts.button}
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} />}
            onClick={() => void stopExport({ model })}
          >
            {texts.cancel}
          </Button>
        )}
      </Group>
      <Progress value={step ? step.share * 100 : 0} size="sm" aria-label={texts.progress} />
      <div role="status" style={{ minHeight: 44 }}>
        {step && (
          <Text size="sm" className="lossy-numbers">
            {texts.step(texts.phases[step.phase], percent(step.share, 0))}
          </Text>
        )}
        {messages.map((line) => (
          <Text key={line} size="sm">
            {line}
          </Text>
        ))}
        {!step && messages.length === 0 && !error && <Hint>{texts.help}</Hint>}
      </div>
      {error && <Failure serious error={error} />}
    </Stack>
  );
}
