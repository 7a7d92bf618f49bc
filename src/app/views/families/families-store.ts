import { create } from 'zustand';
import type { PlainError } from '../../../lab/errors.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import type { Wording } from '../../../lab/suite/suite.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import type { ShippedModel } from '../../shipped.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import { type CurvePoint, idleRun, type RunState } from '../explore/explore-store.ts';
import { defaultFamilies, type FamiliesChoice } from './families-choice.ts';

/** One model of the comparison. */
export interface Track {
  family: FamilyId;
  model: ShippedModel;
  /** `absent`: models of this family have no such layers. */
  status: 'idle' | 'loading' | 'ready' | 'failed' | 'absent';
  load: { done: number; total: number };
  error: PlainError | null;
  /** Known from the first time that it was asked. */
  layout: ProbeLayout | null;
  /** The uncompressed model. */
  baseline: LevelResult | null;
  /** Every level of the method, the uncompressed model first. */
  points: CurvePoint[];
}

/** The questions of one kind, as one model answers them at the chosen level and uncompressed. */
export interface KindResult {
  /** The suite and wording. */
  suite: string;
  template: Wording;
  layout: ProbeLayout;
  baseline: LevelResult;
  level: LevelResult;
}

export interface FamiliesState {
  choice: FamiliesChoice;
  tracks: Track[];
  run: RunState & {
    /** Answers of the first samples alone, while these are not all there. */
    sample: { done: number; of: number } | null;
  };
  /** What is known of other wordings and suites, by model. */
  kinds: ReadonlyMap<string, readonly KindResult[]>;
  /** How many of these are asked, while they are being asked. */
  asksKinds: { done: number; of: number } | null;
}

export const idleFamilies: FamiliesState['run'] = { ...idleRun, sample: null };

export const useFamilies = create<FamiliesState>()(() => ({
  choice: defaultFamilies,
  tracks: [],
  run: idleFamilies,
  kinds: new Map(),
  asksKinds: null,
}));
