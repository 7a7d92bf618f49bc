import { create } from 'zustand';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import { usePage } from '../../page/page.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import type { Need } from '../../run/runner.ts';
import { idleRun, type RunState } from '../../run/status.ts';
import { type DecideChoice, startOf } from './decide-choice.ts';

export interface DecideState {
  choice: DecideChoice;
  /** Whether what is kept was read: nothing is said before. */
  isOpen: boolean;
  /** The uncompressed model. */
  baseline: LevelResult | null;
  /** Every kept result of the question, the uncompressed model's among them. */
  found: readonly { key: string; recipe: Recipe; result: LevelResult }[];
  run: RunState;
  /** What “Run” goes on with; null: a sample of the standard grid. */
  wanted: readonly Need[] | null;
  /** Seconds that an answer of this model took here, of all that is kept of it; null where nothing is. */
  secondsEach: number | null;
}

export const useDecide = create<DecideState>()(() => ({
  choice: startOf(usePage.getState().subject),
  isOpen: false,
  baseline: null,
  found: [],
  run: idleRun,
  wanted: null,
  secondsEach: null,
}));
