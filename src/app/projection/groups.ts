import type { Cardinality } from '../../lab/suite/suite.ts';
import type { ProbeLayout } from '../storage/probe-layouts.ts';

/** A figure with its interval; `share` is of all, or of what the uncompressed model knew. */
export interface Figure {
  share: number;
  low: number;
  high: number;
  /** Answers that it rests on, of how many there are. */
  probes: number;
  of: number;
  /** Too few to say much. */
  isFew: boolean;
}

/** Below this many answers the interval is wider than most differences. */
export const few = 30;

/** A group of questions. */
export interface GroupKey {
  id: string;
  label: string;
  /** A property or a cardinality, where there is one. */
  note: string | null;
}

const cardinalityWords: Readonly<Record<Cardinality, string>> = {
  '1-1': 'one subject, one object',
  'N-1': 'many subjects share an object',
  'N-M': 'a subject has several objects',
};
const cardinalities = Object.keys(cardinalityWords) as Cardinality[];

/** By what the questions of one suite and wording can be split, without computing anything. */
export type Split = 'relation' | 'frequency' | 'cardinality';

/** Which group each probe belongs to (-1: none), and what the groups are. */
export function splitBy(grouping: Split, { relations, frequency }: ProbeLayout) {
  const groups = new Int32Array(frequency.length);
  if (grouping === 'frequency') {
    const levels = bucketsOf(frequency);
    frequency.forEach((often, probe) => {
      groups[probe] = bucketOf(often, levels);
    });
    return { groups, keys: levels.map((often): GroupKey => ({ id: String(often), label: String(often), note: null })) };
  }
  const keys: GroupKey[] =
    grouping === 'relation'
      ? relations.map(({ id, label, property, cardinality }) => ({
          id,
          label,
          note: [property, cardinality].filter(Boolean).join(', ') || null,
        }))
      : cardinalities.map((id) => ({ id, label: id, note: cardinalityWords[id] }));
  let first = 0;
  relations.forEach(({ probes, cardinality }, relation) => {
    const group = grouping === 'relation' ? relation : cardinality === null ? -1 : cardinalities.indexOf(cardinality);
    groups.fill(group, first, first + probes);
    first += probes;
  });
  return { groups, keys };
}

/** The frequencies that the shipped facts are trained with: a controlled experiment, so that there are few of them. */
const trained = [4, 8, 16, 32];

/** Subjects with several objects are stated as often as all of these together: they join the next lower group. */
function bucketsOf(frequency: Int32Array): number[] {
  return trained.filter((often) => frequency.some((value) => value >= often));
}

/** The band of frequencies that a fact belongs to, by its lowest; null for facts that were stated less often or never. */
export const frequencyBand = (often: number): number | null => trained.findLast((lowest) => often >= lowest) ?? null;

const bucketOf = (often: number, levels: readonly number[]) => levels.findLastIndex((level) => often >= level);
