import { clamp } from '@mantine/hooks';
import { useEffect, useSyncExternalStore } from 'react';

/** What a part of the lesson was laid out for at a scale of 1, in CSS pixels: a screen of 16 to 9. */
const stage = { width: 1067, height: 600 };
const [least, most] = [1, 2];
/** All of a part but its figure. */
const texts = 360;
const figure = { least: 200, most: 400 };

/** How large type and figures are, and how high a figure is. */
export interface Projected {
  scale: number;
  height: number;
}

/** A part fills the screen and fits on it, whatever the projector's resolution: type is read from the last row. */
export function projected(width: number, height: number): Projected {
  const scale = clamp(Math.min(width / stage.width, height / stage.height), least, most);
  return { scale, height: Math.round(clamp(height - texts * scale, figure.least * scale, figure.most * scale)) };
}

function subscribe(onChange: () => void): () => void {
  addEventListener('resize', onChange);
  return () => removeEventListener('resize', onChange);
}

/** The same for this window, kept up to date; while something is presented, the whole page's type follows. */
export function useProjector(isPresenting: boolean): Projected {
  const width = useSyncExternalStore(subscribe, () => innerWidth);
  const height = useSyncExternalStore(subscribe, () => innerHeight);
  const found = projected(width, height);
  useEffect(() => {
    if (!isPresenting) return;
    const { style } = document.documentElement;
    style.setProperty('--mantine-scale', String(found.scale));
    return () => {
      style.removeProperty('--mantine-scale');
    };
  }, [isPresenting, found.scale]);
  return found;
}
