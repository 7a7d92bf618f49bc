import type { MethodId } from '../../../lab/compress/methods/index.ts';
import { LabError } from '../../../lab/errors.ts';
import type { ResultEntry } from '../../../lab/result/schema.ts';
import { firstChunk } from '../../chunks.ts';
import type { SampleSize } from '../../link/sample-sizes.ts';
import { Latest } from '../../page/latest.ts';
import { complain, notify } from '../../page/notices.ts';
import { keepLink, setSubject, writeAddress } from '../../page/page.ts';
import { describeRecipe } from '../../recipe/catalogue.ts';
import { curveOf, type StepChoice } from '../../recipe/curve.ts';
import { type SuiteOffer, stepsFor, withSuite } from '../../recipe/offers.ts';
import { questionOf } from '../../recipe/question.ts';
import { duplicated, fromRecipe, moved, newStep, without } from '../../recipe/steps.ts';
import { cache, evaluatorOf, results } from '../../run/coordinator.ts';
import { openQuestion, probesOf } from '../../run/question.ts';
import { layoutFor, readKept, resultFor, resultKeyOf } from '../../run/result-lookup.ts';
import { type Need, Runner } from '../../run/runner.ts';
import type { ShippedModel } from '../../shipped.ts';
import {
  type CompareChoice,
  type ComparePresetId,
  fewestRecipes,
  presets,
  readCompareLink,
  recipeOf,
  type ShownFacts,
  sides,
  writeCompareLink,
} from './compare-choice.ts';
import { useCompare } from './compare-store.ts';
import { closest, compareResults, detailOf, type Match } from './compared.ts';

const set = useCompare.setState;
const get = useCompare.getState;

const latest = new Latest();
const runner = new Runner({
  onState: (state) => set({ run: state }),
  onResults: () => show(),
});

/** Opens the view on what its address says. */
export async function open(fragment: string): Promise<void> {
  keepLink('compare', fragment || '#view=compare');
  set({ isHeld: false });
  try {
    choose(readCompareLink(fragment), { isOpening: true });
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
    choose({}, { isOpening: true });
  }
}

/** Ends everything that the view holds, for the time that another one is shown. */
export function leave(): void {
  latest.cancel();
  runner.stop();
}

/** Puts what is known of all recipes on the page. */
function show(): void {
  const { choice } = get();
  set({
    results: choice.recipes.map((steps) => resultFor(choice, recipeOf(steps))),
    layout: layoutFor(choice),
  });
}

const labelOf = (at: number, steps: StepChoice[]) => `${sides[at].toUpperCase()}: ${describeRecipe(recipeOf(steps))}`;

const wantedOf = (choice: CompareChoice, most: number): Need[] =>
  choice.recipes.map((steps, at) => ({
    question: questionOf(choice),
    recipe: recipeOf(steps),
    label: labelOf(at, steps),
    ...(most > 0 && { most }),
  }));

/** Asks all recipes as many facts as are wanted. */
export const start = (): Promise<void> => ask(get().choice.amount);

async function ask(most: number): Promise<void> {
  const isCurrent = latest.begin();
  set({ isHeld: false });
  const { choice } = get();
  await runner.run(wantedOf(choice, most));
  if (!isCurrent()) return;
  show();
  await listKept();
  await nameFacts(isCurrent);
}

/** Shows what is kept; without a sample of all, asks one. */
async function refresh({ isOpening }: { isOpening: boolean }): Promise<void> {
  const isCurrent = latest.begin();
  const { choice, run: before } = get();
  const recipes = choice.recipes.map(recipeOf);
  if (before.status !== 'running') await runner.read(wantedOf(choice, choice.amount));
  else await readKept(questionOf(choice), recipes);
  if (!isCurrent()) return;
  const isKept = recipes.some((recipe) => results.asked(resultKeyOf(choice, recipe) ?? '') > 0);
  // Results that came another way than by this page's views: how their probes lie is the model's to tell.
  if (isKept && !layoutFor(choice)) await openQuestion(questionOf(choice));
  if (!isCurrent()) return;
  show();
  void listKept();
  const asked = Math.min(...recipes.map((recipe) => results.asked(resultKeyOf(choice, recipe) ?? '')));
  const wanted = Math.min(choice.amount || Number.POSITIVE_INFINITY, layoutFor(choice)?.order.length ?? firstChunk);
  const isBusy = before.status === 'running' || before.status === 'finished';
  if (asked >= wanted || get().isHeld) {
    // Everything is there: nothing is left to run, and nothing is offered.
    if (asked >= wanted) await runner.run(wantedOf(choice, choice.amount));
    else if (before.status === 'running') runner.pause();
    await nameFacts(isCurrent);
    // More than a sample is asked when the reader wants it, here or before the choice changed.
  } else await ask(isOpening || !isBusy ? Math.min(choice.amount || firstChunk, firstChunk) : choice.amount);
}

