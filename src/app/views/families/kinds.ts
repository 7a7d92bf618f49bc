import type { Recipe } from '../../../lab/compress/recipe.ts';
import { chunkEnd } from '../../chunks.ts';
import { recipeAt } from '../../recipe/curve.ts';
import type { Question } from '../../recipe/question.ts';
import { results } from '../../run/coordinator.ts';
import { layoutFor, readKept, resultFor, resultKeyOf } from '../../run/result-lookup.ts';
import type { Need } from '../../run/runner.ts';
import { suites } from '../../shipped.ts';
import { type KindResult, useFamilies } from './families-store.ts';

const set = useFamilies.setState;
const get = useFamilies.getState;

/** Every shipped suite in each of its wordings, suite by suite: a worker opens one at a time. */
const kinds = suites.flatMap(({ id, wordings }) => wordings.map((template) => ({ suite: id, template })));

/** The uncompressed model, and the level that is looked at. */
const recipesNow = (): Recipe[] => {
  const { step } = get().choice;
  return [[], recipeAt({ steps: [step], axis: 0 }, step.level)];
};

const questions = () =>
  kinds.flatMap((kind) =>
    get()
      .tracks.filter(({ status }) => status === 'present')
      .map(({ model }): Question => ({ ...kind, model: model.id })),
  );

/** One more chunk of every kind, of every model at the chosen level and uncompressed. */
export const kindNeeds = (): Need[] =>
  questions().flatMap((question) =>
    recipesNow().map((recipe) => ({
      question,
      recipe,
      label: question.suite,
      most: chunkEnd(results.asked(resultKeyOf(question, recipe) ?? ''), Number.POSITIVE_INFINITY),
    })),
  );

/** Reads what is kept of the other kinds at the chosen level, and shows it. */
export async function readKinds(): Promise<void> {
  const { choice } = get();
  if (choice.grouping !== 'kind') return;
  await Promise.all(questions().map((question) => readKept(question, recipesNow())));
  if (get().choice === choice) showKinds();
}

/** Brings what is shown of the other kinds up to date. */
export function showKinds(): void {
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
