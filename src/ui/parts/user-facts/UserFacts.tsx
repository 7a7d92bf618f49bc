import { Button, FileButton, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFile, IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { fromDrop, fromInput } from '../../../app/page/dropped-files.ts';
import { usePage } from '../../../app/page/page.ts';
import type { SuiteOffer } from '../../../app/recipe/offers.ts';
import { addUserSuite, removeUserSuite, stopImport } from '../../../app/run/user-suites.ts';
import { suites } from '../../../app/shipped.ts';
import type { UserSuite } from '../../../app/storage/user-suites.ts';
import type { PlainError } from '../../../lab/errors.ts';
import { userFacts as texts } from '../../texts/user-facts.ts';
import { Failure } from '../Failure.tsx';
import { UserFactsList } from './UserFactsList.tsx';
import classes from './user-facts.module.css';

type Files = ReturnType<typeof fromInput>;

interface Props {
  /** The suite that is asked. */
  chosen: string;
  onChoose: (suite: SuiteOffer) => void;
}

/** Lets the visitor ask the models something of their own: LAMA, LM-harness tasks, or the lab's own formats. */
export function UserFacts({ chosen, onChoose }: Props) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const userSuites = usePage((state) => state.userSuites);
  const [isReading, setIsReading] = useState(false);
  const [error, setError] = useState<PlainError | null>(null);
  const [added, setAdded] = useState<UserSuite | null>(null);
  const folder = useRef<HTMLInputElement>(null);

  const take = async (files: Files | Promise<Files>) => {
    setIsReading(true);
    setError(null);
    setAdded(null);
    const outcome = await addUserSuite(await files);
    setIsReading(false);
    if ('entry' in outcome) setAdded(outcome.entry);
    else if (outcome.error.kind !== 'cancelled') setError(outcome.error);
  };

  // Files may be dropped anywhere: the dialog opens under them, and a near miss does not leave the page.
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      open();
    };
    const stop = (event: DragEvent) => event.preventDefault();
    addEventListener('dragover', over);
    addEventListener('drop', stop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', stop);
    };
  }, [open]);

  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconFolderOpen size={16} />} onClick={open}>
        {texts.title}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => {
          stopImport();
          close();
        }}
        title={texts.title}
        size="lg"
        centered
        closeButtonProps={{ 'aria-label': texts.close }}
      >
        <Stack gap="sm">
          <Text size="sm">{texts.help}</Text>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the buttons do the same */}
          <div
            className={classes.zone}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              void take(fromDrop(event.dataTransfer.items));
            }}
          >
            {isReading ? (
              <Group gap="sm">
                <Loader size="sm" />
                <Text size="sm">{texts.reading}</Text>
                <Button size="xs" variant="default" onClick={stopImport}>
                  {texts.stop}
                </Button>
              </Group>
            ) : (
              <>
                <Text size="sm" c="dimmed">
                  {texts.drop}
                </Text>
                <Group gap="xs" justify="center">
                  <input
                    ref={folder}
                    type="file"
                    hidden
                    multiple
                    // Not in React's types for an input.
                    {...{ webkitdirectory: '' }}
                    aria-label={texts.folder}
                    onChange={(event) => {
                      const files = fromInput(event.currentTarget.files ?? []);
                      event.currentTarget.value = '';
                      void take(files);
                    }}
                  />
                  <Button size="xs" leftSection={<IconFolderOpen size={16} />} onClick={() => folder.current?.click()}>
                    {texts.chooseFolder}
                  </Button>
                  <FileButton multiple onChange={(files) => void take(fromInput(files))}>
                    {(props) => (
                      <Button size="xs" variant="default" leftSection={<IconFile size={16} />} {...props}>
                        {texts.chooseFiles}
                      </Button>
                    )}
                  </FileButton>
                </Group>
              </>
            )}
          </div>
          {error && <Failure serious error={error} onClose={() => setError(null)} />}
          <UserFactsList
            entries={userSuites}
            latest={added?.id ?? null}
            onForget={({ id }) => {
              // What is asked cannot be what is gone.
              if (id === chosen) onChoose(suites[0]);
              void removeUserSuite(id);
            }}
            onChoose={(entry) => {
              onChoose(entry);
              close();
            }}
          />
        </Stack>
      </Modal>
    </>
  );
}
