import { delMany, entries, setMany } from 'idb-keyval';
import type { LabError } from '../../../lab/errors.ts';
import { mostTags, tagsSchema } from '../../../lab/result/file.ts';
import { GuardedStore } from '../../storage/guarded-store.ts';

/** Tags that a visitor gave to results, in this browser's IndexedDB by the results' keys. */
export class Tags {
  readonly #known = new Map<string, readonly string[]>();
  readonly #keep: GuardedStore;

  constructor(onNotice?: (error: LabError) => void) {
    this.#keep = new GuardedStore('lossy-tags', 'tags', onNotice);
  }

  /** Reads all. Damaged ones count as not there. */
  async read(): Promise<void> {
    const records = await this.#keep.try((store) => entries<string, unknown>(store));
    if (!records) return;
    this.#known.clear();
    for (const [key, record] of records) {
      const { data } = tagsSchema.safeParse(record);
      if (data) this.#known.set(key, data);
    }
  }

  get(key: string): readonly string[] {
    return this.#known.get(key) ?? [];
  }

  /** Adds a tag to results; where one has as many as it may have, that one stays as it is. */
  async add(keys: readonly string[], tag: string): Promise<void> {
    await this.#change(keys, (tags) => (tags.includes(tag) || tags.length >= mostTags ? tags : [...tags, tag]));
  }

  /** Takes a tag from results. */
  async remove(keys: readonly string[], tag: string): Promise<void> {
    await this.#change(keys, (tags) => tags.filter((other) => other !== tag));
  }

  /** Forgets all tags of results that were deleted. */
  async forget(keys: readonly string[]): Promise<void> {
    await this.#change(keys, () => []);
  }

  async #change(keys: readonly string[], change: (tags: readonly string[]) => readonly string[]): Promise<void> {
    const changed = keys.flatMap((key): [string, readonly string[]][] => {
      const before = this.get(key);
      const after = change(before);
      return after === before ? [] : [[key, after]];
    });
    for (const [key, tags] of changed) {
      if (tags.length > 0) this.#known.set(key, tags);
      else this.#known.delete(key);
    }
    const left = changed.filter(([, tags]) => tags.length > 0);
    const gone = changed.filter(([, tags]) => tags.length === 0).map(([key]) => key);
    await this.#keep.try(async (store) => {
      if (left.length > 0) await setMany(left as [string, readonly string[]][], store);
      if (gone.length > 0) await delMany(gone, store);
    });
  }
}
