import { Paper, Stack } from '@mantine/core';
import { pause, start, stop } from '../../../app/views/explore/explore.ts';
import { isLinked, useLab } from '../../../app/views/explore/explore-store.ts';
import { Choose } from '../../parts/choose/Choose.tsx';
import columns from '../../parts/columns.module.css';
import { LevelSlider } from '../../parts/controls/LevelSlider.tsx';
import { Steps } from '../../parts/controls/Steps.tsx';
import { Later } from '../../parts/Later.tsx';
import classes from '../../parts/parts.module.css';
import { WorkPanel } from '../../parts/WorkPanel.tsx';
import { explore as texts } from '../../texts/explore.ts';
import { Curve } from './curve/Curve.tsx';
import { Elsewhere } from './Elsewhere.tsx';
import { FactPanel } from './facts/FactPanel.tsx';
import { ForgettingMap } from './map/ForgettingMap.tsx';
import { Provenance } from './Provenance.tsx';
import { RelationTable } from './relations/RelationTable.tsx';
import { LinkNote } from './status/LinkNote.tsx';
import { Numbers } from './status/Numbers.tsx';
import { Sentence } from './status/Sentence.tsx';

/** One model, fact by fact: what it forgets as the slider moves. */
export default function Explore() {
  const steps = useLab((state) => state.choice.steps.length);
  return (
    <>
      <LinkNote />
      <main className={columns.sevenFive}>
        <div>
          <Stack gap="md">
            <Paper withBorder p="md" component="section" aria-label={texts.compression}>
              <Stack gap="md">
                <Sentence />
                {Array.from({ length: steps }, (_, index) => (
                  <LevelSlider key={index} index={index} />
                ))}
              </Stack>
            </Paper>
            <Later height={214}>
              <Choose />
            </Later>
            <Later height={96}>
              <Running />
            </Later>
          </Stack>
        </div>
        <div>
          <Later height={480}>
            <Curve />
          </Later>
        </div>
        <div>
          <Stack gap="md">
            <Later height={1400}>
              <ForgettingMap />
            </Later>
            <Later height={540}>
              <RelationTable />
            </Later>
            <Later height={260}>
              <Numbers />
            </Later>
            <Later height={120}>
              <Elsewhere />
            </Later>
          </Stack>
        </div>
        <div>
          <Stack gap="md" h="100%">
            <Later height={320}>
              <Steps />
            </Later>
            <div className={classes.follow}>
              <Later height={260}>
                <FactPanel />
              </Later>
            </div>
          </Stack>
        </div>
      </main>
      <Provenance />
    </>
  );
}

/** What the lab is doing. Nothing while a link's results are shown and nothing is computed. */
function Running() {
  const run = useLab((state) => state.run);
  const isIdle = useLab((state) => isLinked(state) && state.run.status === 'idle');
  return isIdle ? null : <WorkPanel work={run} onStart={() => void start()} onPause={pause} onStop={stop} />;
}
