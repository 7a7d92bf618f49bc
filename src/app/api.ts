import type { Recipe } from '../lab/compress/recipe.ts';
import { parseRecipe } from '../lab/compress/recipe.ts';
import { LabError } from '../lab/errors.ts';
import { type ResultJson, toJson } from '../lab/result/json.ts';
import type { ResultEntry } from '../lab/result/schema.ts';
import { isWording, type Wording, wordingIds } from '../lab/suite/suite.ts';
import { firstAnswers } from './chunks.ts';
import { defaultChoice } from './recipe/curve.ts';
import { type Question, questionOf } from './recipe/question.ts';
import { cache, computedByAll, evaluatorOf, results } from './run/coordinator.ts';
import { openQuestion } from './run/question.ts';
import { layoutFor, resultKeyOf } from './run/result-lookup.ts';
import { Runner, stopAll } from './run/runner.ts';
import { suiteOf } from './shipped.ts';
import { forget } from './views/explore/explore.ts';
import { useExplore } from './views/explore/explore-store.ts';

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
  const question = { model, suite, template };
  const runner = new Runner({
    onState: ({ done, of }) => of > 0 && spec.onProgress?.(done, of),
    onResults: () => {},
  });
  try {
    const isDone = await runner.run([{ question, recipe, label: 'lossy.run', most: limit }]);
    const [failure] = Object.values(runner.state.failures);
    if (failure) throw LabError.from(failure);
    if (!isDone) throw new LabError('cancelled', 'Stopped.');
  } finally {
    // Only the worker of a view that shows it is worth keeping.
    runner.dispose();
  }
  return resultOf(question, recipe, limit);
}

/** The first `limit` answers of a result that is there, in the command line's shape. */
function resultOf(question: Question, recipe: Recipe, limit = Number.POSITIVE_INFINITY): ResultJson {
  const { entry, predictions } = results.get(resultKeyOf(question, recipe)!)!.stored;
  return toJson({ entry, predictions: firstAnswers(predictions, Math.min(entry.asked, limit)) }, layoutFor(question)!);
}

export const api: LossyApi = {
  run,
  cancel: stopAll,
  cache: {
    list: () => cache.list(),
    clear: async (keys) => forget(keys ?? (await cache.list()).map((entry) => entry.key)),
  },
  backend: async () => {
    const question = questionOf(useExplore.getState().choice);
    const evaluator = evaluatorOf(question.model);
    await openQuestion(question);
    const { backend, device, checkedTo } = await evaluator.start();
    return { backend, device, checkedTo, runs: await evaluator.runs(), computed: computedByAll() };
  },
};
