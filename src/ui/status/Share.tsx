import { Button, CopyButton, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconCopy, IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { shareLink } from '../../app/lab.ts';
import { useLab } from '../../app/store.ts';
import { count } from '../parts/format.ts';

/** Makes a link that carries what is shown, results included. */
export function Share() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [link, setLink] = useState('');
  const isThere = useLab((state) => state.baseline.result !== null);
  return (
    <>
      <Button
        variant="light"
        size="sm"
        leftSection={<IconShare size={16} />}
        disabled={!isThere}
        onClick={() => {
          setLink(shareLink() ?? '');
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
            This link holds the settings and the results computed so far ({count(link.length)} characters). Whoever
            opens it sees the curve at once, without computing. Nothing is uploaded: all of it is in the address.
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
