/** Tells asynchronous work whether it is still the latest of its kind, so that a slow answer never replaces a newer one. */
export class Latest {
  #count = 0;

  /** Begins new work. @returns whether nothing newer has begun since */
  begin(): () => boolean {
    this.#count++;
    return this.now();
  }

  /** @returns whether nothing newer has begun since this call */
  now(): () => boolean {
    const mine = this.#count;
    return () => mine === this.#count;
  }

  /** Makes whatever is under way outdated. */
  cancel(): void {
    this.#count++;
  }
}
