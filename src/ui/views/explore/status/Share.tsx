import { Button } from '@mantine/core';
import { IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import type { Shared } from '../../../../app/link/sharing.ts';
import { isUserSuite } from '../../../../app/storage/user-suite-id.ts';
import { useExplore } from '../../../../app/views/explore/explore-store.ts';
import { shareLink } from '../../../../app/views/explore/share.ts';
import { share as texts } from '../../../texts/share.ts';
import { ShareLink } from './ShareLink.tsx';

/** Makes a link that carries what is shown, results included. */
export function Share() {
  const [shared, setShared] = useState<Shared | null>(null);
  const isThere = useExplore((state) => state.baseline.result !== null);
  const isOwn = useExplore((state) => isUserSuite(state.choice.suite));
  return (
    <>
      <Button
        variant="light"
        size="sm"
        leftSection={<IconShare size={16} />}
        disabled={!isThere}
        onClick={() => setShared(shareLink())}
      >
        {texts.button}
      </Button>
      <ShareLink shared={shared} isOwn={isOwn} onClose={() => setShared(null)} />
    </>
  );
}
