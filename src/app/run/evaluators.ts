import type { LoadProgress } from '../../../workers/api.ts';
import { LabClient } from './client.ts';
import { Evaluator } from './evaluator.ts';
import { cache, notify, wantedBackend } from './shared.ts';

/** One for each model, so that none is loaded twice; a worker begins with the first call. */
const evaluators = new Map<string, Evaluator>();

/** Who wants to know how far a model's download is. */
const listeners = new Set<(model: string, progress: LoadProgress) => void>();

/** Calls back while models are read, with the model's id. @returns takes the call back */
export function onLoading(listener: (model: string, progress: LoadProgress) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The model's own evaluator. */
export function evaluatorOf(model: string): Evaluator {
  const found = evaluators.get(model);
  if (found) return found;
  const evaluator = new Evaluator(new LabClient(), cache, wantedBackend(), {
    onLoad: (load) => {
      for (const listener of listeners) listener(model, load);
    },
    onNotice: notify,
  });
  evaluators.set(model, evaluator);
  return evaluator;
}

/** Answers that all of them computed. */
export const computedByAll = () => [...evaluators.values()].reduce((sum, { computed }) => sum + computed, 0);

/** Stops what is being asked after the pass that it is in. */
export const cancelAll = () => {
  for (const evaluator of evaluators.values()) void evaluator.cancel();
};

/** Ends the workers, but those of these models: their memory is given back. */
export function endWorkers(except: readonly string[] = []): void {
  for (const [model, evaluator] of evaluators) if (!except.includes(model)) evaluator.end();
}
