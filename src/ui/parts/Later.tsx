import { Skeleton } from '@mantine/core';
import { type ReactNode, startTransition, useEffect, useState } from 'react';

/** Those whose turn is not yet there, in the order in which they stand on the page. */
const waiting: (() => void)[] = [];
/** The one that is being drawn. */
let drawing: (() => void) | null = null;

function drawNext(): void {
  drawing = waiting.shift() ?? null;
  // A task of its own: what the reader does meanwhile comes first.
  if (drawing) setTimeout(drawing);
}

/**
 * Draws what it holds after the page is there, and after those that stand before it: each in tasks of its own, so that a
 * large view never blocks the page.
 *
 * @param height about how high it is, in pixels: its place is kept free
 */
export function Later({ height, children }: { height: number; children: ReactNode }) {
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    if (isDrawn) return;
    const draw = () => startTransition(() => setDrawn(true));
    waiting.push(draw);
    if (!drawing) drawNext();
    return () => {
      if (waiting.includes(draw)) waiting.splice(waiting.indexOf(draw), 1);
      // Drawn, or taken off the page before it was: it is another's turn.
      else if (drawing === draw) drawNext();
    };
  }, [isDrawn]);
  return isDrawn ? children : <Skeleton height={height} />;
}
