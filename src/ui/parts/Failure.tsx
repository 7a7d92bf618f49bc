import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { PlainError } from '../../lab/errors.ts';

const titles: Record<PlainError['kind'], string> = {
  'bad-model': 'This model cannot be used',
  'bad-tokenizer': 'The tokenizer does not fit',
  'bad-suite': 'These facts cannot be used',
  'bad-recipe': 'This recipe is not possible',
  'bad-link': 'The link cannot be read',
  'bad-file': 'The file cannot be used',
  download: 'The download failed',
  storage: 'Results are not kept',
  'no-webgpu': 'No graphics processor to compute on',
  'device-lost': 'The graphics processor was lost',
  'device-wrong': 'The graphics processor cannot be used',
  worker: 'The computing thread stopped',
  cancelled: 'Stopped',
  internal: 'Something went wrong in the lab',
};

interface Props {
  error: PlainError;
  /** Something that stopped the work; otherwise the lab went on by itself. */
  serious?: boolean;
  onRetry?: () => void;
  onClose?: () => void;
}

/** What happened, and what to do. */
export function Failure({ error, serious = false, onRetry, onClose }: Props) {
  return (
    <Alert
      role={serious ? 'alert' : 'status'}
      color={serious ? 'red' : 'yellow'}
      icon={serious ? <IconAlertTriangle /> : <IconInfoCircle />}
      title={titles[error.kind]}
      // The alert's own shade of yellow is too pale to read.
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      withCloseButton={onClose !== undefined}
      closeButtonLabel="Dismiss"
      onClose={onClose}
    >
      <Text size="sm">
        {error.message} {error.advice}
      </Text>
      {onRetry && (
        <Button mt="xs" size="xs" variant="light" color={serious ? 'red' : 'yellow'} onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
