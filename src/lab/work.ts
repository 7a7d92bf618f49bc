import { LabError } from './errors.ts';

/** What is done before a compressed model can be asked, and how much of it, 0 to 1. */
export interface Preparing {
  /** Running texts through the uncompressed model; changing weights; comparing outputs. */
  phase: 'calibrating' | 'compressing' | 'comparing';
  share: number;
}

const phases: Readonly<Record<Preparing['phase'], string>> = {
  calibrating: 'measuring activations',
  compressing: 'compressing',
  comparing: 'comparing outputs',
};

/** In plain words, such as "compressing 40 %"; empty where nothing is being made ready. */
export function preparingWords(progress: Preparing | null): string {
  return progress === null ? '' : `${phases[progress.phase]} ${Math.floor(progress.share * 100)} %`;
}

export interface WorkOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Preparing) => void;
  /** Awaited every now and then, so that a worker can read its messages (a cancellation, for one). */
  yieldNow?: () => Promise<void>;
}

/** How long to work without taking breath, in milliseconds. */
const longest = 50;

/** @throws LabError `cancelled` where the signal was given */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LabError('cancelled', 'Stopped.');
}

/**
 * Does work that comes in pieces to its end, and takes breath between two of them where some time has passed.
 *
 * @param work yields the share that is done
 * @throws LabError `cancelled` between two pieces where the signal was given
 */
export async function runInChunks<T>(
  work: Generator<number, T, void>,
  phase: Preparing['phase'],
  { signal, onProgress, yieldNow }: WorkOptions,
): Promise<T> {
  let begun = performance.now();
  for (;;) {
    stopIfAborted(signal);
    const piece = work.next();
    if (piece.done) return piece.value;
    if (performance.now() - begun < longest) continue;
    onProgress?.({ phase, share: piece.value });
    await yieldNow?.();
    begun = performance.now();
  }
}

/**
 * Does tasks one after the other, so many of them at once. Where one fails or the signal is given, no more are begun,
 * and it ends when those under way have.
 *
 * @param lanes how many may be under way
 * @throws what the first task that failed threw; LabError `cancelled` where the signal was given
 */
export async function sideBySide<T>(
  items: readonly T[],
  lanes: number,
  task: (item: T) => Promise<void>,
  { signal, yieldNow }: Pick<WorkOptions, 'signal' | 'yieldNow'> = {},
): Promise<void> {
  const waiting = [...items];
  let failed = false;
  const lane = async () => {
    try {
      for (let item = waiting.shift(); item !== undefined && !failed; item = waiting.shift()) {
        stopIfAborted(signal);
        await task(item);
        await yieldNow?.();
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
