import { LabClient } from '../client.ts';
import { Evaluator } from '../evaluator.ts';
import { cache, notify, wantedBackend } from '../shared.ts';
import { useFamilies } from './store.ts';
import { setTrack } from './tracks.ts';

/** One for each model, so that none is loaded twice; a worker begins with the first call. */
const evaluators = new Map<string, Evaluator>();

/** The model's own evaluator. */
export function evaluatorOf(model: string): Evaluator {
  const found = evaluators.get(model);
  if (found) return found;
  const evaluator = new Evaluator(new LabClient(), cache, wantedBackend(), {
    onLoad: (load) => {
      const track = useFamilies.getState().tracks.find((candidate) => candidate.model.id === model);
      if (track) setTrack(track.family, { load });
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
