import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { pause, start, stop } from '../../app/lab.ts';
import { useLab } from '../../app/store.ts';
import { preparingWords } from '../../app/words.ts';
import { Failure } from '../parts/Failure.tsx';
import { bytes, count, duration } from '../parts/format.ts';
import { RunButtons } from '../parts/RunButtons.tsx';

/** What the lab is doing, how long it will take, and how to stop it. */
export function RunStatus() {
  const load = useLab((state) => state.load);
  const run = useLab((state) => state.run);
  const running = useLab((state) => state.running);
  const isLinked = useLab((state) => state.link !== null && state.link.comparisons === null);
  if (load.status === 'failed' && load.error)
    return <Failure serious error={load.error} onRetry={() => void start()} />;
  if (run.status === 'failed' && run.error) return <Failure serious error={run.error} onRetry={() => void start()} />;
  if (isLinked && load.status === 'idle') return null;
  const isBusy = load.status === 'loading' || run.status === 'running';
  const share =
    load.status === 'loading' ? (load.total === 0 ? 0 : load.done / load.total) : run.of === 0 ? 0 : run.done / run.of;
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" wrap="nowrap" align="center">
        <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" className="lossy-numbers">
            {load.status === 'loading'
              ? load.total === 0
                ? 'Looking for the model …'
                : load.done < load.total
                  ? `Loading the model: ${bytes(load.done)} of ${bytes(load.total)}`
                  : 'Reading the model …'
              : sentence(run)}
          </Text>
          <Progress value={share * 100} size="sm" aria-label="Progress" />
          <Text size="xs" c="dimmed">
            {running
              ? `${running.device}${running.checkedTo === null ? '' : `, checked against WebAssembly to ${running.checkedTo.toExponential(0)}`}`
              : 'Everything is computed on this machine; nothing leaves it.'}
          </Text>
        </Stack>
        <RunButtons
          isBusy={isBusy}
          canPause={load.status !== 'loading'}
          status={run.status}
          onStart={() => void start()}
          onPause={pause}
          onStop={stop}
        />
      </Group>
    </Paper>
  );
}

function sentence(run: ReturnType<typeof useLab.getState>['run']): string {
  const { status, done, of, rate, secondsLeft, at, preparing } = run;
  const amount = `${count(done)} of ${count(of)} answers`;
  switch (status) {
    case 'running':
      return [
        amount,
        at === null ? '' : `now ${at}`,
        preparingWords(preparing),
        rate === null ? '' : `${count(Math.round(rate))} a second`,
        secondsLeft === null ? '' : `${duration(secondsLeft)} left`,
      ]
        .filter(Boolean)
        .join(', ');
    case 'paused':
      return `Paused: ${amount} are there and kept.`;
    case 'finished':
      return `All ${count(of)} answers are there.`;
    default:
      return of === 0 ? 'Nothing is running.' : `Stopped: ${amount} are there and kept.`;
  }
}
