import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { PlainError } from '../../lab/errors.ts';
import { failure as texts } from '../texts/parts.ts';

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
      title={texts.titles[error.kind]}
      // The alert's own shade of yellow is too pale to read.
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      withCloseButton={onClose !== undefined}
      closeButtonLabel={texts.dismiss}
      onClose={onClose}
    >
      <Text size="sm">
        {error.message} {error.advice}
      </Text>
      {onRetry && (
        <Button mt="xs" size="xs" variant="light" color={serious ? 'red' : 'yellow'} onClick={onRetry}>
          {texts.retry}
        </Button>
      )}
    </Alert>
  );
}
