import type { Opened } from '../../../../workers/api.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import { Latest } from '../../page/latest.ts';
import { notify } from '../../page/notices.ts';
import { keepLink, setSubject, writeAddress } from '../../page/page.ts';
import { linkedPoints } from '../../projection/linked-points.ts';
import { firstProblem } from '../../recipe/check.ts';
import { type Choice, curveId, curveOf } from '../../recipe/curve.ts';
import { isSameQuestion, type Question, questionOf } from '../../recipe/question.ts';
import { cache, endWorkers, evaluatorOf, results } from '../../run/coordinator.ts';
import { exploreCurve } from '../../run/policies/explore-curve.ts';
import { probesOf } from '../../run/question.ts';
import { layoutFor, resultFor, resultKeyOf } from '../../run/result-lookup.ts';
import { type Need, Runner } from '../../run/runner.ts';
import { idle } from '../../yield-to-page.ts';
import { type ExploreFocus, readExploreLink, writeExploreLink } from './explore-link.ts';
import { currentLevel, isLinked, useExplore } from './explore-store.ts';
import { compareWithLink } from './share.ts';

const set = useExplore.setState;
const get = useExplore.getState;

const opening = new Latest();

const runner = new Runner({ onState: (run) => set({ run }), onResults: () => layOut(), onOpened });

const rememberAddress = (asStep = false) =>
  writeAddress(
    'explore',
    () => {
      const { choice, view, link } = get();
      // The results of a link stay in the address as long as they are what is shown.
      return writeExploreLink(choice, view, link && !link.comparisons ? link.results : undefined);
    },
    asStep,
  );

/** Opens Explore on what its address says: at first, when its link is followed, and when the address is edited by hand. */
export async function open(fragment: string): Promise<void> {
  const isCurrent = opening.begin();
  keepLink('explore', fragment || '#');
  try {
    const { choice, view, results: linked } = readExploreLink(fragment);
    const { choice: before } = get();
    set({ view, link: linked ? { results: linked, comparisons: null } : null });
    forgetOpened(before, choice);
    set({ choice });
    setSubject(choice);
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  layOut();
  // Whoever follows a link with results sees them at once; nothing is downloaded or computed before they ask for it.
  if (get().link) {
    runner.stop();
    set({ opened: null, probes: null });
    layOut();
    return;
  }
  await idle();
  if (isCurrent()) await start();
}

/** Ends what Explore holds, for the time that another view is shown. */
export const leave = () => stop();

/** Loads the model and asks the curve. */
export async function start(): Promise<void> {
  const isCurrent = opening.begin();
  const { choice } = get();
  const isDone = await runner.run(
    needsOf(choice),
    exploreCurve(() => placesOf(choice)),
  );
  if (isDone && isCurrent()) compareWithLink(() => rememberAddress());
}

const needsOf = (choice: Choice): Need[] => {
  const question = questionOf(choice);
  const levels = curveOf(choice).map(({ label, recipe }) => ({ question, recipe, label }));
  return [...levels, { question, recipe: [], label: 'uncompressed' }];
};

/** The keys of the curve's results, for the policy. */
const placesOf = (choice: Choice) => ({
  baseline: resultKeyOf(choice, [])!,
  levels: curveOf(choice).map(({ x, recipe }) => ({ x, key: resultKeyOf(choice, recipe)! })),
  current: currentLevel(get()),
});

/** The model is open: what it can be asked is shown, and whether the steps fit it. */
async function onOpened(question: Question, opened: Opened): Promise<void> {
  const isWanted = () => isSameQuestion(question, get().choice);
  if (!isWanted()) return;
  set({ opened });
  const probes = await probesOf(question);
  if (!isWanted()) return;
  set({ probes });
  layOut();
  performance.mark('lossy:model-ready');
  const problem = firstProblem(get().choice.steps, opened.model);
  if (problem) throw new LabError('bad-recipe', problem, 'Change it under “How it is compressed”.');
}

/** Brings the shown curve up to date with the choice and with what is known. */
function layOut(): void {
  const state = get();
  const { choice, link, baseline, points } = state;
  const fromLink = link && !link.comparisons ? linkedPoints(link.results) : null;
  const known = (recipe: Recipe) => (isLinked(state) ? null : resultFor(choice, recipe));
  const result = known([]) ?? fromLink?.baseline ?? null;
  set({
    layout: isLinked(state) ? null : layoutFor(choice),
    // The same object where nothing is new, so that nothing is drawn again.
    baseline: baseline.result === result ? baseline : { result },
    points: curveOf(choice).map((point, at) => {
      const now = known(point.recipe) ?? fromLink?.levels.get(point.level) ?? null;
      const before = points[at];
      const isSame = before && before.result === now && before.x === point.x && before.label === point.label;
      return isSame ? { ...before, recipe: point.recipe } : { ...point, result: now };
    }),
  });
}

/** Stops computing after the pass in progress; what was finished stays, and {@link start} goes on from there. */
export const pause = runner.pause;

/** Stops at once, and gives back the memory of model and runtime. What was finished stays. */
export function stop(): void {
  opening.cancel();
  runner.stop();
}

/** What was read of a model, a suite or a wording is not shown as another's. */
function forgetOpened(before: Choice, next: Choice): void {
  const isOtherFile = next.model !== before.model || next.suite !== before.suite;
  if (isOtherFile) set({ opened: null, probes: null });
  else if (next.template !== before.template) set({ probes: null });
  if (next.model !== before.model) endWorkers();
}

/** Changes the choice: what is known is shown at once, and a run that was under way goes on with the new one. */
export function choose(change: Partial<Choice>): void {
  const { run, choice, link } = get();
  const next = { ...choice, ...change };
  const isOther = curveId(next) !== curveId(choice);
  // What the link brought belongs to its own curve.
  set({ choice: next, ...(isOther && link ? { link: null } : {}) });
  setSubject(next);
  rememberAddress(isOther);
  // The slider alone moved: the same curve, looked at elsewhere. A run sees it when it chooses its next chunk.
  if (!isOther) return;
  if (!isSameQuestion(next, choice)) {
    const isOtherSuite = next.suite !== choice.suite;
    set(({ view }) => ({ view: { relation: isOtherSuite ? null : view.relation, probe: null } }));
  }
  forgetOpened(choice, next);
  layOut();
  // A run that failed may have failed because of what was chosen.
  if (link || ['running', 'finished', 'failed'].includes(run.status)) void start();
  else {
    void runner.read(needsOf(next));
    // Nothing is asked before that is wanted, but what can be asked is shown.
    void runner.open(questionOf(next));
  }
}

/** Looks at a relation or at a fact. */
export function look(view: Partial<ExploreFocus>): void {
  set((state) => ({ view: { ...state.view, ...view } }));
  rememberAddress();
}

/** The words of these numbers, from the open model. */
export const wordsOf = (ids: Uint32Array): Promise<string[]> => evaluatorOf(get().choice.model).words(ids);

/** Forgets results, here and on the shown curve. */
export async function forget(keys: readonly string[]): Promise<void> {
  runner.pause();
  await cache.remove(keys);
  results.forget(keys);
  layOut();
}
