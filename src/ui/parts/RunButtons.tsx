import { Button, Group } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';

interface Props {
  isBusy: boolean;
  /** Whether pausing makes sense: a download can only be stopped. */
  canPause?: boolean;
  status: 'idle' | 'running' | 'paused' | 'finished' | 'failed';
  onStart: () => void;
  onPause: () => void;
  onStop: () => void;
}

/** Starts, pauses and stops what is being computed. */
export function RunButtons({ isBusy, canPause = true, status, onStart, onPause, onStop }: Props) {
  return (
    <Group gap="xs" wrap="nowrap">
      {isBusy ? (
        <>
          <Button
            variant="light"
            size="sm"
            leftSection={<IconPlayerPause size={16} />}
            onClick={onPause}
            disabled={!canPause}
          >
            Pause
          </Button>
          <Button variant="default" size="sm" leftSection={<IconPlayerStop size={16} />} onClick={onStop}>
            Stop
          </Button>
        </>
      ) : (
        status !== 'finished' && (
          <Button size="sm" leftSection={<IconPlayerPlay size={16} />} onClick={onStart}>
            {status === 'paused' ? 'Go on' : 'Run'}
          </Button>
        )
      )}
    </Group>
  );
}
