import { get, set } from 'idb-keyval';
import { z } from 'zod';
import type { ProbeList } from '../../../workers/api.ts';
import { stratifiedOrder } from '../../lab/probe/order.ts';
import { askedRelationSchema } from '../../lab/probe/probes.ts';
import { skippedSchema } from '../../lab/suite/schema.ts';
import { GuardedStore } from './guarded-store.ts';

const layoutSchema = z.object({
  relations: z.array(askedRelationSchema).min(1).readonly(),
  /** How often the training stated each probe; -1 where that is not known. */
  frequency: z.instanceof(Int32Array),
  /** What cannot be asked, and why. */
  skipped: z.array(skippedSchema).readonly(),
});

/**
 * What is needed to read a kept result without its model: which relations its probes belong to, and how often the
 * training stated each. What is asked, and so all of this, depends on the model's vocabulary.
 */
export type ProbeLayout = Readonly<z.infer<typeof layoutSchema>> & {
  /** Probe numbers in the order in which they are asked. */
  order: Uint32Array;
};

/** The layout of probes that a worker listed. */
export function probeLayoutOf(probes: Pick<ProbeList, 'relations' | 'frequency' | 'order' | 'skipped'>): ProbeLayout {
  const { relations, frequency, order, skipped } = probes;
  return { relations, frequency: Int32Array.from(frequency, (often) => often ?? -1), order, skipped };
}

/**
 * Layouts in this browser's IndexedDB, by the key of the uncompressed model's result: it depends on the same model,
 * suite and wording. Where storage is blocked they are asked of the model again.
 */
export class ProbeLayouts {
  readonly #known = new Map<string, ProbeLayout>();
  readonly #keep = new GuardedStore('lossy-layouts', 'layouts');

  /** A layout that was read or written since the page was opened. */
  get(key: string): ProbeLayout | undefined {
    return this.#known.get(key);
  }

  /** Reads a kept layout, so that {@link get} has it. Damaged ones count as not there. */
  async read(key: string): Promise<void> {
    if (this.#known.has(key)) return;
    const record = await this.#keep.try((store) => get<unknown>(key, store));
    const { data } = layoutSchema.safeParse(record);
    if (!data) return;
    const order = stratifiedOrder(data.relations.map(({ probes }) => probes));
    if (data.frequency.length === order.length) this.#known.set(key, { ...data, order });
  }

  /** Keeps a layout. */
  async write(key: string, layout: ProbeLayout): Promise<void> {
    const isNew = !this.#known.has(key);
    this.#known.set(key, layout);
    const { relations, frequency, skipped } = layout;
    if (isNew) await this.#keep.try((store) => set(key, { relations, frequency, skipped }, store));
  }
}
