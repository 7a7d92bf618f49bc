import { Paper, Stack } from '@mantine/core';
import { pause, start, stop } from '../../../app/views/explore/explore.ts';
import { isLinked, useExplore } from '../../../app/views/explore/explore-store.ts';
import columns from '../../parts/columns.module.css';
import { Deferred } from '../../parts/Deferred.tsx';
import classes from '../../parts/parts.module.css';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { explore as texts } from '../../texts/explore.ts';
import { Curve } from './curve/Curve.tsx';
import { FactPanel } from './facts/FactPanel.tsx';
import { ForgettingMap } from './map/ForgettingMap.tsx';
import { Provenance } from './Provenance.tsx';
import { QuestionPanel } from './QuestionPanel.tsx';
import { RecipePanel } from './RecipePanel.tsx';
import { RelatedViews } from './RelatedViews.tsx';
import { RelationTable } from './relations/RelationTable.tsx';
import { StepSlider } from './StepSlider.tsx';
import { LinkNote } from './status/LinkNote.tsx';
import { Numbers } from './status/Numbers.tsx';
import { Sentence } from './status/Sentence.tsx';

/** One model, fact by fact: what it forgets as the slider moves. */
export default function Explore() {
  const steps = useExplore((state) => state.choice.steps.length);
  return (
    <>
      <LinkNote />
      <main className={columns.sevenFive}>
        <Stack gap="md">
          <Paper withBorder p="md" component="section" aria-label={texts.compression}>
            <Stack gap="md">
              <Sentence />
              {Array.from({ length: steps }, (_, index) => (
                <StepSlider key={index} index={index} />
              ))}
            </Stack>
          </Paper>
          <Deferred height={214}>
            <QuestionPanel />
          </Deferred>
          <Deferred height={96}>
            <Running />
          </Deferred>
        </Stack>
        <div>
          <Deferred height={480}>
            <Curve />
          </Deferred>
        </div>
        <Stack gap="md">
          <Deferred height={1400}>
            <ForgettingMap />
          </Deferred>
          <Deferred height={540}>
            <RelationTable />
          </Deferred>
          <Deferred height={260}>
            <Numbers />
          </Deferred>
          <Deferred height={120}>
            <RelatedViews />
          </Deferred>
        </Stack>
        <div>
          <Stack gap="md" h="100%">
            <Deferred height={320}>
              <RecipePanel />
            </Deferred>
            <div className={classes.follow}>
              <Deferred height={260}>
                <FactPanel />
              </Deferred>
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
  const run = useExplore((state) => state.run);
  const isIdle = useExplore((state) => isLinked(state) && state.run.status === 'idle');
  return isIdle ? null : <RunPanel run={run} onStart={() => void start()} onPause={pause} onStop={stop} />;
}
