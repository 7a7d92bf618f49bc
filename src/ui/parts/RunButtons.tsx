import { Button, Group } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { runButtons as texts } from '../texts/parts.ts';

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
            {texts.pause}
          </Button>
          <Button variant="default" size="sm" leftSection={<IconPlayerStop size={16} />} onClick={onStop}>
            {texts.stop}
          </Button>
        </>
      ) : (
        status !== 'finished' && (
          <Button size="sm" leftSection={<IconPlayerPlay size={16} />} onClick={onStart}>
            {status === 'paused' ? texts.goOn : texts.run}
          </Button>
        )
      )}
    </Group>
  );
}
