import { del, delMany, getMany, keys, setMany } from 'idb-keyval';
import { z } from 'zod';
import { LabError } from '../../lab/errors.ts';
import { type Skipped, type Suite, type Wording, wordingIds } from '../../lab/suite/suite.ts';
import { taskIds } from '../../lab/suite/tasks/index.ts';
import { GuardedStore } from './guarded-store.ts';
import { userSuiteId } from './user-suite-id.ts';

/** What is listed of a suite that the visitor brought. */
export interface UserSuite {
  id: string;
  title: string;
  sha256: string;
  kind: 'facts' | 'tasks';
  wordings: readonly Wording[];
  probes: number;
  /** What the importer left out, and why. */
  skipped: readonly Skipped[];
  /** Milliseconds since 1970. */
  addedAt: number;
}

const text = z.string();
const count = z.int().nonnegative();
const skipped = z.array(z.object({ reason: text, count }));
const entrySchema = z.object({
  id: text,
  title: text,
  sha256: text,
  kind: z.enum(['facts', 'tasks']),
  wordings: z.array(z.enum(wordingIds)).min(1),
  probes: count,
  skipped,
  addedAt: z.number(),
});
const suiteSchema = z.object({
  title: text,
  licence: text,
  sha256: text,
  wordings: z.array(z.enum(wordingIds)).min(1),
  perRelation: count.nullable(),
  relations: z.array(
    z.object({
      id: text,
      label: text,
      property: text.nullable(),
      cardinality: z.enum(['1-1', 'N-1', 'N-M']).nullable(),
      templates: z.object({ train: z.array(text).min(1), probe: z.array(text).min(1) }).nullable(),
      facts: z.array(
        z.object({
          subject: text,
          objects: z.array(text).min(1),
          places: z.array(count),
          frequency: count.nullable(),
          prompt: text.optional(),
        }),
      ),
    }),
  ),
  tasks: z.array(
    z.object({
      task: z.enum(taskIds),
      id: text,
      label: text,
      items: z.array(
        z.object({
          options: z.array(z.object({ context: text, continuation: text, length: count })).min(1),
          answer: count,
          relation: text.optional(),
        }),
      ),
    }),
  ),
  skipped,
});

/** Two records a suite, so that listing need not read the facts. */
const entryKey = (id: string) => `entry:${id}`;
const suiteKey = (id: string) => `suite:${id}`;

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
    const all = new Map(entries.flatMap(({ data }) => (data ? [[data.id, data as UserSuite]] : [])));
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
    if (record === undefined || record === null)
      throw new LabError(
        'bad-suite',
        `The files of ${id} are not on this machine: they stay with whoever chose them.`,
        'Choose the same files here, or another suite.',
      );
    const { data } = suiteSchema.safeParse(record);
    if (data && userSuiteId(data.sha256) === id) return data as Suite;
    await this.#keep.try((store) => del(entryKey(id), store));
    throw new LabError('bad-suite', `What this browser kept of ${id} is damaged.`, 'Choose the files again.');
  }

  /** Forgets a suite. What was computed of it stays among the kept results. */
  async remove(id: string): Promise<void> {
    this.#memory.delete(id);
    await this.#keep.try((store) => delMany([entryKey(id), suiteKey(id)], store));
  }
}
