import type { Method } from '../../../lab/compress/method.ts';
import { isMethodId, methods } from '../../../lab/compress/methods/index.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import { firstChunk } from '../../chunks.ts';
import { Latest } from '../../page/latest.ts';
import { complain, notify } from '../../page/notices.ts';
import { keepLink, setSubject, usePage, writeAddress } from '../../page/page.ts';
import { describeRecipe } from '../../recipe/catalogue.ts';
import { type SuiteOffer, withSuite } from '../../recipe/offers.ts';
import { type Question, questionOf } from '../../recipe/question.ts';
import { cache, saved } from '../../run/coordinator.ts';
import { openQuestion } from '../../run/question.ts';
import { layoutFor, readKept, resultFor, resultKeyOf } from '../../run/result-lookup.ts';
import { type Need, Runner } from '../../run/runner.ts';
import type { ShippedModel } from '../../shipped.ts';
import { type DecideChoice, readDecideLink, startOf, writeDecideLink } from './decide-choice.ts';
import { useDecide } from './decide-store.ts';
import type { Offer } from './decision.ts';
import { grid } from './grid.ts';

const set = useDecide.setState;
const get = useDecide.getState;

const latest = new Latest();
const runner = new Runner({
  onState: (state) => set({ run: state }),
  onResults: add,
});

saved.add(() => {
  if (usePage.getState().page === 'decide') read().catch(complain);
});

/** Opens the view on what its address says: shows what is kept, and computes nothing. */
export async function open(fragment: string): Promise<void> {
  keepLink('decide', fragment || '#view=decide');
  try {
    set({ choice: readDecideLink(fragment) });
    setSubject(get().choice);
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  await read();
}

/** Ends everything that the view holds, for the time that another one is shown. */
export function leave(): void {
  latest.cancel();
  runner.stop();
}

/** Reads every kept result of the question. */
async function read(): Promise<void> {
  const isCurrent = latest.begin();
  const { choice } = get();
  const entries = await cache.list();
  const own = entries.filter(({ key, recipe }) => resultKeyOf(choice, recipe) === key);
  await readKept(
    choice,
    own.map(({ recipe }) => recipe),
  );
  if (!isCurrent()) return;
  // Results that came another way than by this page's views: how their probes lie is the model's to tell.
  if (own.length > 0 && !layoutFor(choice)) await openQuestion(choice);
  if (!isCurrent()) return;
  const found = own.flatMap(({ key, recipe }) => {
    const result = resultFor(choice, recipe);
    return result ? [{ key, recipe, result }] : [];
  });
  const ofModel = entries.filter(({ model }) => model.name === choice.model);
  const answers = ofModel.reduce((sum, { asked }) => sum + asked, 0);
  const seconds = ofModel.reduce((sum, entry) => sum + entry.seconds, 0);
  set({
    isOpen: true,
    found,
    baseline: resultFor(choice, []),
    secondsEach: answers === 0 ? null : seconds / answers,
  });
}

/** Puts new results beside the others. */
function add(wanted: readonly Need[]): void {
  const { choice, found } = get();
  const all = new Map(found.map((one) => [one.key, one]));
  for (const { question, recipe } of wanted) {
    const key = resultKeyOf(question, recipe);
    const result = resultFor(question, recipe);
    if (key !== null && result && key === resultKeyOf(choice, recipe)) all.set(key, { key, recipe, result });
  }
  set({ found: [...all.values()], baseline: resultFor(choice, []) });
}

const wanted = (asked: Question, recipe: Recipe, most?: number): Need => ({
  question: questionOf(asked),
  recipe,
  label: describeRecipe(recipe),
  ...(most !== undefined && { most }),
});

async function run(list: readonly Need[]): Promise<void> {
  set({ wanted: list });
  await runner.run(list);
  await read();
}

const gridNeeds = (): Need[] => grid.map((recipe) => wanted(get().choice, recipe, firstChunk));

/** Computes a sample of each recipe of the standard grid. */
export const computeGrid = (): Promise<void> => run(gridNeeds());

/** Results of the grid that have no sample yet. */
export const missingOf = (found: readonly { key: string }[], choice: Question): number =>
  grid.filter((recipe) => !found.some(({ key }) => key === resultKeyOf(choice, recipe))).length;

/** How many facts are asked next, where so many were. */
export const nextAmount = (asked: number, of: number) => (asked < 1000 ? Math.min(1000, of) : of);

/** Asks an offer and the uncompressed model more facts. */
export function askMore({ recipe, asked, of }: Pick<Offer, 'recipe' | 'asked' | 'of'>): Promise<void> {
  const most = nextAmount(asked, of);
  const { choice } = get();
  return run([wanted(choice, [], most), wanted(choice, recipe, most)]);
}

/** Goes on with what was wanted last. */
export const start = (): Promise<void> => run(get().wanted ?? gridNeeds());
export const pause = runner.pause;
export const stop = runner.stop;

/** What a recipe is made of. */
export function kindOf(recipe: Recipe): Offer['kind'] {
  if (recipe.length === 0) return 'none';
  const kinds = new Set(
    recipe.map(({ method }) => (isMethodId(method) ? (methods as Record<string, Method>)[method].kind : 'low-rank')),
  );
  if (kinds.size > 1) return 'mixed';
  return kinds.has('prune') ? 'removed' : kinds.has('quantize') ? 'rounded' : 'mixed';
}

/** How the results are looked at: none of them changes. */
export function look(change: Partial<Omit<DecideChoice, keyof Question>>, asStep = true): void {
  set(({ choice }) => ({ choice: { ...choice, ...change } }));
  writeAddress('decide', () => writeDecideLink(get().choice), asStep);
}

/** Asks something else, or another model. */
function ask(change: Partial<Question>): void {
  runner.stop();
  const choice = { ...get().choice, ...change };
  if (choice.model !== get().choice.model) choice.megabytes = startOf(choice).megabytes;
  set({ choice, found: [], baseline: null, isOpen: false, wanted: null });
  setSubject(choice);
  writeAddress('decide', () => writeDecideLink(get().choice), true);
  read().catch(complain);
}

export const setModel = ({ id }: Pick<ShippedModel, 'id'>) => ask({ model: id });
export const setTemplate = (template: Question['template']) => ask({ template });
export const setSuite = (suite: SuiteOffer) => {
  const { suite: id, template } = withSuite(get().choice, suite);
  ask({ suite: id, template });
};
