import { createStore, type UseStore } from 'idb-keyval';
import { LabError } from '../../lab/errors.ts';

/** A store of this browser that may be blocked or full: the page lives on, and its reader is told once. */
export class GuardedStore {
  readonly #database: string;
  readonly #name: string;
  readonly #onNotice: (error: LabError) => void;
  #store: UseStore | undefined;
  #told = false;

  constructor(database: string, name: string, onNotice: (error: LabError) => void = () => {}, store?: UseStore) {
    this.#database = database;
    this.#name = name;
    this.#onNotice = onNotice;
    this.#store = store;
  }

  /** Does something with the store; null, and a notice, where the browser refuses. */
  async try<T>(work: (store: UseStore) => Promise<T>): Promise<T | null> {
    try {
      this.#store ??= createStore(this.#database, this.#name);
      return await work(this.#store);
    } catch (error) {
      // A failed opening would be remembered by the store; the next call tries again.
      this.#store = undefined;
      if (!this.#told) {
        this.#told = true;
        this.#onNotice(storageError(error));
      }
      return null;
    }
  }
}

function storageError(error: unknown): LabError {
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  return new LabError(
    'storage',
    isFull ? 'This browser has no space left for results.' : 'This browser keeps no data for this page.',
    isFull
      ? 'Results stay until the page is closed: delete old ones in the list of results, or free space on the disk.'
      : 'Results stay until the page is closed: leave private mode, or allow this page to store data.',
    { cause: error },
  );
}
