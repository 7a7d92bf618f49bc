import { parseRecipe } from '../lab/compress/recipe.ts';
import { LabError } from '../lab/errors.ts';
import { type ResultJson, toJson } from '../lab/result/json.ts';
import type { Result, ResultEntry } from '../lab/result/schema.ts';
import { isWording, type Wording, wordingIds } from '../lab/suite/suite.ts';
import { filesOf } from './page/suites.ts';
import { defaultChoice } from './recipe/curve.ts';
import { firstAnswers } from './run/chunks.ts';
import { cache } from './run/shared.ts';
import { suiteOf } from './shipped.ts';
import { evaluator, forget, stop } from './views/explore/explore.ts';
import { useLab } from './views/explore/explore-store.ts';

/** What to compute. Everything but the recipe has the page's first choice as its default. */
export interface RunSpec {
  model?: string;
  suite?: string;
  template?: Wording;
  /** A list of steps as on the command line, e.g. `[{method: 'rtn', scope: 'overall', bits: 4}]`. */
  recipe?: unknown;
  /** Ask only the first so many probes of the stratified order. */
  limit?: number;
  onProgress?: (done: number, of: number) => void;
}

/** The lab for programs on the page: `globalThis.lossy`. Results have the command line's shape. */
export interface LossyApi {
  /** Computes a result, or takes it from the cache. @throws LabError */
  run(spec?: RunSpec): Promise<ResultJson>;
  /** Stops everything at once; a run in progress fails with a LabError `cancelled`. What was finished stays. */
  cancel(): void;
  cache: {
    /** All kept results, the latest first. */
    list(): Promise<ResultEntry[]>;
    /** Forgets those of these keys, or all. */
    clear(keys?: readonly string[]): Promise<void>;
  };
  /**
   * Starts the runtime of the chosen model if it does not run yet, and says on what. `runs` counts passes through a graph since then,
   * `computed` the answers that were computed since the page was opened: what the cache gave is not among them.
   */
  backend(): Promise<{ backend: string; device: string; checkedTo: number | null; runs: number; computed: number }>;
}

async function run(spec: RunSpec = {}): Promise<ResultJson> {
  const { model = defaultChoice.model, suite = defaultChoice.suite, limit } = spec;
  const { template = suiteOf(suite)?.wordings[0] ?? 'given' } = spec;
  if (!isWording(template))
    throw new LabError('bad-recipe', `template is ${template}; allowed: ${wordingIds.join(', ')}.`);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    throw new LabError('bad-recipe', `limit is ${limit}; allowed is a whole number from 1.`);
  const recipe = parseRecipe(spec.recipe ?? []);
  const files = await filesOf({ model, suite });
  return evaluator.exclusive(async () => {
    await evaluator.open(files);
    const probes = await evaluator.probes(files, template);
    const wanted = Math.min(limit ?? probes.order.length, probes.order.length);
    const key = await evaluator.key(files, template, recipe);
    let result: Result | null = await cache.read(key);
    while (!result || result.entry.asked < wanted) {
      const before: number = result?.entry.asked ?? 0;
      result = await evaluator.advance(files, probes, recipe, result, {
        most: wanted,
        onProgress: (done) => spec.onProgress?.(Math.min(wanted, before + done), wanted),
      });
    }
    const { entry, predictions } = result;
    return toJson({ entry, predictions: firstAnswers(predictions, wanted) }, probes);
  });
}

const api: LossyApi = {
  run,
  cancel: stop,
  cache: {
    list: () => cache.list(),
    clear: async (keys) => forget(keys ?? (await cache.list()).map((entry) => entry.key)),
  },
  backend: async () => {
    await evaluator.open(await filesOf(useLab.getState().choice));
    const { backend, device, checkedTo } = await evaluator.start();
    return { backend, device, checkedTo, runs: await evaluator.runs(), computed: evaluator.computed };
  },
};

declare global {
  var lossy: LossyApi;
}

/** Makes the lab reachable for programs on the page. */
export function installApi(): void {
  globalThis.lossy = api;
}
