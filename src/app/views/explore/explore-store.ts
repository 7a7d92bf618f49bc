import { create } from 'zustand';
import type { Opened, ProbeList, Running } from '../../../../workers/api.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import type { PlainError } from '../../../lab/errors.ts';
import type { Preparing } from '../../../lab/work.ts';
import type { LinkedResults } from '../../link/link-results.ts';
import { estimateLevel, type LevelEstimate } from '../../projection/estimate.ts';
import type { Comparison, LevelResult } from '../../projection/level-result.ts';
import { type Choice, defaultChoice, type Point } from '../../recipe/curve.ts';
import type { View } from './explore-link.ts';

/** A point of the curve and what is known of it. */
export interface CurvePoint extends Point {
  /** Null before anything is known. */
  result: LevelResult | null;
}

export interface LoadState {
  status: 'idle' | 'loading' | 'ready' | 'failed';
  /** Bytes. */
  done: number;
  total: number;
  error: PlainError | null;
}

export interface RunState {
  status: 'idle' | 'running' | 'paused' | 'finished' | 'failed';
  /** Probes of all levels together; what was kept counts as done. */
  done: number;
  of: number;
  /** Probes a second, and seconds left at that speed; null before they are known. */
  rate: number | null;
  secondsLeft: number | null;
  /** The level that is worked on, by its label. */
  at: string | null;
  /** How far measuring and compressing are, while the level is made ready. */
  preparing: Preparing | null;
  error: PlainError | null;
}

/** A link that brought results, and how they compare with what was computed here. */
export interface LinkState {
  results: LinkedResults;
  comparisons: Comparison[] | null;
}

/** All that Explore shows. Only lab.ts and its helpers change it. */
export interface LabState {
  choice: Choice;
  view: View;
  load: LoadState;
  opened: Opened | null;
  probes: ProbeList | null;
  running: Running | null;
  /** The uncompressed model. */
  baseline: { recipe: Recipe; result: LevelResult | null };
  points: CurvePoint[];
  run: RunState;
  link: LinkState | null;
}

export const idleRun: RunState = {
  status: 'idle',
  done: 0,
  of: 0,
  rate: null,
  secondsLeft: null,
  at: null,
  preparing: null,
  error: null,
};

export const useLab = create<LabState>()(() => ({
  choice: defaultChoice,
  view: { relation: null, probe: null },
  load: { status: 'idle', done: 0, total: 0, error: null },
  opened: null,
  probes: null,
  running: null,
  baseline: { recipe: [], result: null },
  points: [],
  run: idleRun,
  link: null,
}));

/** The level that the axis step's slider stands on. */
export const currentLevel = ({ choice }: Pick<LabState, 'choice'>) => choice.steps[choice.axis].level;

/** The point of the curve that is looked at. */
export const currentPoint = (state: Pick<LabState, 'choice' | 'points'>): CurvePoint | null =>
  state.points[currentLevel(state)] ?? null;

/** Estimates of a curve's levels, made once for every state of it. */
const estimates = new WeakMap<readonly CurvePoint[], Map<number, LevelEstimate | null>>();

/** What the level that is looked at probably comes to; null where it was asked, and where no level of its curve was. */
export function currentEstimate(state: Pick<LabState, 'choice' | 'points'>): LevelEstimate | null {
  const { points } = state;
  const level = currentLevel(state);
  if (!points[level] || points[level].result) return null;
  const made = estimates.get(points) ?? new Map<number, LevelEstimate | null>();
  estimates.set(points, made);
  const estimate = made.get(level) ?? estimateLevel(points, level);
  made.set(level, estimate);
  return estimate;
}

/** Whether tasks are asked, not facts. */
export const asksTasks = (state: Pick<LabState, 'probes' | 'link'>) =>
  shownRelations(state)?.some(({ task }) => task) ?? false;

/** The relations that are asked, as far as they are known. */
export const shownRelations = ({ probes, link }: Pick<LabState, 'probes' | 'link'>) =>
  (probes ?? link?.results)?.relations;
