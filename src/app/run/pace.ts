/** Speed over the last few seconds. */
export class Pace {
  readonly #marks: { time: number; done: number }[] = [];
  readonly #window: number;

  /** @param window how far back to look, in milliseconds */
  constructor(window = 8000) {
    this.#window = window;
  }

  /** Notes how many questions were answered by `time` (milliseconds). */
  mark(time: number, done: number): void {
    this.#marks.push({ time, done });
    while (this.#marks.length > 2 && time - this.#marks[0].time > this.#window) this.#marks.shift();
  }

  /** Questions a second, or null while there is too little to go by. */
  get rate(): number | null {
    const [first] = this.#marks;
    const last = this.#marks.at(-1);
    if (!first || !last || last.time - first.time < 200 || last.done === first.done) return null;
    return ((last.done - first.done) / (last.time - first.time)) * 1000;
  }
}
