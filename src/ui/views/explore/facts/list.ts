import type { ExploreState } from '../../../../app/views/explore/explore-store.ts';

type Probes = NonNullable<ExploreState['probes']>;

/** A fact to choose. */
interface Item {
  value: string;
  label: string;
}

/**
 * The facts to choose from, by relation: those that hold what was typed, as many as fit a list. There may be tens of
 * thousands, so that no list of all of them is ever made.
 *
 * @param chosen the fact that is looked at: always among them, so that its name can be shown
 */
export function matchingFacts(
  probes: Probes | null,
  relation: string | null,
  search: string,
  chosen: number | null,
  most: number,
): { group: string; items: Item[] }[] {
  if (!probes) return [];
  const wanted = search.trim().toLowerCase();
  const groups: { group: string; items: Item[] }[] = [];
  let left = most;
  let first = 0;
  for (const { id, label: group, probes: size } of probes.relations) {
    const items: Item[] = [];
    const isOpen = relation === null || relation === id;
    for (let probe = first; probe < first + size; probe++) {
      const label = probes.subjects[probe];
      const isMatch = isOpen && left > 0 && label.toLowerCase().includes(wanted);
      if (isMatch) left--;
      if (isMatch || probe === chosen) items.push({ value: String(probe), label });
    }
    first += size;
    if (items.length > 0) groups.push({ group, items });
  }
  return groups;
}