/** Reads what the facts are called, and the words of both recipes' answers, which are the model's. */
async function nameFacts(isCurrent: () => boolean): Promise<void> {
  const { choice, results: known, layout } = get();
  const compared = layout && detailOf(known, choice.against, layout, choice.amount);
  if (!compared) return;
  try {
    const probes = get().probes ?? (await probesOf(questionOf(choice)));
    if (!isCurrent()) return;
    set({ probes });
    const { words } = get();
    const ids = new Set(compared.facts.flatMap((fact) => (probes.right[fact.probe] >= 0 ? [] : [fact.a, fact.b])));
    const missing = [...ids].filter((id) => !words.has(id));
    if (missing.length === 0) return;
    const told = await evaluatorOf(choice.model).words(Uint32Array.from(missing));
    if (isCurrent()) set({ words: new Map([...words, ...told.map((word, at) => [missing[at], word] as const)]) });
  } catch (error) {
    if (LabError.from(error).kind !== 'cancelled') complain(error);
  }
}

async function listKept(): Promise<void> {
  const { choice } = get();
  const entries = await cache.list();
  set({ kept: entries.filter(({ key, recipe }) => resultKeyOf(choice, recipe) === key) });
}

/** Stops computing after the pass in progress; what was finished stays, and {@link start} goes on from there. */
export function pause(): void {
  latest.cancel();
  set({ isHeld: true });
  runner.pause();
}

/** Stops at once, and gives the memory of the model back. */
export function stop(): void {
  latest.cancel();
  set({ isHeld: true });
  runner.stop();
}

/** Changes the choice: what is known is shown at once. */
function choose(change: Partial<CompareChoice>, { isOpening = false } = {}): void {
  const { choice: before, isOpen } = get();
  const choice = { ...before, ...change };
  const isOtherModel = choice.model !== before.model;
  const isOther = isOtherModel || choice.suite !== before.suite || choice.template !== before.template;
  set({
    choice,
    isOpen: true,
    matches: [],
    ...(isOther && { probes: null }),
    ...(isOtherModel && { words: new Map() }),
  });
  if (isOther || !isOpen) setSubject(choice);
  if (!isOpening) remember(true);
  show();
  refresh({ isOpening }).catch(complain);
}

const remember = (asStep: boolean) => writeAddress('compare', () => writeCompareLink(get().choice), asStep);

/** How the results are looked at: nothing is asked for it. */
export function look(view: Partial<Pick<CompareChoice, 'show' | 'relation' | 'against'>>): void {
  set(({ choice }) => ({ choice: { ...choice, ...view } }));
  remember(true);
  // Other facts are listed, whose words may not be there yet; what is computed goes on, and names them at its end.
  if (view.against !== undefined && get().run.status !== 'running') void nameFacts(latest.now());
}

export const setShow = (shown: ShownFacts) => look({ show: shown });

export const setTemplate = (template: CompareChoice['template']) => choose({ template });
export const setSuite = (suite: SuiteOffer) => choose({ ...withSuite(get().choice, suite), relation: null });

/** Another model, with the same steps as far as its family has the layers. */
export function setModel({ id, family }: Pick<ShippedModel, 'id' | 'family'>): void {
  choose({ model: id, recipes: get().choice.recipes.map((steps) => stepsFor(steps, family)) });
}

export const applyPreset = (id: ComparePresetId) => choose({ recipes: presets[id], against: 1 });

/** Exchanges the first recipe and the one that is looked at. */
export const swap = () => {
  const { recipes, against } = get().choice;
  choose({ recipes: recipes.with(0, recipes[against]).with(against, recipes[0]) });
};

