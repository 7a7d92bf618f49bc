import { Skeleton } from '@mantine/core';
import { type ReactNode, startTransition, useEffect, useState } from 'react';

/** Parts that wait for their turn, in page order. */
const waiting: (() => void)[] = [];
/** The part that is being drawn. */
let drawing: (() => void) | null = null;

function drawNext(): void {
  drawing = waiting.shift() ?? null;
  // In a separate task, so that input is handled first.
  if (drawing) setTimeout(drawing);
}

/**
 * Draws its children once the page is there, after the deferred parts before it. Each part gets its own tasks, so a large
 * view never blocks the page.
 *
 * @param height roughly the height of the children in CSS pixels, reserved until they are drawn
 */
export function Deferred({ height, children }: { height: number; children: ReactNode }) {
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    if (isDrawn) return;
    const draw = () => startTransition(() => setDrawn(true));
    waiting.push(draw);
    if (!drawing) drawNext();
    return () => {
      if (waiting.includes(draw)) waiting.splice(waiting.indexOf(draw), 1);
      // Drawn, or unmounted before that: the next one's turn.
      else if (drawing === draw) drawNext();
    };
  }, [isDrawn]);
  return isDrawn ? children : <Skeleton height={height} />;
}
