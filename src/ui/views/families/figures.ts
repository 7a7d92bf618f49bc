import { useDeferredValue, useMemo } from 'react';
import type { Figure } from '../../../app/projection/groups.ts';
import type { Measure } from '../../../app/views/families/families-choice.ts';
import { type FamiliesState, type Track, useFamilies } from '../../../app/views/families/families-store.ts';
import { figureFor } from '../../../app/views/families/groups.ts';
import type { FamilyId } from '../../../lab/model/site.ts';

/** Like useFamilies, for what is much work to draw: it follows a moment later, so that no control waits for it. */
export const useDeferredFamilies = <T>(select: (state: FamiliesState) => T): T => useDeferredValue(useFamilies(select));

/** A level with the figure of every family that has one. */
export interface Row {
  level: number;
  label: string;
  x: number;
  figures: Partial<Record<FamilyId, Figure>>;
}

/** What was counted of a result that has not changed is not counted again. */
const counted = new WeakMap<object, Map<string, Figure | null>>();

function figure({ baseline }: Track, result: Track['baseline'], measure: Measure): Figure | null {
  if (!baseline || !result) return null;
  const key = `${measure}:${baseline.summary.probes}`;
  const known = counted.get(result) ?? new Map<string, Figure | null>();
  counted.set(result, known);
  if (!known.has(key)) known.set(key, figureFor(baseline, result, measure));
  return known.get(key) ?? null;
}

/** The figures of all models, level by level. */
export function useRows(): Row[] {
  const tracks = useDeferredFamilies((state) => state.tracks);
  const measure = useFamilies((state) => state.choice.measure);
  return useMemo(() => rowsOf(tracks, measure), [tracks, measure]);
}

function rowsOf(tracks: readonly Track[], measure: Measure): Row[] {
  const [first] = tracks;
  if (!first) return [];
  return first.points.map(({ level, label, x }) => {
    const figures: Row['figures'] = {};
    for (const track of tracks) {
      const found = figure(track, track.points[level]?.result ?? null, measure);
      if (found) figures[track.family] = found;
    }
    return { level, label, x, figures };
  });
}
