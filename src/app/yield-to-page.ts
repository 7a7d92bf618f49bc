/** Lets the page draw and react in the middle of long work. */
export const yieldToPage = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve);
  });

/** How long the page may be busy drawing before work begins beside it, in milliseconds. */
const patience = 1500;

/**
 * Waits until the page has drawn itself. Compiling a model takes all cores of a small machine: begun at the same time, both
 * take longer, and what the reader looks at is the page.
 */
export const idle = () =>
  new Promise<void>((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: patience });
    else setTimeout(resolve);
  });
