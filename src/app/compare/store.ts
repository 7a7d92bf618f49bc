import { create } from 'zustand';
import type { ProbeList } from '../../../workers/api.ts';
import type { Entry } from '../cache.ts';
import type { Layout } from '../layout.ts';
import type { LevelResult } from '../level.ts';
import { usePage } from '../page.ts';
import { idleWork, type WorkState } from '../work.ts';
import { type CompareChoice, startOf } from './choice.ts';
import type { Match } from './compared.ts';

export interface CompareState {
  choice: CompareChoice;
  /** Whether the link was read: nothing is shown before. */
  isOpen: boolean;
  a: LevelResult | null;
  b: LevelResult | null;
  layout: Layout | null;
  work: WorkState;
  /** Subjects and right answers; null before the model was read. */
  probes: ProbeList | null;
  /** Words by their numbers, as far as the worker has told them. */
  words: ReadonlyMap<number, string>;
  /** Kept results of the same question. */
  kept: readonly Entry[];
  /** What the last search for an equal level found. */
  match: Match | null;
}

export const useCompare = create<CompareState>()(() => ({
  choice: startOf(usePage.getState().subject),
  isOpen: false,
  a: null,
  b: null,
  layout: null,
  work: idleWork,
  probes: null,
  words: new Map(),
  kept: [],
  match: null,
}));
