import { Skeleton, Stack } from '@mantine/core';
import { pause, setModel, setSuite, setTemplate, start, stop } from '../../../app/views/decide/decide.ts';
import { useDecide } from '../../../app/views/decide/decide-store.ts';
import { QuestionFields } from '../../parts/choose/QuestionFields.tsx';
import columns from '../../parts/columns.module.css';
import { Panel } from '../../parts/Panel.tsx';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { decide as texts } from '../../texts/decide.ts';
import { question } from '../../texts/question.ts';
import { Answer } from './Answer.tsx';
import { Limits } from './Limits.tsx';
import { Offers } from './Offers.tsx';

/** How far a model can be compressed: two limits, the recipe to take, and the model to take along. */
export default function DecideView() {
  const isOpen = useDecide((state) => state.isOpen);
  const choice = useDecide((state) => state.choice);
  const run = useDecide((state) => state.run);
  return (
    <main className={columns.fourEight}>
      <Stack gap="md">
        <Panel title={question.title}>
          <QuestionFields value={choice} onModel={setModel} onSuite={setSuite} onTemplate={setTemplate} />
        </Panel>
        <Limits />
      </Stack>
      <Stack gap="md">
        {isOpen ? <Answer /> : <Skeleton height={380} animate={false} />}
        <RunPanel run={run} offer={texts.offer} onStart={() => void start()} onPause={pause} onStop={stop} />
        {isOpen ? <Offers /> : <Skeleton height={760} animate={false} />}
      </Stack>
    </main>
  );
}
