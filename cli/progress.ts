import { type Preparing, preparingWords } from '../src/lab/probe/work.ts';

/** One line that is overwritten where stderr is a terminal, a line every few seconds elsewhere. */
export function progressLine() {
  const { isTTY } = process.stderr;
  let start = performance.now();
  let last = start;
  /** Whether a line stands there that was not ended. */
  let open = false;
  const show = (text: string, isLast: boolean) => {
    const now = performance.now();
    if (!isLast && now - last < (isTTY ? 100 : 5000)) return;
    last = now;
    open = !isLast;
    process.stderr.write(isTTY ? `\r${text.padEnd(70)}${isLast ? '\n' : ''}` : `${text}\n`);
  };
  return {
    onPreparing: (progress: Preparing) => {
      // The speed is that of asking, without what was done to the weights before.
      start = performance.now();
      show(preparingWords(progress), false);
    },
    onProgress: (done: number, of: number) => {
      const rate = done / ((performance.now() - start) / 1000);
      show(
        `${done} of ${of} probes, ${rate.toFixed(0)} a second, ${((of - done) / rate).toFixed(0)} s left`,
        done === of,
      );
    },
    /** After work that does not end with a last piece: what is said next begins a new line. */
    end: () => {
      if (isTTY && open) process.stderr.write('\n');
      open = false;
    },
  };
}
