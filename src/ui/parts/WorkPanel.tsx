import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import type { WorkState } from '../../app/run/runner.ts';
import { work as texts } from '../texts/work.ts';
import { Failure } from './Failure.tsx';
import { bytes } from './format.ts';
import { RunButtons } from './RunButtons.tsx';
import { runWords } from './runWords.ts';

interface Props {
  work: WorkState;
  /** What a press on “Run” computes, in words: shown while nothing runs. */
  offer?: string;
  onStart: () => void;
  onPause: () => void;
  onStop: () => void;
}

/** How far a list of results is, how long the rest takes, and how to pause and stop it. */
export function WorkPanel({ work, offer, onStart, onPause, onStop }: Props) {
  const { status, done, of, load, error } = work;
  const isBusy = status === 'running';
  if (status === 'failed' && error) return <Failure serious error={error} onRetry={onStart} />;
  const share = load && load.done < load.total ? load.done / Math.max(1, load.total) : of === 0 ? 0 : done / of;
  return (
    <Paper withBorder p="sm" component="section" aria-label={texts.title}>
      <Group justify="space-between" wrap="nowrap" align="center">
        <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" className="lossy-numbers" mih={22}>
            {status === 'idle' && offer ? offer : sentence(work)}
          </Text>
          <Progress value={share * 100} size="sm" aria-label={texts.progress} />
        </Stack>
        <RunButtons isBusy={isBusy} status={status} onStart={onStart} onPause={onPause} onStop={onStop} />
      </Group>
    </Paper>
  );
}

function sentence(work: WorkState): string {
  const { status, of, load } = work;
  if (status !== 'running') return runWords(work);
  if (load && load.done < load.total) return texts.loading(bytes(load.done), bytes(load.total));
  return of === 0 ? texts.opening : runWords(work);
}
