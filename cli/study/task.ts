import type { Recipe } from '../../src/lab/compress/recipe.ts';
import type { PlainError } from '../../src/lab/errors.ts';
import type { Answers } from '../../src/lab/probe/probes.ts';
import type { ResultJson } from '../../src/lab/result/json.ts';
import type { Wording } from '../../src/lab/suite/suite.ts';

/** A run as a worker process gets it: paths or shipped ids, and what to ask. */
export interface StudyTask {
  key: string;
  model: string;
  suite: string;
  vocabulary?: string;
  answers: Answers;
  template: Wording;
  recipe: Recipe;
  /** Null: all probes. */
  limit: number | null;
  /** Whether every answer goes into the result. */
  keep: boolean;
}

/** What a worker process says: once that it is there, then once for each task. */
export type Reply = { kind: 'ready' } | TaskOutcome;

export type TaskOutcome =
  | {
      kind: 'done';
      result: ResultJson;
      /** Mean natural log-probability of what is right; null where an output is not finite. */
      meanLogProb: number | null;
    }
  | { kind: 'failed'; error: PlainError };
