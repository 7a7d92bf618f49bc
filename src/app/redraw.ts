import { idle } from './breath.ts';

/** Of the time that a run takes, the page draws at most one part in so many. */
const part = 5;

/** However long the page takes to draw, what it shows is never older than about this, in milliseconds. */
const longestRest = 1500;

/**
 * Brings the page up to date with a run at the pace at which it can be drawn. Drawing takes the time of the cores that
 * compute, and on a small machine charts that followed every piece of a run took a quarter of it.
 */
export class Redraw {
  readonly #update: () => void;
  #isWanted = false;
  #isResting = false;

  /** @param update brings what is shown up to date with all that is known */
  constructor(update: () => void) {
    this.#update = update;
  }

  /** Something is new: it is shown at once, or when the page has rested from the last time. */
  soon(): void {
    this.#isWanted = true;
    if (!this.#isResting) void this.#draw();
  }

  /** Shows at once what is still to be shown: a run has ended. */
  now(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#update();
  }

  async #draw(): Promise<void> {
    this.#isResting = true;
    while (this.#isWanted) {
      const begun = performance.now();
      this.now();
      await idle();
      const rest = Math.min(longestRest, (part - 1) * (performance.now() - begun));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.#isResting = false;
  }
}
