import { Paper, Skeleton, Stack } from '@mantine/core';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import { levelsOf } from '../../../app/recipe/curve.ts';
import { pause, setLevel, start, stop } from '../../../app/views/families/families.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import columns from '../../parts/columns.module.css';
import { LevelSlider } from '../../parts/controls/LevelSlider.tsx';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { families as texts } from '../../texts/families.ts';
import { CurvePanel } from './CurvePanel.tsx';
import { FamiliesControls } from './FamiliesControls.tsx';
import { FamiliesSentence } from './FamiliesSentence.tsx';
import { FamiliesSource } from './FamiliesSource.tsx';
import { Groups } from './Groups.tsx';

/** Models of every family, compressed alike: which forgets most, and what. */
export default function Families() {
  const step = useFamilies((state) => state.choice.step);
  const isOpen = useFamilies((state) => state.tracks.length > 0);
  const run = useFamilies((state) => state.run);
  const { axisLabel } = entryOf(step.method);
  if (!isOpen) return <Skeleton height={600} />;
  return (
    <>
      <main className={columns.eightFour}>
        <Stack gap="md">
          <Paper withBorder p="md" component="section" aria-label={texts.compression}>
            <Stack gap="md">
              <FamiliesSentence />
              <LevelSlider title={axisLabel} levels={levelsOf(step)} value={step.level} onChange={setLevel} />
            </Stack>
          </Paper>
          <CurvePanel />
          <RunPanel run={run} onStart={() => void start()} onPause={pause} onStop={stop} />
          <Groups />
        </Stack>
        <div>
          <FamiliesControls />
        </div>
      </main>
      <FamiliesSource />
    </>
  );
}
