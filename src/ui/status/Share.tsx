import { Button, CopyButton, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconCopy, IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { isOwnSuite } from '../../app/own-id.ts';
import { shareLink } from '../../app/share.ts';
import { useLab } from '../../app/store.ts';
import { count } from '../parts/format.ts';

/** Makes a link that carries what is shown, results included. */
export function Share() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [{ link, hasResults }, setLink] = useState({ link: '', hasResults: true });
  const isThere = useLab((state) => state.baseline.result !== null);
  const isOwn = useLab((state) => isOwnSuite(state.choice.suite));
  return (
    <>
      <Button
        variant="light"
        size="sm"
        leftSection={<IconShare size={16} />}
        disabled={!isThere}
        onClick={() => {
          const made = shareLink();
          if (!made) return;
          setLink(made);
          open();
        }}
      >
        Share
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title="Share what you see"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text size="sm">
            {hasResults
              ? `This link holds the settings and the results computed so far (${count(link.length)} characters). Whoever opens it sees the curve at once, without computing. `
              : 'There are more results than an address can hold: this link holds the settings alone. '}
            Nothing is uploaded: all of it is in the address.
            {isOwn && ' Your own files are not in it: others see the results, and cannot compute them again.'}
          </Text>
          <TextInput label="Link" value={link} readOnly onFocus={(event) => event.currentTarget.select()} />
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />} onClick={copy}>
                {copied ? 'Copied' : 'Copy the link'}
              </Button>
            )}
          </CopyButton>
        </Stack>
      </Modal>
    </>
  );
}
