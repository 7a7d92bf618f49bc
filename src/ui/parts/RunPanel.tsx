import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import type { RunState } from '../../app/run/status.ts';
import { modelOf } from '../../app/shipped.ts';
import { run as texts } from '../texts/run.ts';
import { Failure } from './Failure.tsx';
import { RunButtons } from './RunButtons.tsx';
import { runWords } from './runWords.ts';

interface Props {
  run: RunState;
  /** What a press on “Run” computes, in words: shown while nothing runs. */
  offer?: string;
  onStart: () => void;
  onPause: () => void;
  onStop: () => void;
}

/** How far a run is, how long the rest takes, and how to pause and stop it. */
export function RunPanel({ run, offer, onStart, onPause, onStop }: Props) {
  const { status, done, of, sample, load, at, running } = run;
  const failures = Object.entries(run.failures).map(([model, error]) => {
    const title = modelOf(model)?.title;
    // Which model it was is plain where there is one.
    const isOne = status === 'failed' && Object.keys(run.failures).length === 1;
    return title && !isOne ? { ...error, message: texts.failed(title, error.message) } : error;
  });
  const shown = load && at === null ? { done: load.done, of: load.total } : (sample ?? { done, of });
  return (
    <Stack gap="sm">
      {failures.map((error) => (
        <Failure key={error.message} serious error={error} onRetry={onStart} />
      ))}
      {status !== 'failed' && (
        <Paper withBorder p="sm" component="section" aria-label={texts.title}>
          <Group justify="space-between" wrap="nowrap" align="center">
            <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" className="lossy-numbers" mih={22}>
                {status === 'idle' && offer ? offer : runWords(run)}
              </Text>
              <Progress
                value={shown.of === 0 ? 0 : (shown.done / shown.of) * 100}
                size="sm"
                aria-label={texts.progress}
              />
              <Text size="xs" c="dimmed">
                {running ? texts.device(running.device, running.checkedTo?.toExponential(0) ?? null) : texts.local}
              </Text>
            </Stack>
            <RunButtons
              isBusy={status === 'running'}
              status={status}
              onStart={onStart}
              onPause={onPause}
              onStop={onStop}
            />
          </Group>
        </Paper>
      )}
    </Stack>
  );
}
