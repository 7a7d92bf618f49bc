import type { Preparing } from '../../lab/work.ts';
import { idle } from '../yield-to-page.ts';

/** Of the time that a run takes, the page draws at most one part in so many. */
const part = 5;

/** However long the page takes to draw, what it shows is never older than about this, in milliseconds. */
const longestRest = 1500;

/** Where a run is. */
export interface Progress {
  /** Answers of the piece in progress, which are not kept yet. */
  extra: number;
  /** The level that is worked on, by its label. */
  at: string | null;
  preparing: Preparing | null;
}

/**
 * Brings the page up to date with a run at the pace at which it can be drawn. Drawing takes the time of the cores that
 * compute, and on a small machine charts that followed every piece of a run took a quarter of it.
 */
export class Redraw {
  readonly #update: (progress: Progress | null) => void;
  /** The latest that is still to be shown. */
  #news: { progress: Progress | null } | null = null;
  #isResting = false;

  /** @param update brings what is shown up to date with all that is known, and with where the run is if it still runs */
  constructor(update: (progress: Progress | null) => void) {
    this.#update = update;
  }

  /** Something is new: it is shown at once, or when the page has rested from the last time. */
  soon(progress: Progress | null = null): void {
    this.#news = { progress };
    if (!this.#isResting) void this.#draw();
  }

  /** Shows at once what is still to be shown: a run has ended. */
  now(): void {
    const news = this.#news;
    this.#news = null;
    if (news) this.#update(news.progress);
  }

  async #draw(): Promise<void> {
    this.#isResting = true;
    while (this.#news) {
      const begun = performance.now();
      this.now();
      await idle();
      const rest = Math.min(longestRest, (part - 1) * (performance.now() - begun));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.#isResting = false;
  }
}
