import { Button, Group } from '@mantine/core';
import { askMore, pause, start, stop } from '../../../app/views/curves/curves.ts';
import { useCurves } from '../../../app/views/curves/curves-store.ts';
import { count } from '../../parts/format.ts';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { curves as texts } from '../../texts/curves.ts';

/** What is computed, and how to ask more of it. */
export function Computing() {
  const run = useCurves((state) => state.run);
  const { results, missing } = useCurves((state) => state.needed);
  const canAsk = run.status !== 'running' && missing < results;
  return (
    <div>
      <RunPanel
        run={run}
        offer={texts.offer(count(results), count(missing))}
        onStart={() => void start()}
        onPause={pause}
        onStop={stop}
      />
      <Group gap="xs" mt="xs" justify="flex-end">
        <Button size="xs" variant="default" disabled={!canAsk} onClick={() => void askMore()}>
          {texts.more}
        </Button>
        <Button size="xs" variant="default" disabled={!canAsk} onClick={() => void askMore(true)}>
          {texts.all}
        </Button>
      </Group>
    </div>
  );
}
