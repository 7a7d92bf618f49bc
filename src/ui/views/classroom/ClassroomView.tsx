import { Anchor, Button, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconArrowLeft,
  IconArrowRight,
  IconKeyboard,
  IconMaximize,
  IconPresentation,
  IconShare,
} from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { Shared } from '../../../app/link/sharing.ts';
import { modelOf } from '../../../app/shipped.ts';
import {
  compute,
  goTo,
  pause,
  setPresenting,
  shareLesson,
  stop,
  turn,
} from '../../../app/views/classroom/classroom.ts';
import { question, screens } from '../../../app/views/classroom/classroom-choice.ts';
import { useClassroom } from '../../../app/views/classroom/classroom-store.ts';
import { bytes, count } from '../../parts/format.ts';
import { RunPanel } from '../../parts/RunPanel.tsx';
import { classroom as texts } from '../../texts/classroom.ts';
import { ShareLink } from '../explore/status/ShareLink.tsx';
import classes from './classroom.module.css';
import { Guess } from './Guess.tsx';
import { figures } from './Story.tsx';
import { toggleFullScreen, useKeys } from './useKeys.ts';
import { type Projected, useProjector } from './useProjector.ts';

/** A lesson: the class draws its guess, sees what happened, and is led through a story of six steps. */
export default function ClassroomView() {
  const isPresenting = useClassroom((state) => state.choice.isPresenting);
  const [isHelp, setHelp] = useState(false);
  const toggleHelp = useCallback(() => setHelp((is) => !is), []);
  useKeys({ isPresenting, onHelp: toggleHelp });
  const projector = useProjector(isPresenting);
  const isLow = useMediaQuery('(max-height: 800px)');
  if (!isPresenting)
    return (
      <main>
        <Stack gap="md">
          <Paper withBorder p="md">
            <Lesson scale={1} height={isLow ? 270 : 340} />
          </Paper>
          <Source />
        </Stack>
      </main>
    );
  return (
    // The lesson's own keys end it.
    <Modal.Root
      opened
      fullScreen
      onClose={() => setPresenting(false)}
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content aria-label={texts.title}>
        <Modal.Body p="md">
          <main className={classes.stage} style={{ maxWidth: 1100 * projector.scale }}>
            <Lesson {...projector} onHelp={toggleHelp} />
            {isHelp && (
              <Paper withBorder p="sm" shadow="md" role="status" className={classes.help}>
                <Text fw={600}>{texts.keys}</Text>
                <dl className={classes.keys}>
                  {texts.keyList.map(([key, meaning]) => (
                    <div key={key} style={{ display: 'contents' }}>
                      <dt>
                        <kbd>{key}</kbd>
                      </dt>
                      <dd>{meaning}</dd>
                    </div>
                  ))}
                </dl>
              </Paper>
            )}
          </main>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** One part of the lesson with the way to the others. */
function Lesson({ scale, height, onHelp }: Projected & { onHelp?: () => void }) {
  const { screen, isPresenting } = useClassroom((state) => state.choice);
  const [shared, setShared] = useState<Shared | null>(null);
  const isThere = useClassroom(({ lesson }) => lesson.baseline !== null);
  const { title, lead, question: asked } = texts.screens[screen];
  const at = screens.indexOf(screen);
  const Content = screen === 'guess' ? Guess : figures[screen];
  return (
    <Stack gap="sm" className={classes.lesson}>
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h3">
          {title}
        </Title>
        <Group gap="xs">
          <Button
            size="xs"
            variant="light"
            leftSection={<IconShare size={16} />}
            disabled={!isThere}
            onClick={() => setShared(shareLesson())}
          >
            {texts.share}
          </Button>
          {isPresenting && (
            <>
              <Button size="xs" variant="default" leftSection={<IconMaximize size={16} />} onClick={toggleFullScreen}>
                {texts.fullScreen}
              </Button>
              <Button size="xs" variant="default" leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
                {texts.keys}
              </Button>
            </>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPresentation size={16} />}
            onClick={() => setPresenting(!isPresenting)}
          >
            {isPresenting ? texts.endPresenting : texts.present}
          </Button>
        </Group>
      </Group>
      <Text maw={`${60 * scale}rem`}>{lead}</Text>
      <div style={{ minHeight: isPresenting ? height : height + 60 }}>
        <Content height={height} scale={scale} />
      </div>
      <Text>
        <b>{texts.ask}</b> {asked}
      </Text>
      <Group justify="space-between" gap="sm" className={classes.turns}>
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
          disabled={at === 0}
          onClick={() => turn(-1)}
        >
          {texts.back}
        </Button>
        {isPresenting ? (
          <Text size="sm" role="status">
            {texts.progress(at + 1, screens.length)}
          </Text>
        ) : (
          <nav aria-label={texts.screenList}>
            <ol className={classes.steps}>
              {screens.map((id) => (
                <li key={id}>
                  <button
                    type="button"
                    className={classes.step}
                    aria-current={id === screen ? 'step' : undefined}
                    onClick={() => goTo(id)}
                  >
                    {texts.shortNames[id]}
                  </button>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <Button
          // Where a presentation begins, the focus is on the way on.
          data-autofocus
          rightSection={<IconArrowRight size={16} />}
          disabled={at === screens.length - 1}
          onClick={() => turn(1)}
        >
          {texts.next}
        </Button>
      </Group>
      <ShareLink shared={shared} onClose={() => setShared(null)} />
    </Stack>
  );
}

/** Where the numbers are from, and how far they are. */
function Source() {
  const run = useClassroom((state) => state.run);
  const link = useClassroom((state) => state.link);
  const model = modelOf(question.model);
  if (link)
    return (
      <Text size="sm">
        {texts.fromLink(count(link.prune.baseline.asked))}{' '}
        <Anchor component="button" type="button" size="sm" onClick={() => void compute()}>
          {texts.computeHere}
        </Anchor>
      </Text>
    );
  return (
    <Stack gap="xs">
      <RunPanel run={run} offer={texts.offer} onStart={() => void compute()} onPause={pause} onStop={stop} />
      {model && run.status === 'running' && (
        <Text size="sm" c="dimmed">
          {texts.computing(model.title, bytes(model.bytes))}
        </Text>
      )}
    </Stack>
  );
}
