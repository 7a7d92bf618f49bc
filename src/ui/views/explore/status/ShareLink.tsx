import { Button, CopyButton, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { Shared } from '../../../../app/link/sharing.ts';
import { count } from '../../../parts/format.ts';
import { share as texts } from '../../../texts/share.ts';

const QrCode = lazy(() => import('../../../parts/QrCode.tsx'));
const codeSize = 420;

interface Props {
  /** Null: closed. */
  shared: Shared | null;
  /** Whether the questions are of the visitor's own files. */
  isOwn?: boolean;
  onClose: () => void;
}

/** A link to pass on: to copy, and as a code for the phones in the room. */
export function ShareLink({ shared, isOwn = false, onClose }: Props) {
  return (
    <Modal
      opened={shared !== null}
      onClose={onClose}
      title={texts.title}
      centered
      size="lg"
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      {shared && <Content shared={shared} isOwn={isOwn} />}
    </Modal>
  );
}

function Content({ shared: { link, hasResults, code }, isOwn }: { shared: Shared; isOwn: boolean }) {
  return (
    <Stack>
      <Text size="sm">
        {hasResults ? texts.withResults(count(link.length)) : texts.settingsAlone} {texts.nothingSent}
        {isOwn && ` ${texts.ownFiles}`}
      </Text>
      <TextInput label={texts.link} value={link} readOnly onFocus={(event) => event.currentTarget.select()} />
      <CopyButton value={link}>
        {({ copied, copy }) => (
          <Button leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />} onClick={copy}>
            {copied ? texts.copied : texts.copy}
          </Button>
        )}
      </CopyButton>
      <Suspense fallback={<Skeleton height={codeSize} aria-label={texts.codeLoading} />}>
        <QrCode text={code.link} label={texts.code} size={codeSize} />
      </Suspense>
      <Text size="sm">{about(code)}</Text>
    </Stack>
  );
}

function about({ asked, of }: Shared['code']): string {
  if (asked === 0) return texts.codeSettings;
  return asked === of ? texts.codeWhole : texts.codeFirst(count(asked), count(of));
}
