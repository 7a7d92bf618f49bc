import type { Recipe } from '../../lab/compress/recipe.ts';
import type { Result } from '../../lab/result/schema.ts';
import type { Preparing } from '../../lab/work.ts';
import type { ResultCache } from '../storage/result-cache.ts';
import type { AskedProbes, Evaluator, Files } from './evaluator.ts';
import type { Tabs } from './tabs.ts';

/** A result, and whether it was computed here and now or kept from an earlier visit. */
export interface Known {
  stored: Result;
  source: 'computed' | 'kept';
}

/** One piece of work. */
export interface ChunkJob {
  key: string;
  recipe: Recipe;
  files: Files;
  probes: AskedProbes;
  /** How many answers were known when the piece was chosen. */
  asked: number;
}

export interface AskOptions {
  /** Ask no probe of the order beyond this one; otherwise the piece decides. */
  most?: number;
  /** Whether to wait where another tab works on the same result. */
  wait: boolean;
  /** Asked before the work begins, which may be some time after the call. */
  isWanted: () => boolean;
  onProgress: (done: number) => void;
  onPreparing?: (progress: Preparing) => void;
}

/** How often progress is told, in milliseconds. A fast device asks a pass every few: drawing each would cost more than asking. */
const tellEvery = 400;

/** Whether it is time to tell again, each time it is asked. */
function pacer(): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < tellEvery) return false;
    last = now;
    return true;
  };
}

/** Marked when answers were computed or read: what the visitor came for is there. */
export const answersThere = 'lossy:answers';

/** What was read or computed of results since the page was opened, by key. */
export class KnownResults {
  readonly #known = new Map<string, Known>();
  readonly #cache: ResultCache;

  constructor(cache: ResultCache) {
    this.#cache = cache;
  }

  get(key: string): Known | undefined {
    return this.#known.get(key);
  }

  /** How many answers of a result are known. */
  asked(key: string): number {
    return this.#known.get(key)?.stored.entry.asked ?? 0;
  }

  /** Reads a result from the cache, unless more of it is known already. */
  async read(key: string): Promise<void> {
    const stored = await this.#cache.read(key);
    if (stored && stored.entry.asked > this.asked(key)) {
      this.#known.set(key, { stored, source: 'kept' });
      performance.mark(answersThere);
    }
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#known.delete(key);
  }

  /**
   * Asks the next piece of a result, unless another tab works on it or has got further already.
   *
   * @returns what was computed, or null where nothing was; `elsewhere` where another tab is at it
   */
  async ask(
    evaluator: Evaluator,
    tabs: Tabs,
    piece: ChunkJob,
    options: AskOptions,
  ): Promise<Result | null | 'elsewhere'> {
    const { key, files, probes, recipe, asked } = piece;
    const worked = await tabs.alone(key, options.wait, async () => {
      if (!options.isWanted()) return { stored: null };
      await this.read(key);
      const before = this.#known.get(key)?.stored ?? null;
      if (before && before.entry.asked > asked) return { stored: null };
      const { most, onProgress, onPreparing } = options;
      const [isDue, isDueToPrepare] = [pacer(), pacer()];
      const asking = {
        most,
        onProgress: (done: number) => isDue() && onProgress(done),
        onPreparing: (progress: Preparing) => isDueToPrepare() && onPreparing?.(progress),
      };
      const stored = await evaluator.exclusive(async () =>
        options.isWanted() ? evaluator.advance(files, probes, recipe, before, asking) : null,
      );
      if (stored) {
        this.#known.set(key, { stored, source: 'computed' });
        performance.mark(answersThere);
        tabs.saved(key);
      }
      return { stored };
    });
    return worked === null ? 'elsewhere' : worked.stored;
  }
}
