import type { LabState } from '../../app/store.ts';

type Probes = NonNullable<LabState['probes']>;

/** The facts to choose from, by relation. */
export function listFacts(probes: Probes | null, relation: string | null) {
  if (!probes) return [];
  let first = 0;
  const all = probes.relations.map((entry) => {
    first += entry.probes;
    return { ...entry, first: first - entry.probes };
  });
  return all
    .filter(({ id }) => relation === null || id === relation)
    .map(({ label, first, probes: size }) => ({
      group: label,
      items: Array.from({ length: size }, (_, index) => ({
        value: String(first + index),
        label: probes.subjects[first + index],
      })),
    }));
}
