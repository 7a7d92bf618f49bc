import { useDeferredValue, useMemo } from 'react';
import type { Figure } from '../../../app/projection/groups.ts';
import type { Measure } from '../../../app/views/families/families-choice.ts';
import { type FamiliesState, type Track, useFamilies } from '../../../app/views/families/families-store.ts';
import { figureFor, type Group } from '../../../app/views/families/groups.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import type { ChartRow } from '../../parts/charts/series.tsx';

/** Like useFamilies, for what is much work to draw: it follows a moment later, so that no control waits for it. */
export const useDeferredFamilies = <T>(select: (state: FamiliesState) => T): T => useDeferredValue(useFamilies(select));

/** A level with the figure of every family that has one. */
export interface LevelRow extends ChartRow {
  level: number;
  points: Readonly<Partial<Record<FamilyId, Figure>>>;
}

/** Groups side by side, as rows of a chart. */
export const groupRows = (groups: readonly Group[]): ChartRow[] =>
  groups.map(({ label, figures }, x) => ({ x, label, points: figures }));

/** The families of which some model is opened. */
export function useShownFamilies(): readonly FamilyId[] {
  const tracks = useDeferredFamilies((state) => state.tracks);
  return useMemo(() => tracks.flatMap(({ family, status }) => (status === 'absent' ? [] : [family])), [tracks]);
}

/** A result that has not changed is not counted again. */
const counted = new WeakMap<object, Map<string, Figure | null>>();

function figure({ baseline }: Track, result: Track['baseline'], measure: Measure): Figure | null {
  if (!baseline || !result) return null;
  const key = `${measure}:${baseline.summary.probes}`;
  const known = counted.get(result) ?? new Map<string, Figure | null>();
  counted.set(result, known);
  if (!known.has(key)) known.set(key, figureFor(baseline, result, measure));
  return known.get(key) ?? null;
}

/** {@link levelRows} of the models that are opened. */
export function useLevelRows(): LevelRow[] {
  const tracks = useDeferredFamilies((state) => state.tracks);
  const measure = useFamilies((state) => state.choice.measure);
  return useMemo(() => levelRows(tracks, measure), [tracks, measure]);
}

/** The figures of all models, level by level. */
export function levelRows(tracks: readonly Track[], measure: Measure): LevelRow[] {
  const [first] = tracks;
  if (!first) return [];
  return first.points.map(({ level, label, x }) => {
    const points: Partial<Record<FamilyId, Figure>> = {};
    for (const track of tracks) {
      const found = figure(track, track.points[level]?.result ?? null, measure);
      if (found) points[track.family] = found;
    }
    return { level, label, x, points };
  });
}
