/** How long painting may take at a stretch, in milliseconds. */
const slice = 6;

const waiting = new Map<object, () => void>();
let isScheduled = false;

/**
 * Paints soon, a few canvases a frame: thousands of dots at once would hold up the slider.
 *
 * @param owner what is painted; of several calls for one owner the last counts
 * @returns takes the call back
 */
export function paintSoon(owner: object, paint: () => void): () => void {
  waiting.set(owner, paint);
  if (!isScheduled) requestAnimationFrame(paintSome);
  isScheduled = true;
  return () => {
    if (waiting.get(owner) === paint) waiting.delete(owner);
  };
}

function paintSome(): void {
  const end = performance.now() + slice;
  for (const [owner, paint] of waiting) {
    waiting.delete(owner);
    paint();
    if (performance.now() > end) break;
  }
  isScheduled = waiting.size > 0;
  if (isScheduled) requestAnimationFrame(paintSome);
}
