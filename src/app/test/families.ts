import { stratifiedOrder } from '../../lab/probe/order.ts';
import type { AskedRelation } from '../../lab/probe/probes.ts';
import { type LevelResult, levelFromStored } from '../projection/level-result.ts';
import type { ProbeLayout } from '../storage/probe-layouts.ts';
import type { Track } from '../views/families/families-store.ts';
import { makeStored } from './fixture.ts';

/** Three relations of four facts each, trained with 4, 8, 16 and 32 sentences a pass. */
export const layout: ProbeLayout = makeLayout([
  { id: 'capital', label: 'Capital', probes: 4, property: 'P36', cardinality: '1-1', task: null },
  { id: 'is-a', label: 'Kind', probes: 4, property: null, cardinality: 'N-1', task: null },
  { id: 'made-of', label: 'Made of', probes: 4, property: 'P186', cardinality: 'N-M', task: null },
]);

/** A layout of these relations. */
export function makeLayout(relations: readonly AskedRelation[]): ProbeLayout {
  const order = stratifiedOrder(relations.map(({ probes }) => probes));
  return { relations, order, skipped: [], frequency: Int32Array.from(order, (_, probe) => [4, 8, 16, 32][probe % 4]) };
}

/** A result in which these probes, by number, hit; those that are null were not asked. */
export function resultOf(hits: readonly (boolean | null)[], { order, relations }: ProbeLayout = layout): LevelResult {
  const asked = order.findIndex((probe) => hits[probe] === null);
  const count = asked < 0 ? order.length : asked;
  const stored = makeStored('key', count, { of: order.length });
  stored.predictions.ranks.set(Array.from(order.subarray(0, count), (probe) => (hits[probe] ? 1 : 9)));
  return levelFromStored(stored, order, relations, 'computed');
}

/** A model's line with one level beside the uncompressed model. */
export function makeTrack(family: Track['family'], baseline: LevelResult, level: LevelResult | null): Track {
  const id = `${family}-model`;
  const hash = 'a'.repeat(64);
  return {
    family,
    model: {
      id,
      title: id,
      family,
      parameters: 1,
      bytes: 1,
      licence: 'MIT',
      training: 'Not at all.',
      sha256: hash,
      tokenizerSha256: hash,
    },
    status: 'present',
    layout,
    baseline,
    points: [
      { level: 0, x: 0, label: '0 %', recipe: [], result: baseline },
      { level: 1, x: 0.5, label: '50 %', recipe: [], result: level },
    ],
  };
}