/** One recipe more, at first like the last one, and looked at. */
export function addRecipe(): void {
  const { recipes } = get().choice;
  if (recipes.length < sides.length) choose({ recipes: [...recipes, recipes.at(-1)!], against: recipes.length });
}

/** Takes a recipe away; those behind it move up a letter. */
export function removeRecipe(at: number): void {
  const { recipes, against } = get().choice;
  if (recipes.length <= fewestRecipes) return;
  const left = recipes.filter((_, other) => other !== at);
  choose({ recipes: left, against: Math.max(1, at <= against ? against - 1 : against) });
}

/** Asks so many facts from now on, and begins. */
export function setAmount(amount: SampleSize): void {
  set(({ choice }) => ({ choice: { ...choice, amount } }));
  remember(true);
  void start();
}

/** Changes the steps of a recipe. */
function setSteps(at: number, steps: StepChoice[], asStep = true): void {
  choose({ recipes: get().choice.recipes.with(at, steps) });
  remember(asStep);
}

/** How the list of a recipe's steps is changed. */
export const editOf = (at: number) => {
  const of = () => ({ steps: get().choice.recipes[at], axis: 0 });
  return {
    set: (index: number, step: StepChoice) => setSteps(at, of().steps.with(index, step)),
    add: (method: MethodId) => setSteps(at, [...of().steps, newStep(method)]),
    duplicate: (index: number) => setSteps(at, duplicated(of(), index).steps),
    remove: (index: number) => setSteps(at, without(of(), index).steps),
    move: (from: number, to: number) => setSteps(at, moved(of(), from, to).steps),
  };
};

/** Moves a slider. */
export function setLevel(at: number, index: number, level: number): void {
  const steps = get().choice.recipes[at];
  setSteps(at, steps.with(index, { ...steps[index], level }), false);
}

/** Takes a kept result's recipe. */
export const takeKept = (at: number, { recipe }: Pick<ResultEntry, 'recipe'>) => setSteps(at, fromRecipe(recipe));

/**
 * Moves the slider of every other recipe's last step to where it comes closest to the first recipe, after a sample of
 * every level that has none. What was found is told with how close it is.
 */
export async function matchTo(kind: Match['kind']): Promise<void> {
  const { choice } = get();
  const [first, ...others] = choice.recipes;
  const moving = others.flatMap((steps, index) => {
    const axis = steps.length - 1;
    if (axis < 0) return [];
    const points = curveOf({ steps, axis }).filter(({ level }) => level > 0);
    return [{ at: index + 1, steps, axis, points }];
  });
  if (moving.length === 0) return;
  const isCurrent = latest.begin();
  set({ isHeld: false });
  const question = questionOf(choice);
  const sample = { question, most: firstChunk };
  const isDone = await runner.run([
    { ...sample, recipe: recipeOf(first), label: labelOf(0, first) },
    ...moving.flatMap(({ at, points }) =>
      points.map(({ recipe }) => ({
        ...sample,
        recipe,
        label: `${sides[at].toUpperCase()}: ${describeRecipe(recipe)}`,
      })),
    ),
  ]);
  const layout = layoutFor(question);
  const a = resultFor(question, recipeOf(first));
  if (!isCurrent() || !isDone || !layout || !a) return;
  const found = moving.flatMap(({ at, steps, axis, points }) => {
    const levels = points.flatMap(({ level, label, recipe }) => {
      const result = resultFor(question, recipe);
      const compared = compareResults(a, result, layout, firstChunk);
      if (!result || !compared) return [];
      const [wanted, value] = kind === 'size' ? [a.bytes, result.bytes] : [compared.a.share, compared.b.share];
      return [{ level, label, wanted, value, n: compared.n }];
    });
    const best = closest(levels, levels[0]?.wanted ?? 0);
    if (!best) return [];
    const { level, label, wanted, value, n } = best;
    const match: Match = { kind, side: sides[at], level, label, levels: levels.length, wanted, value, n };
    return [{ at, steps: steps.with(axis, { ...steps[axis], level }), match }];
  });
  if (found.length === 0) return;
  choose({ recipes: found.reduce((recipes, { at, steps }) => recipes.with(at, steps), [...choice.recipes]) });
  set({ matches: found.map(({ match }) => match) });
}
