import type { LoadProgress, Running } from '../../../workers/api.ts';
import type { Backend } from '../../lab/engine/engine.ts';
import { notify } from '../page/notices.ts';
import { ProbeLayouts } from '../storage/probe-layouts.ts';
import { ResultCache } from '../storage/result-cache.ts';
import { UserSuites } from '../storage/user-suites.ts';
import { LabClient } from './client.ts';
import { Evaluator } from './evaluator.ts';
import { KnownResults } from './results.ts';
import { openTabs } from './tabs.ts';

// What all views share: storage, what is known of results, and one worker for each model. Whatever one view computes is
// there for every other one, and no model is open twice.

export const cache = new ResultCache(notify);
export const results = new KnownResults(cache);
export const layouts = new ProbeLayouts();
export const userSuites = new UserSuites(notify);

/** Somebody who follows what happens, by what it happens to. */
class Listeners<Event extends unknown[]> {
  readonly #all = new Set<(...event: Event) => void>();

  /** @returns stops listening */
  add(listener: (...event: Event) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(...event: Event): void {
    for (const listener of this.#all) listener(...event);
  }
}

/** Another tab saved more of a result: its key. */
export const saved = new Listeners<[key: string]>();
/** A model is being downloaded and read. */
export const loading = new Listeners<[model: string, progress: LoadProgress]>();
/** A model's runtime has started. */
export const started = new Listeners<[model: string, running: Running]>();

export const tabs = openTabs((key) => saved.tell(key));

/** `?backend=wasm` or `webgpu` insists on one. */
export function wantedBackend(): Backend | 'auto' {
  const wanted = new URLSearchParams(location.search).get('backend');
  return wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'auto';
}

const evaluators = new Map<string, Evaluator>();

/** The evaluator of a model. Its worker begins with the first call. */
export function evaluatorOf(model: string): Evaluator {
  const found = evaluators.get(model);
  if (found) return found;
  const evaluator = new Evaluator(new LabClient(), cache, wantedBackend(), {
    onLoad: (progress) => loading.tell(model, progress),
    onRunning: (running) => started.tell(model, running),
    onNotice: notify,
  });
  evaluators.set(model, evaluator);
  return evaluator;
}

/** Answers computed since the page was opened, by all models together. */
export const computedByAll = () => [...evaluators.values()].reduce((sum, { computed }) => sum + computed, 0);

/** Ends the workers of all models but these: their memory is given back. */
export function endWorkers(except: readonly string[] = []): void {
  for (const [model, evaluator] of evaluators) if (!except.includes(model)) evaluator.end();
}
