import { Paper, Skeleton, Stack, Text } from '@mantine/core';
import { describeEffect, entryOf } from '../../../app/recipe/catalogue.ts';
import { levelsOf } from '../../../app/recipe/curve.ts';
import { load, missingOf, pause, setLevel, start, stop } from '../../../app/views/layers/layers.ts';
import { useLayers } from '../../../app/views/layers/layers-store.ts';
import columns from '../../parts/columns.module.css';
import { LevelSlider } from '../../parts/controls/LevelSlider.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { count } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { CellPanel } from './CellPanel.tsx';
import { ForecastPanel } from './ForecastPanel.tsx';
import { LayersControls } from './LayersControls.tsx';
import { MapPanel } from './MapPanel.tsx';

/** Heights of what is not there yet, so that nothing jumps when it comes. */
const heights = { map: 470, cell: 560, forecast: 520 };

/** One model, part by part: which of them hold what it knows. */
export default function LayersView() {
  const step = useLayers((state) => state.choice.step);
  const isOpen = useLayers((state) => state.map !== null);
  const error = useLayers((state) => state.error);
  const { axisLabel } = entryOf(step.method);
  return (
    <main className={columns.eightFour}>
      <Stack gap="md">
        <Paper withBorder p="md" component="section" aria-label={texts.compression}>
          <Stack gap="md">
            <Text size="lg" fw={600}>
              {step.level === 0 ? texts.nothing : texts.question(describeEffect(step))}
            </Text>
            <LevelSlider title={axisLabel} levels={levelsOf(step)} value={step.level} onChange={setLevel} />
          </Stack>
        </Paper>
        {error && <Failure serious error={error} onRetry={() => void load()} />}
        <Computing />
        {isOpen ? <MapPanel /> : <Waiting title={texts.map} height={heights.map} />}
        {isOpen ? <CellPanel /> : <Skeleton height={heights.cell} />}
        {isOpen ? <ForecastPanel /> : <Waiting title={texts.forecast} height={heights.forecast} />}
      </Stack>
      <div>
        <LayersControls />
      </div>
    </main>
  );
}

function Waiting({ title, height }: { title: string; height: number }) {
  return (
    <Panel title={title}>
      <Skeleton height={height} />
    </Panel>
  );
}

function Computing() {
  const run = useLayers((state) => state.run);
  const amount = useLayers(({ choice, of }) => (choice.amount === 0 ? of : Math.min(choice.amount, of)));
  const missing = useLayers(missingOf);
  // The first sample being there is not all that was asked for.
  const isMore = missing > 0 && run.status === 'finished';
  const shown = isMore ? { ...run, status: 'idle' as const } : run;
  return (
    <RunPanel
      run={shown}
      offer={missing > 0 ? texts.offer(count(missing), count(missing * amount)) : undefined}
      onStart={() => void start()}
      onPause={pause}
      onStop={stop}
    />
  );
}
