import type { Opened } from '../../../workers/api.ts';
import type { Recipe } from '../../lab/compress/recipe.ts';
import { resultKey } from '../../lab/result/key.ts';
import { usePage } from '../page/page.ts';
import { type LevelResult, levelFromStored } from '../projection/level-result.ts';
import type { Question } from '../recipe/question.ts';
import { modelOf, suiteOf } from '../shipped.ts';
import type { ProbeLayout } from '../storage/probe-layouts.ts';
import { layouts, results } from './coordinator.ts';

type Identity = Pick<Parameters<typeof resultKey>[0], 'model' | 'suite'>;

/** What was opened, by model and suite: if the site was updated meanwhile, it is not what the page was built with. */
const opened = new Map<string, Identity>();

const filesKey = ({ model, suite }: Pick<Question, 'model' | 'suite'>) => `${model}/${suite}`;

/** Remembers what a model and a suite turned out to be. */
export const rememberOpened = (question: Pick<Question, 'model' | 'suite'>, { model, suite }: Opened) =>
  opened.set(filesKey(question), { model, suite });

function identityOf(question: Question): Identity | null {
  const known = opened.get(filesKey(question));
  if (known) return known;
  const model = modelOf(question.model);
  const suite = suiteOf(question.suite) ?? usePage.getState().userSuites.find(({ id }) => id === question.suite);
  return model && suite ? { model, suite } : null;
}

/** The key of a recipe's result; known before anything is loaded. Null for a suite that is not on this machine. */
export function resultKeyOf(question: Question, recipe: Recipe): string | null {
  const identity = identityOf(question);
  return identity && resultKey({ ...identity, template: question.template, recipe });
}

/** How the probes of a question lie, if that was ever known here. */
export function layoutFor(question: Question): ProbeLayout | null {
  const key = resultKeyOf(question, []);
  return (key !== null && layouts.get(key)) || null;
}

/** Reads what is kept of these recipes' results, and how their probes lie. */
export async function readKept(question: Question, recipes: readonly Recipe[]): Promise<void> {
  const layout = resultKeyOf(question, []);
  if (layout === null) return;
  const keys = recipes.map((recipe) => resultKeyOf(question, recipe)!);
  await Promise.all([layouts.read(layout), ...keys.map((key) => results.read(key))]);
}

/** What was made of a result, so that a chart that is drawn again is not computed again. */
const made = new Map<string, { asked: number; result: LevelResult }>();

/** A recipe's result, as far as it is known. */
export function resultFor(question: Question, recipe: Recipe): LevelResult | null {
  const key = resultKeyOf(question, recipe);
  const layout = layoutFor(question);
  const known = key === null ? undefined : results.get(key);
  if (key === null || !layout || !known) return null;
  const { asked } = known.stored.entry;
  const before = made.get(key);
  if (before?.asked === asked) return before.result;
  const result = levelFromStored(known.stored, layout.order, layout.relations, known.source);
  made.set(key, { asked, result });
  return result;
}
