import { create } from 'zustand';
import { LabError, type PlainError } from '../lab/errors.ts';
import type { Preparing } from '../lab/probe/work.ts';
import { evaluator } from './lab.ts';
import { type Forecast, forecasts, type Measured } from './layers.ts';
import { results } from './shared.ts';
import { keyOf } from './shown.ts';
import { type CurvePoint, currentPoint, useLab } from './store.ts';
import { filesOf } from './suites.ts';

export interface LayersState {
  /** By the key of the recipe's result. */
  measured: ReadonlyMap<string, Measured>;
  /** What is being measured, and how far that is; null before it begins. */
  measuring: { key: string; progress: Preparing | null } | null;
  error: PlainError | null;
}

/** What was measured since the page was opened. */
export const useLayers = create<LayersState>()(() => ({ measured: new Map(), measuring: null, error: null }));

const set = useLayers.setState;

/** Measures what comes out of each layer at the level that is looked at. A sweep waits meanwhile. */
export async function measureLayers(): Promise<void> {
  const state = useLab.getState();
  const recipe = currentPoint(state)?.recipe;
  const key = recipe && keyOf(recipe);
  const baseline = keyOf([]);
  if (!key || !baseline || useLayers.getState().measuring) return;
  const tell = (progress: Preparing | null) => set({ measuring: { key, progress } });
  tell(null);
  set({ error: null });
  try {
    const files = await filesOf(state.choice);
    const sites = await evaluator.exclusive(() => evaluator.reconstruction(files, recipe, tell));
    const made: Measured = { key, baseline, recipe, sites: new Map(sites.map((site) => [site.site, site])) };
    set(({ measured }) => ({ measured: new Map(measured).set(key, made) }));
  } catch (error) {
    const failure = LabError.from(error);
    if (failure.kind !== 'cancelled') set({ error: failure.toJSON() });
  } finally {
    set({ measuring: null });
  }
}

/** {@link forecasts} of what is shown. */
export function shownForecasts(points: readonly CurvePoint[], measured: LayersState['measured']): Forecast[] {
  const baseline = keyOf([]);
  if (baseline === null) return [];
  const curve = points.map(({ recipe, label }) => ({ key: keyOf(recipe)!, recipe, label }));
  return forecasts(curve, measured, baseline, (key) => {
    const stored = results.get(key)?.stored;
    return stored ? { ranks: stored.predictions.ranks, snrDb: stored.entry.report.touched?.snrDb ?? null } : null;
  });
}
