import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { familyWordsOf, preparingWords } from '../../../app/recipe/words.ts';
import { pause, start, stop } from '../../../app/views/families/families.ts';
import { type FamiliesState, useFamilies } from '../../../app/views/families/families-store.ts';
import { Failure } from '../../parts/Failure.tsx';
import { bytes, count, duration } from '../../parts/format.ts';
import { RunButtons } from '../../parts/RunButtons.tsx';
import { familiesStatus as texts } from '../../texts/families.ts';
import { work } from '../../texts/work.ts';

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
          error={{ ...error!, message: texts.failed(familyWordsOf(family).term, error!.message) }}
          onRetry={() => void start()}
        />
      ))}
      {run.error && <Failure serious error={run.error} onRetry={() => void start()} />}
      <Paper withBorder p="sm" component="section" aria-label={work.title}>
        <Group justify="space-between" wrap="nowrap" align="center">
          <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" className="lossy-numbers" mih={22}>
              {sentence(run, tracks, isAsking)}
            </Text>
            <Progress value={of === 0 ? 0 : (done / of) * 100} size="sm" aria-label={work.progress} />
            <Text size="xs" c="dimmed">
              {run.at && isBusy ? texts.now([run.at, preparingWords(run.preparing)].filter(Boolean)) : work.local}
            </Text>
          </Stack>
          <RunButtons isBusy={isBusy} status={run.status} onStart={() => void start()} onPause={pause} onStop={stop} />
        </Group>
      </Paper>
    </Stack>
  );
}

function sentence(run: FamiliesState['run'], tracks: FamiliesState['tracks'], isAsking: boolean): string {
  if (isAsking) return texts.kinds;
  const amount = work.amount(count(run.done), count(run.of));
  const left = run.secondsLeft === null ? '' : work.left(duration(run.secondsLeft));
  switch (run.status) {
    case 'running': {
      const loading = tracks.filter(({ status }) => status === 'loading');
      if (loading.length > 0 && loading.length === tracks.filter(({ status }) => status !== 'absent').length) {
        const sum = (value: 'done' | 'total') => loading.reduce((total, { load }) => total + load[value], 0);
        return texts.loading(bytes(sum('done')), bytes(sum('total')));
      }
      if (run.sample)
        return [texts.sample(work.amount(count(run.sample.done), count(run.sample.of))), left]
          .filter(Boolean)
          .join(', ');
      return [texts.refining(amount), run.rate === null ? '' : work.rate(count(Math.round(run.rate))), left]
        .filter(Boolean)
        .join(', ');
    }
    case 'paused':
      return work.paused(amount);
    case 'finished':
      return work.finished(count(run.of));
    default:
      return run.of === 0 ? work.idle : work.stopped(amount);
  }
}
