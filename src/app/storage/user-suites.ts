import { del, delMany, getMany, keys, setMany } from 'idb-keyval';
import { z } from 'zod';
import { LabError } from '../../lab/errors.ts';
import { type Suite, suiteSchema } from '../../lab/suite/schema.ts';
import { GuardedStore } from './guarded-store.ts';
import { userSuiteId } from './user-suite-id.ts';

const entrySchema = suiteSchema.pick({ title: true, sha256: true, wordings: true, skipped: true }).extend({
  id: z.string(),
  kind: z.enum(['facts', 'tasks']),
  probes: z.int().nonnegative(),
  /** Milliseconds since 1970. */
  addedAt: z.number(),
});

/** What is listed of a suite that the visitor brought. */
export type UserSuite = z.infer<typeof entrySchema>;

/** Two records a suite, so that listing need not read the facts. */
const entryKey = (id: string) => `entry:${id}`;
const suiteKey = (id: string) => `suite:${id}`;

/** The error for a suite that another machine has. */
export const notHere = (id: string) =>
  new LabError(
    'bad-suite',
    `The files of ${id} are not on this machine: they stay with whoever chose them.`,
    'Choose the same files here, or another suite.',
  );

/**
 * The suites that the visitor brought, in this browser's IndexedDB; where that is blocked, in memory until the page is
 * closed. They never leave the machine.
 */
export class UserSuites {
  readonly #memory = new Map<string, { entry: UserSuite; suite: Suite }>();
  readonly #keep: GuardedStore;

  constructor(onNotice?: (error: LabError) => void) {
    this.#keep = new GuardedStore('lossy-suites', 'suites', onNotice);
  }

  /** All of them, the latest first. */
  async list(): Promise<UserSuite[]> {
    const records = await this.#keep.try(async (store) => {
      const names = (await keys<string>(store)).filter((name) => name.startsWith(entryKey('')));
      return getMany<unknown>(names, store);
    });
    const entries = (records ?? []).map((record) => entrySchema.safeParse(record));
    const all = new Map(entries.flatMap(({ data }) => (data ? [[data.id, data]] : [])));
    for (const [id, { entry }] of this.#memory) all.set(id, entry);
    return [...all.values()].sort((a, b) => b.addedAt - a.addedAt);
  }

  /** Keeps a suite. */
  async add(suite: Suite): Promise<UserSuite> {
    const { title, sha256, wordings, relations, tasks } = suite;
    const facts = relations.reduce((sum, relation) => sum + relation.facts.length, 0);
    const items = tasks.reduce((sum, task) => sum + task.items.length, 0);
    const entry: UserSuite = {
      id: userSuiteId(sha256),
      title,
      sha256,
      kind: tasks.length > 0 ? 'tasks' : 'facts',
      wordings,
      probes: facts + items,
      skipped: suite.skipped,
      addedAt: Date.now(),
    };
    const { id } = entry;
    const kept = await this.#keep.try(async (store) => {
      // In one transaction: no entry without its facts.
      await setMany(
        [
          [entryKey(id), entry],
          [suiteKey(id), suite],
        ],
        store,
      );
      return true;
    });
    if (!kept) this.#memory.set(id, { entry, suite });
    return entry;
  }

  /** The suite of an id. @throws LabError `bad-suite` where this browser does not have it, or what it kept is damaged */
  async read(id: string): Promise<Suite> {
    const held = this.#memory.get(id);
    if (held) return held.suite;
    const record = await this.#keep.try(async (store) => (await getMany<unknown>([suiteKey(id)], store))[0]);
    if (record === undefined || record === null) throw notHere(id);
    const { data } = suiteSchema.safeParse(record);
    if (data && userSuiteId(data.sha256) === id) return data;
    await this.#keep.try((store) => del(entryKey(id), store));
    throw new LabError('bad-suite', `What this browser kept of ${id} is damaged.`, 'Choose the files again.');
  }

  /** Forgets a suite. What was computed of it stays among the kept results. */
  async remove(id: string): Promise<void> {
    this.#memory.delete(id);
    await this.#keep.try((store) => delMany([entryKey(id), suiteKey(id)], store));
  }
}
