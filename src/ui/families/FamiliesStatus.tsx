import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { pause, start, stop } from '../../app/families/families.ts';
import { type FamiliesState, useFamilies } from '../../app/families/store.ts';
import { familyWordsOf, preparingWords } from '../../app/words.ts';
import { Failure } from '../parts/Failure.tsx';
import { bytes, count, duration } from '../parts/format.ts';
import { RunButtons } from '../parts/RunButtons.tsx';

/** What is being loaded and asked, how long it will take, and how to stop it. */
export function FamiliesStatus() {
  const run = useFamilies((state) => state.run);
  const tracks = useFamilies((state) => state.tracks);
  const isAsking = useFamilies((state) => state.asksKinds !== null);
  const isBusy = run.status === 'running' || isAsking;
  const { done, of } = run.sample ?? run;
  const failed = tracks.filter(({ status, error }) => status === 'failed' && error);
  return (
    <Stack gap="sm">
      {failed.map(({ family, error }) => (
        <Failure
          key={family}
          serious
          error={{ ...error!, message: `${familyWordsOf(family).term}: ${error!.message}` }}
          onRetry={() => void start()}
        />
      ))}
      {run.error && <Failure serious error={run.error} onRetry={() => void start()} />}
      <Paper withBorder p="sm" component="section" aria-label="Computing">
        <Group justify="space-between" wrap="nowrap" align="center">
          <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" className="lossy-numbers" mih={22}>
              {sentence(run, tracks, isAsking)}
            </Text>
            <Progress value={of === 0 ? 0 : (done / of) * 100} size="sm" aria-label="Progress" />
            <Text size="xs" c="dimmed">
              {run.at && isBusy
                ? `Now: ${[run.at, preparingWords(run.preparing)].filter(Boolean).join(', ')}`
                : 'Everything is computed on this machine; nothing leaves it.'}
            </Text>
          </Stack>
          <RunButtons isBusy={isBusy} status={run.status} onStart={() => void start()} onPause={pause} onStop={stop} />
        </Group>
      </Paper>
    </Stack>
  );
}

function sentence(run: FamiliesState['run'], tracks: FamiliesState['tracks'], isAsking: boolean): string {
  if (isAsking) return 'Asking the other kinds of questions …';
  const amount = `${count(run.done)} of ${count(run.of)} answers`;
  const left = run.secondsLeft === null ? '' : `${duration(run.secondsLeft)} left`;
  switch (run.status) {
    case 'running': {
      const loading = tracks.filter(({ status }) => status === 'loading');
      if (loading.length > 0 && loading.length === tracks.filter(({ status }) => status !== 'absent').length) {
        const sum = (value: 'done' | 'total') => loading.reduce((total, { load }) => total + load[value], 0);
        return `Loading the models: ${bytes(sum('done'))} of ${bytes(sum('total'))}`;
      }
      if (run.sample)
        return [`First samples: ${count(run.sample.done)} of ${count(run.sample.of)} answers`, left]
          .filter(Boolean)
          .join(', ');
      return [`Refining: ${amount}`, run.rate === null ? '' : `${count(Math.round(run.rate))} a second`, left]
        .filter(Boolean)
        .join(', ');
    }
    case 'paused':
      return `Paused: ${amount} are there and kept.`;
    case 'finished':
      return `All ${count(run.of)} answers are there.`;
    default:
      return run.of === 0 ? 'Nothing is running.' : `Stopped: ${amount} are there and kept.`;
  }
}
