import { type Preparing, preparingWords } from '../src/lab/work.ts';

/** One line that is overwritten where stderr is a terminal, a line every few seconds elsewhere. */
export function statusLine() {
  const { isTTY } = process.stderr;
  let last = performance.now();
  /** Whether a line stands there that was not ended. */
  let open = false;
  return {
    show: (text: string, isLast: boolean) => {
      const now = performance.now();
      if (!isLast && now - last < (isTTY ? 100 : 5000)) return;
      last = now;
      open = !isLast;
      process.stderr.write(isTTY ? `\r${text.padEnd(70)}${isLast ? '\n' : ''}` : `${text}\n`);
    },
    /** After work that does not end with a last piece: what is said next begins a new line. */
    end: () => {
      if (isTTY && open) process.stderr.write('\n');
      open = false;
    },
  };
}

/** The progress of one run. */
export function progressLine() {
  const { show, end } = statusLine();
  let start = performance.now();
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
    end,
  };
}

/** The progress of many runs. */
export function runsLine(of: number) {
  const { show, end } = statusLine();
  const start = performance.now();
  return {
    onRun: (done: number) => {
      const perMinute = done / ((performance.now() - start) / 60_000);
      const left = durationWords(((of - done) / perMinute) * 60);
      show(`${done} of ${of} runs, ${perMinute.toPrecision(2)} a minute, ${left} left`, done === of);
    },
    end,
  };
}

function durationWords(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
