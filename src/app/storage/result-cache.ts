import { delMany, getMany, keys, setMany, type UseStore } from 'idb-keyval';
import { z } from 'zod';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import type { Report } from '../../lab/compress/size.ts';
import { LabError } from '../../lab/errors.ts';
import { keptWords, type Predictions } from '../../lab/probe/predictions.ts';
import { type Wording, wordingIds } from '../../lab/suite/suite.ts';
import { yieldToPage } from '../yield-to-page.ts';
import { GuardedStore } from './guarded-store.ts';

/** What is known of one result: a model, a suite, a wording and a recipe, with how far it got. */
export interface CacheEntry {
  /** Content key (lab/sweep/key.ts). */
  key: string;
  model: { name: string; sha256: string; family: string; parameters: number };
  suite: { name: string; sha256: string };
  template: Wording;
  recipe: ReturnType<typeof parseRecipe>;
  /** The first `asked` probes of the order were asked, of `of`; `hits` of them hit. */
  asked: number;
  of: number;
  hits: number;
  report: Report;
  backend: string;
  /** Time that computing took, in seconds, and when the last piece came (milliseconds since 1970). */
  seconds: number;
  savedAt: number;
}

/** Stored numbers: answers to the first `asked` probes of the order, in that order. */
export interface Stored {
  entry: CacheEntry;
  predictions: Predictions;
}

const count = z.int().nonnegative();
const number = z.number();
const bytes = z.object({
  dense: count,
  quantized: count,
  bitmap: count,
  csr: count,
  nm: count.nullable(),
  // Entries of versions before these layouts do not have them.
  compact: count.nullable().default(null),
  factors: count.nullable().default(null),
  entropy: count.nullable().default(null),
  smallest: count,
});
export const sizeSchema = z.object({
  parameters: count,
  zeros: count,
  sparsity: number,
  bitsPerWeight: number,
  snrDb: number.nullable(),
  mse: number,
  bytes,
});
export const reportSchema = z.object({
  sites: z.array(sizeSchema.extend({ name: z.string() })),
  touched: sizeSchema.nullable(),
  total: sizeSchema,
  otherBytes: count,
});
const recipe = z.array(z.unknown()).transform((steps, context) => {
  try {
    return parseRecipe(steps);
  } catch (error) {
    // An entry of a version that had other methods; what a transform throws would not count as a failed check.
    context.addIssue(LabError.from(error).message);
    return z.NEVER;
  }
});
const entrySchema = z.object({
  key: z.string(),
  model: z.object({ name: z.string(), sha256: z.string(), family: z.string(), parameters: count }),
  suite: z.object({ name: z.string(), sha256: z.string() }),
  template: z.enum(wordingIds),
  recipe,
  asked: count,
  of: count,
  hits: count,
  report: reportSchema,
  backend: z.string(),
  seconds: number,
  savedAt: number,
});
const predictionsSchema = z.object({
  ranks: z.instanceof(Uint32Array),
  goldLogProbs: z.instanceof(Float32Array),
  topIds: z.instanceof(Uint32Array),
  topLogProbs: z.instanceof(Float32Array),
});

/** Entries that are checked together: some milliseconds. */
const slice = 100;

/** Two records a result, so that listing need not read the answers. */
const entryKey = (key: string) => `entry:${key}`;
const answersKey = (key: string) => `answers:${key}`;

/**
 * Results in this browser's IndexedDB. Where that is blocked or full, results are kept in memory until the page is
 * closed, and `onNotice` is told once: nothing computed is lost while the page lives.
 */
export class ResultCache {
  readonly #memory = new Map<string, Stored>();
  readonly #keep: GuardedStore;

  constructor(onNotice?: (error: LabError) => void, store?: UseStore) {
    this.#keep = new GuardedStore('lossy', 'results', onNotice, store);
  }

  /** The stored answers of a result, or null. Damaged ones count as not there. */
  async read(key: string): Promise<Stored | null> {
    const kept = this.#memory.get(key);
    if (kept) return kept;
    const records = await this.#keep.try((store) => getMany<unknown>([entryKey(key), answersKey(key)], store));
    return records ? checked(...records) : null;
  }

  /** Keeps answers, unless more of the same result is there already (another tab may be ahead). */
  async write(latest: Stored): Promise<void> {
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
  async list(): Promise<CacheEntry[]> {
    const stored = await this.#keep.try(async (store) => {
      const names = (await keys<string>(store)).filter((name) => name.startsWith(entryKey('')));
      const entries: CacheEntry[] = [];
      // Thousands would hold the page up: so many are checked that nobody notices.
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

function checked(entry?: unknown, answers?: unknown): Stored | null {
  const parsed = entrySchema.safeParse(entry);
  const arrays = predictionsSchema.safeParse(answers);
  if (!parsed.success || !arrays.success) return null;
  const { asked } = parsed.data;
  const { ranks, goldLogProbs, topIds, topLogProbs } = arrays.data;
  const fits = ranks.length === asked && goldLogProbs.length === asked && topIds.length === asked * keptWords;
  return fits && topLogProbs.length === topIds.length ? { entry: parsed.data, predictions: arrays.data } : null;
}
