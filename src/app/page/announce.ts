import { create } from 'zustand';
import { usePage } from './page.ts';

/** Whether the browser may say that something is done while another tab is looked at. */
type Permission = NotificationPermission | 'absent';

export const useAnnounce = create<{ permission: Permission }>()(() => ({
  permission: typeof Notification === 'undefined' ? 'absent' : Notification.permission,
}));

/** Asks the visitor, once. */
export async function allowAnnouncing(): Promise<void> {
  useAnnounce.setState({ permission: await Notification.requestPermission() });
}

/** What takes less time than this needs no message. */
const longWork = 20_000;

/**
 * Says that long work is done, where nobody is looking.
 *
 * @param words what the message says
 */
export function announceWork(words: { title: string; body: string }): void {
  let begun: number | null = null;
  usePage.subscribe(({ busy }) => {
    if (busy !== null) begun ??= performance.now();
    else if (begun !== null) {
      const took = performance.now() - begun;
      begun = null;
      const isAllowed = useAnnounce.getState().permission === 'granted';
      if (isAllowed && document.hidden && took >= longWork)
        new Notification(words.title, { body: words.body, tag: 'lossy' });
    }
  });
}
