import { create } from 'zustand';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import type { Figure } from '../../projection/groups.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import { idleRun, type RunState } from '../../run/status.ts';
import { type CurvesChoice, defaultCurves } from './curves-choice.ts';
import type { CurveLine, LineOption } from './lines.ts';
import type { Says } from './says.ts';

/** A point as it is drawn. */
export interface DrawnPoint {
  /** On the axis of levels, and how it is written there. */
  place: number;
  label: string;
  recipe: Recipe;
  key: string | null;
  result: LevelResult | null;
  /** Null where nothing of it is known. */
  figure: Figure | null;
  /** Where it lies on the chosen horizontal axis; null where that is not known yet. */
  x: number | null;
}

export interface DrawnLine extends CurveLine {
  points: readonly DrawnPoint[];
  /** The uncompressed model, asked the same. */
  baseline: Figure | null;
  isOff: boolean;
}

/** What the horizontal axis is. */
export interface DrawnAxis {
  kind: CurvesChoice['x'];
  /** Null where the axis is not one of levels. */
  label: string | null;
  /** Whether less is to the right: compression grows from left to right. */
  isReversed: boolean;
  /** Where marks of levels stand; empty where numbers do. */
  ticks: readonly { x: number; label: string }[];
  /** All places that points have, rising: where the range can begin and end. */
  stops: readonly number[];
}

export interface CurvesState {
  choice: CurvesChoice;
  /** What lines can be for. */
  options: readonly LineOption[];
  lines: readonly DrawnLine[];
  axis: DrawnAxis;
  /** What the preset's run shows; null without a preset. */
  says: Says | null;
  /** How many results are wanted, and how many of these have no answer yet. */
  needed: { results: number; missing: number };
  /** So many questions of each result are wanted. */
  most: number;
  run: RunState;
}

export const noAxis: DrawnAxis = { kind: 'level', label: null, isReversed: false, ticks: [], stops: [] };

/** All that Curves shows. Only this folder changes it. */
export const useCurves = create<CurvesState>()(() => ({
  choice: defaultCurves,
  options: [],
  lines: [],
  axis: noAxis,
  says: null,
  needed: { results: 0, missing: 0 },
  most: 0,
  run: idleRun,
}));
