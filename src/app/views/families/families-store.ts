import { create } from 'zustand';
import type { FamilyId } from '../../../lab/model/site.ts';
import type { Wording } from '../../../lab/suite/suite.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import { idleRun, type RunState } from '../../run/status.ts';
import type { ShippedModel } from '../../shipped.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import type { CurvePoint } from '../explore/explore-store.ts';
import { defaultFamilies, type FamiliesChoice } from './families-choice.ts';

/** One model of the comparison. */
export interface Track {
  family: FamilyId;
  model: ShippedModel;
  /** `absent`: models of this family have no such layers. */
  status: 'present' | 'absent';
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
  run: RunState;
  /** What is known of other wordings and suites, by model. */
  kinds: ReadonlyMap<string, readonly KindResult[]>;
  /** Whether these are being asked. */
  asksKinds: boolean;
}

export const useFamilies = create<FamiliesState>()(() => ({
  choice: defaultFamilies,
  tracks: [],
  run: idleRun,
  kinds: new Map(),
  asksKinds: false,
}));
