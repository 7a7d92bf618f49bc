import { create } from 'zustand';
import type { ProbeList } from '../../../../workers/api.ts';
import type { ResultEntry } from '../../../lab/result/schema.ts';
import { usePage } from '../../page/page.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import { idleRun, type RunState } from '../../run/status.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import { type CompareChoice, startOf } from './compare-choice.ts';
import type { Match } from './compared.ts';

export interface CompareState {
  choice: CompareChoice;
  /** The reader paused or stopped: a change of the choice computes nothing by itself. */
  isHeld: boolean;
  /** Whether the link was read: nothing is shown before. */
  isOpen: boolean;
  /** What is known of each recipe's answers, in the order of the recipes. */
  results: readonly (LevelResult | null)[];
  layout: ProbeLayout | null;
  run: RunState;
  /** Subjects and right answers; null before the model was read. */
  probes: ProbeList | null;
  /** Words by their numbers, as far as the worker has told them. */
  words: ReadonlyMap<number, string>;
  /** Kept results of the same question. */
  kept: readonly ResultEntry[];
  /** What the last search for equal levels found, for each recipe that was moved. */
  matches: readonly Match[];
}

export const useCompare = create<CompareState>()(() => ({
  choice: startOf(usePage.getState().subject),
  isHeld: false,
  isOpen: false,
  results: [],
  layout: null,
  run: idleRun,
  probes: null,
  words: new Map(),
  kept: [],
  matches: [],
}));
