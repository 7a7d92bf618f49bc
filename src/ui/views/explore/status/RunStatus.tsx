import { Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { pause, start, stop } from '../../../../app/views/explore/explore.ts';
import { useLab } from '../../../../app/views/explore/explore-store.ts';
import { Failure } from '../../../parts/Failure.tsx';
import { bytes } from '../../../parts/format.ts';
import { RunButtons } from '../../../parts/RunButtons.tsx';
import { runWords } from '../../../parts/runWords.ts';
import { work as texts } from '../../../texts/work.ts';

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
                ? texts.looking
                : load.done < load.total
                  ? texts.loading(bytes(load.done), bytes(load.total))
                  : texts.opening
              : runWords(run)}
          </Text>
          <Progress value={share * 100} size="sm" aria-label={texts.progress} />
          <Text size="xs" c="dimmed">
            {running ? texts.device(running.device, running.checkedTo?.toExponential(0) ?? null) : texts.local}
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
