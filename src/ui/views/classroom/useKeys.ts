import { useEffect } from 'react';
import { setPresenting, turn } from '../../../app/views/classroom/classroom.ts';

interface Keys {
  isPresenting: boolean;
  onHelp: () => void;
}

/** What a key means where it is pressed: in a field or a menu it is theirs, and on a button the space bar is. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return true;
  if (target?.closest('input, textarea, select, [role=slider], [role=menu]')) return true;
  return event.key === ' ' && target?.closest('button, a, summary') !== null;
}

/** Leads through the lesson by keys: arrows always, the others while it is presented. */
export function useKeys({ isPresenting, onHelp }: Keys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const actions: Record<string, () => void> = {
        ArrowRight: () => turn(1),
        PageDown: () => turn(1),
        ArrowLeft: () => turn(-1),
        PageUp: () => turn(-1),
        ...(isPresenting && {
          ' ': () => turn(1),
          f: toggleFullScreen,
          F: toggleFullScreen,
          '?': onHelp,
          Escape: () => setPresenting(false),
        }),
      };
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [isPresenting, onHelp]);
}

/** Not every device has one: a phone stays as it is. */
export function toggleFullScreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen?.()
    : document.documentElement.requestFullscreen?.();
  change?.catch(() => undefined);
}
