import type { Running } from '../../../workers/api.ts';
import type { PlainError } from '../../lab/errors.ts';
import type { Preparing } from '../../lab/work.ts';

/** Answers that are there, of those that are wanted. */
export interface Amount {
  done: number;
  of: number;
}

/** How far a run is. */
export interface RunState extends Amount {
  status: 'idle' | 'running' | 'paused' | 'finished' | 'failed';
  /** The first samples alone, while some of them are missing and more than them is wanted. */
  sample: Amount | null;
  /** Answers a second, and seconds left at that speed; null before they are known. */
  rate: number | null;
  secondsLeft: number | null;
  /** What is being asked, by its label. */
  at: string | null;
  /** How far calibrating and compressing are, before the first question is asked. */
  preparing: Preparing | null;
  /** Bytes of the models that are being opened; null where none is. */
  load: { done: number; total: number } | null;
  /** What answers; null before the first model runs. */
  running: Running | null;
  /** Why models of the run were given up, by model. */
  failures: Readonly<Record<string, PlainError>>;
}

export const idleRun: RunState = {
  status: 'idle',
  done: 0,
  of: 0,
  sample: null,
  rate: null,
  secondsLeft: null,
  at: null,
  preparing: null,
  load: null,
  running: null,
  failures: {},
};

/** What a run that ended by itself or was stopped no longer shows. */
export const atRest = { at: null, preparing: null, load: null, secondsLeft: null, rate: null, sample: null } as const;
