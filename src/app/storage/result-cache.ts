import { delMany, getMany, keys, setMany, type UseStore } from 'idb-keyval';
import type { LabError } from '../../lab/errors.ts';
import { entrySchema, type Result, type ResultEntry, resultSchema } from '../../lab/result/schema.ts';
import { yieldToPage } from '../yield-to-page.ts';
import { GuardedStore } from './guarded-store.ts';

/** Entries that are checked together: some milliseconds. */
const slice = 100;

/** Two records a result, so that listing need not read the answers. */
const entryKey = (key: string) => `entry:${key}`;
const answersKey = (key: string) => `answers:${key}`;

/**
 * Results in this browser's IndexedDB. Where that is blocked or full, they stay in memory until the page is closed, and
 * `onNotice` is called once: nothing computed is lost while the page is open.
 */
export class ResultCache {
  readonly #memory = new Map<string, Result>();
  readonly #keep: GuardedStore;

  constructor(onNotice?: (error: LabError) => void, store?: UseStore) {
    this.#keep = new GuardedStore('lossy', 'results', onNotice, store);
  }

  /** A stored result, or null. A damaged one counts as missing. */
  async read(key: string): Promise<Result | null> {
    const kept = this.#memory.get(key);
    if (kept) return kept;
    const records = await this.#keep.try((store) => getMany<unknown>([entryKey(key), answersKey(key)], store));
    return records ? checked(...records) : null;
  }

  /** Stores a result, unless more of the same result is stored already (another tab may be ahead). */
  async write(latest: Result): Promise<void> {
    const { key } = latest.entry;
    const kept = this.#memory.get(key);
    const stored = kept && kept.entry.asked > latest.entry.asked ? kept : latest;
    const ok = await this.#keep.try(async (store) => {
      // An entry whose answers are damaged holds nothing back.
      const old = checked(...(await getMany<unknown>([entryKey(key), answersKey(key)], store)));
      const isBehind = old !== null && old.entry.asked > stored.entry.asked;
      // Both in one transaction: an entry never promises answers that are not there.
      if (!isBehind)
        await setMany(
          [
            [entryKey(key), stored.entry],
            [answersKey(key), stored.predictions],
          ],
          store,
        );
      return true;
    });
    if (ok) this.#memory.delete(key);
    else this.#memory.set(key, stored);
  }

  /** All results, the latest first. */
  async list(): Promise<ResultEntry[]> {
    const stored = await this.#keep.try(async (store) => {
      const names = (await keys<string>(store)).filter((name) => name.startsWith(entryKey('')));
      const entries: ResultEntry[] = [];
      // Checking thousands at once would block the page.
      for (let from = 0; from < names.length; from += slice) {
        const records = await getMany<unknown>(names.slice(from, from + slice), store);
        entries.push(...records.flatMap((record) => entrySchema.safeParse(record).data ?? []));
        if (from + slice < names.length) await yieldToPage();
      }
      return entries;
    });
    const all = new Map((stored ?? []).map((entry) => [entry.key, entry]));
    for (const { entry } of this.#memory.values()) all.set(entry.key, entry);
    return [...all.values()].sort((a, b) => b.savedAt - a.savedAt);
  }

  /** Forgets results. */
  async remove(removed: readonly string[]): Promise<void> {
    for (const key of removed) this.#memory.delete(key);
    await this.#keep.try((store) =>
      delMany(
        removed.flatMap((key) => [entryKey(key), answersKey(key)]),
        store,
      ),
    );
  }
}

const checked = (entry?: unknown, predictions?: unknown): Result | null =>
  resultSchema.safeParse({ entry, predictions }).data ?? null;
