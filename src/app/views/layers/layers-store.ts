import { create } from 'zustand';
import type { Opened } from '../../../../workers/api.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import type { SiteReconstruction } from '../../../lab/compress/reconstruction.ts';
import type { Report } from '../../../lab/compress/size.ts';
import type { PlainError } from '../../../lab/errors.ts';
import type { Histogram } from '../../../lab/metrics/histogram.ts';
import type { Preparing } from '../../../lab/work.ts';
import { usePage } from '../../page/page.ts';
import { idleRun, type RunState } from '../../run/status.ts';
import type { CellMap, LayerCell, Loss } from './cells.ts';
import { type LayersChoice, startOf } from './layers-choice.ts';

/** One part of the model, and what is known of compressing it alone. */
export interface CellState extends LayerCell {
  key: string;
  recipe: Recipe;
  /** Why it cannot be compressed like this; null where it can. */
  problem: string | null;
  /** Null before it was asked. */
  loss: Loss | null;
  report: Report | null;
  /** How far what comes out of its layers is off, by layer; null before it was measured. */
  outputs: ReadonlyMap<string, SiteReconstruction> | null;
}

export interface LayersState {
  choice: LayersChoice;
  /** Known once the model was read. */
  model: Opened['model'] | null;
  map: CellMap | null;
  cells: readonly CellState[];
  /** The key of the uncompressed model's result, and how many questions there are; 0 before that is known. */
  baseline: string | null;
  of: number;
  run: RunState;
  /** Why the model could not be opened. */
  error: PlainError | null;
  /** What is being measured: cells that are done, of how many. */
  measuring: { done: number; of: number; progress: Preparing | null } | null;
  /** Why measuring failed. */
  measureError: PlainError | null;
  /** The weights of the layer that is looked at; of another one while they are counted. */
  histogram: { key: string; site: string; counts: Histogram } | null;
}

export const useLayers = create<LayersState>()(() => ({
  choice: startOf(usePage.getState().subject),
  model: null,
  map: null,
  cells: [],
  baseline: null,
  of: 0,
  run: idleRun,
  error: null,
  measuring: null,
  measureError: null,
  histogram: null,
}));
