import { create } from 'zustand';
import type { Opened, ProbeList } from '../../../../workers/api.ts';
import type { LinkedResults } from '../../link/link-results.ts';
import { estimateLevel, type LevelEstimate } from '../../projection/estimate.ts';
import { type Comparison, firstAsked, type LevelResult } from '../../projection/level-result.ts';
import { type Choice, defaultChoice, type Point } from '../../recipe/curve.ts';
import { idleRun, type RunState } from '../../run/status.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import type { ExploreFocus } from './explore-link.ts';

/** A point of the curve and what is known of it. */
export interface CurvePoint extends Point {
  /** Null before anything is known. */
  result: LevelResult | null;
}

/** A link that brought results, and how they compare with what was computed here. */
export interface LinkState {
  results: LinkedResults;
  comparisons: Comparison[] | null;
}

/** All that Explore shows. Only this folder changes it. */
export interface ExploreState {
  choice: Choice;
  view: ExploreFocus;
  /** Null before the model is open. */
  opened: Opened | null;
  probes: ProbeList | null;
  /** How the probes lie; known without the model where it was ever asked here. */
  layout: ProbeLayout | null;
  /** The uncompressed model. */
  baseline: { result: LevelResult | null };
  points: CurvePoint[];
  run: RunState;
  link: LinkState | null;
}

export const useExplore = create<ExploreState>()(() => ({
  choice: defaultChoice,
  view: { relation: null, probe: null },
  opened: null,
  probes: null,
  layout: null,
  baseline: { result: null },
  points: [],
  run: idleRun,
  link: null,
}));

/** The level that the axis step's slider stands on. */
export const currentLevel = ({ choice }: Pick<ExploreState, 'choice'>) => choice.steps[choice.axis].level;

/** The point of the curve that is looked at. */
export const currentPoint = (state: Pick<ExploreState, 'choice' | 'points'>): CurvePoint | null =>
  state.points[currentLevel(state)] ?? null;

/** Estimates of a curve's levels, made once for every state of it. */
const estimates = new WeakMap<readonly CurvePoint[], Map<number, LevelEstimate | null>>();

/** What the level that is looked at probably comes to; null where it was asked, and where no level of its curve was. */
export function currentEstimate(state: Pick<ExploreState, 'choice' | 'points'>): LevelEstimate | null {
  const { points } = state;
  const level = currentLevel(state);
  if (!points[level] || points[level].result) return null;
  const made = estimates.get(points) ?? new Map<number, LevelEstimate | null>();
  estimates.set(points, made);
  const estimate = made.get(level) ?? estimateLevel(points, level);
  made.set(level, estimate);
  return estimate;
}

/**
 * The uncompressed model over the questions that the level was asked. It is asked further ahead, and two shares of
 * different questions must not be compared.
 */
export function comparedBaseline(
  state: Pick<ExploreState, 'choice' | 'points' | 'baseline' | 'layout'>,
): LevelResult | null {
  const { result } = state.baseline;
  const level = currentPoint(state)?.result;
  if (!result || !level || !state.layout) return result;
  return firstAsked(result, level.summary.probes, state.layout.order, state.layout.relations);
}

/** Whether tasks are asked, not facts. */
export const asksTasks = (state: Pick<ExploreState, 'layout' | 'link'>) =>
  shownRelations(state)?.some(({ task }) => task) ?? false;

/** The relations that are asked, once they are known. */
export const shownRelations = ({ layout, link }: Pick<ExploreState, 'layout' | 'link'>) =>
  (layout ?? link?.results)?.relations;

/** Whether what is shown came with a link, and nothing was computed here yet. */
export const isLinked = ({ link, opened }: Pick<ExploreState, 'link' | 'opened'>) =>
  link !== null && link.comparisons === null && opened === null;
