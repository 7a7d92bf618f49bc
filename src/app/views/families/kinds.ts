import type { Recipe } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import { recipeAt } from '../../recipe/curve.ts';
import { chunkEnd } from '../../run/chunks.ts';
import { evaluatorOf } from '../../run/evaluators.ts';
import { openQuestion } from '../../run/question.ts';
import { layoutFor, type Question, readKept, resultFor, resultKeyOf } from '../../run/result-lookup.ts';
import { notify, results, tabs } from '../../run/shared.ts';
import { suites } from '../../shipped.ts';
import { type KindResult, useFamilies } from './families-store.ts';

const set = useFamilies.setState;
const get = useFamilies.getState;

/** Every shipped suite in each of its wordings, suite by suite: a worker opens one at a time. */
const kinds = suites.flatMap(({ id, wordings }) => wordings.map((template) => ({ suite: id, template })));

/** What the chosen level is compared with, and the level itself. */
const recipesNow = (): Recipe[] => {
  const { step } = get().choice;
  return [[], recipeAt({ steps: [step], axis: 0 }, step.level)];
};

const questions = () =>
  kinds.flatMap((kind) =>
    get()
      .tracks.filter(({ status }) => status !== 'absent')
      .map(({ model }): Question => ({ ...kind, model: model.id })),
  );

/** Reads what is kept of the other kinds at the chosen level, and shows it. */
export async function readKinds(): Promise<void> {
  const { choice } = get();
  if (choice.grouping !== 'kind') return;
  const recipes = recipesNow();
  const missing = (question: Question) =>
    recipes.filter((recipe) => results.asked(resultKeyOf(question, recipe) ?? '') === 0);
  await Promise.all(questions().map((question) => readKept(question, missing(question))));
  if (get().choice === choice) showKinds();
}

function showKinds(): void {
  const recipes = recipesNow();
  const found = new Map<string, KindResult[]>();
  for (const question of questions()) {
    const layout = layoutFor(question);
    const [baseline, level] = recipes.map((recipe) => resultFor(question, recipe));
    if (!layout || !baseline || !level) continue;
    const { model, suite, template } = question;
    found.set(model, [...(found.get(model) ?? []), { suite, template, layout, baseline, level }]);
  }
  set({ kinds: found });
}

/**
 * Asks the next piece of every kind, of every model in turn: at first a sample of all.
 *
 * @returns whether it came to its end
 */
export async function askKinds(isCurrent: () => boolean): Promise<boolean> {
  const recipes = recipesNow();
  let done = 0;
  const all = questions().flatMap((question) => recipes.map((recipe) => ({ question, recipe })));
  try {
    for (const { question, recipe } of all) {
      set({ asksKinds: { done: done++, of: all.length } });
      const files = await openQuestion(question);
      if (!isCurrent()) return false;
      const { order } = layoutFor(question)!;
      const key = resultKeyOf(question, recipe)!;
      await results.read(key);
      const asked = results.asked(key);
      const goal = chunkEnd(asked, order.length);
      // One piece, or what another tab made of it meanwhile.
      while (isCurrent() && results.asked(key) < goal)
        await results.ask(
          evaluatorOf(question.model),
          tabs,
          { key, recipe, files, asked: results.asked(key), probes: { template: question.template, order } },
          { wait: true, isWanted: isCurrent, onProgress: () => {} },
        );
      if (!isCurrent()) return false;
      showKinds();
    }
    return true;
  } catch (error) {
    const failure = LabError.from(error);
    if (isCurrent() && failure.kind !== 'cancelled') notify(failure);
    return false;
  }
}
