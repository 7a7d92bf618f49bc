import type { LoadProgress, ProbeList, Running } from '../../workers/api.ts';
import type { Recipe } from '../lab/compress/recipe.ts';
import type { Backend } from '../lab/engine/engine.ts';
import { LabError } from '../lab/errors.ts';
import { stratifiedOrder } from '../lab/probe/order.ts';
import { resultKey } from '../lab/sweep/key.ts';
import { type Entry, ResultCache, type Stored } from './cache.ts';
import { LabClient } from './client.ts';
import { type Choice, curveId, curveOf, type StepChoice } from './curve.ts';
import { Evaluator } from './evaluator.ts';
import {
  type Comparison,
  compareOutcomes,
  type LevelResult,
  levelFromLink,
  levelFromStored,
  toLinked,
} from './level.ts';
import { type LinkedResults, readLink, type View, writeLink } from './link.ts';
import { byDistance, nextTodo, Pace } from './schedule.ts';
import { type CurvePoint, currentLevel, idleRun, type LabState, useLab } from './store.ts';
import { openTabs } from './tabs.ts';

const set = useLab.setState;
const get = useLab.getState;

const notify = (error: LabError) =>
  set(({ notices }) => ({
    notices: [...notices.filter(({ message }) => message !== error.message), error.toJSON()],
  }));

/** `?backend=wasm` or `webgpu` insists on one. */
function wantedBackend(): Backend | 'auto' {
  const wanted = new URLSearchParams(location.search).get('backend');
  return wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'auto';
}

export const cache = new ResultCache(notify);
export const evaluator = new Evaluator(new LabClient(), cache, wantedBackend(), {
  onLoad: ({ done, total }: LoadProgress) => set(({ load }) => ({ load: { ...load, done, total } })),
  onRunning: (running: Running) => set({ running }),
  onNotice: notify,
});

/** What was read or computed of the results that the page shows or showed, by key. */
const known = new Map<string, { stored: Stored; source: 'computed' | 'kept' }>();
const tabs = openTabs((key) => void refresh(key));

/** Rises when what is wanted changes, so that a sweep that is under way sees that it is no longer the one. */
let generation = 0;

const filesOf = ({ model, suite }: Choice) => ({ model, suite });

function keyOf(recipe: Recipe): string | null {
  const { opened, choice } = get();
  return opened ? resultKey({ ...opened, template: choice.template, recipe }) : null;
}

function resultOf(recipe: Recipe, probes: ProbeList): LevelResult | null {
  const key = keyOf(recipe);
  const found = key === null ? undefined : known.get(key);
  return found ? levelFromStored(found.stored, probes.order, probes.relations, found.source) : null;
}

/** Brings the shown curve up to date with the choice; results that are known stay on it. */
function layOut(): void {
  const { choice, probes, link } = get();
  const fromLink = link && !link.comparisons ? linkedPoints(link.results) : null;
  const result = (recipe: Recipe, level: number | null): LevelResult | null =>
    (probes && resultOf(recipe, probes)) ?? (level === null ? fromLink?.baseline : fromLink?.levels.get(level)) ?? null;
  set({
    baseline: { recipe: [], result: result([], null) },
    points: curveOf(choice).map((point) => ({ ...point, result: result(point.recipe, point.level) })),
  });
}

function linkedPoints(results: LinkedResults) {
  const order = stratifiedOrder(results.relations.map((relation) => relation.probes));
  return {
    baseline: levelFromLink(results.baseline, results, order),
    levels: new Map(results.levels.map((level) => [level.level, levelFromLink(level, results, order)])),
  };
}

/** Puts one new result where it belongs, and leaves the rest of the page alone. */
function show(key: string): void {
  const { probes, baseline, points } = get();
  const found = known.get(key);
  if (!probes || !found) return;
  const matches = (recipe: Recipe) => keyOf(recipe) === key;
  if (![baseline, ...points].some(({ recipe }) => matches(recipe))) return;
  const result = levelFromStored(found.stored, probes.order, probes.relations, found.source);
  set({
    baseline: matches(baseline.recipe) ? { ...baseline, result } : baseline,
    points: points.map((point): CurvePoint => (matches(point.recipe) ? { ...point, result } : point)),
  });
}

/** Another tab saved more of a result. */
async function refresh(key: string): Promise<void> {
  const { baseline, points } = get();
  if (![baseline, ...points].some(({ recipe }) => keyOf(recipe) === key)) return;
  await readKept(key);
  show(key);
}

/** Reads a result from the cache, unless more of it is known already. */
async function readKept(key: string): Promise<void> {
  const stored = await cache.read(key);
  const before = known.get(key);
  if (stored && stored.entry.asked > (before?.stored.entry.asked ?? 0)) known.set(key, { stored, source: 'kept' });
}

/** Brings one result of the list up to date, in its place: nothing jumps while results stream in. */
function listEntry(entry: Entry): void {
  set(({ library }) => ({
    library: library.some(({ key }) => key === entry.key)
      ? library.map((other) => (other.key === entry.key ? entry : other))
      : [entry, ...library],
  }));
}

async function listLibrary(): Promise<void> {
  set({ library: await cache.list() });
}

/** Browsers refuse to change the address more often than some hundred times a minute. */
const addressDelay = 200;
let addressTimer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the address in step with what is shown, so that it can be copied at any time. */
function writeAddress(): void {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const { choice, view, link } = get();
    // The results of a link stay in the address as long as they are what is shown.
    const results = link && !link.comparisons ? link.results : undefined;
    history.replaceState(null, '', `#${writeLink(choice, view, results)}`);
  }, addressDelay);
}

/** Opens the page on what its address says. Called once, and again when the address is changed by hand. */
export async function openPage(fragment: string): Promise<void> {
  generation++;
  try {
    const { choice, view, results } = readLink(fragment);
    set({ choice, view, link: results ? { results, comparisons: null } : null });
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  layOut();
  void listLibrary();
  // Whoever follows a link with results sees them at once; nothing is downloaded or computed before it is asked for.
  if (!get().link) await start();
}

/** Loads the model and runs the curve. */
export async function start(): Promise<void> {
  const mine = ++generation;
  if (await loadNew(mine)) await sweep(mine);
}

/** Reads model, suite and probes, and what is kept of the curve. @returns whether all of it is there */
async function loadNew(mine: number): Promise<boolean> {
  const { choice } = get();
  set(({ load, run }) => ({ load: { ...load, status: 'loading', error: null }, run: { ...run, error: null } }));
  try {
    const opened = await evaluator.open(filesOf(choice));
    const probes = await evaluator.probes(filesOf(choice), choice.template);
    if (mine !== generation) return false;
    set(({ load }) => ({ opened, probes, load: { ...load, status: 'ready' } }));
    performance.mark('lossy:model-ready');
    await readCurve();
    return mine === generation;
  } catch (error) {
    const failure = LabError.from(error);
    if (mine !== generation) return false;
    if (failure.kind === 'cancelled') set(({ load }) => ({ load: { ...load, status: 'idle' } }));
    else set(({ load }) => ({ load: { ...load, status: 'failed', error: failure.toJSON() } }));
    return false;
  }
}

/** Reads what is kept of the curve, and shows it. */
async function readCurve(): Promise<void> {
  const { points } = get();
  const keys = new Set([[], ...points.map((point) => point.recipe)].map(keyOf).filter((key) => key !== null));
  await Promise.all([...keys].map(readKept));
  layOut();
}

/** Asks the curve's levels, piece by piece, until all are complete or something else is wanted. */
async function sweep(mine: number): Promise<void> {
  const { probes, choice } = get();
  if (!probes) return;
  const files = filesOf(choice);
  const of = probes.order.length;
  const pace = new Pace();
  const begun = evaluator.computed;
  // Levels that another tab works on: left to it while there is something else to do.
  const elsewhere = new Set<string>();
  const isCurrent = () => mine === generation;
  // Another curve is another sweep, so the keys are computed once: todos() is asked after every pass.
  const { points, baseline } = get();
  const levels = points.map(({ level, label, recipe }) => ({ level, label, recipe, key: keyOf(recipe)! }));
  const first = { label: 'uncompressed', recipe: baseline.recipe, key: keyOf(baseline.recipe)! };
  const todos = () => {
    const ordered = [first, ...byDistance(levels, currentLevel(get()))];
    const byKey = new Map(ordered.map(({ key, recipe, label }) => [key, { recipe, label }]));
    return [...byKey].map(([key, rest]) => ({ key, ...rest, of, asked: known.get(key)?.stored.entry.asked ?? 0 }));
  };
  const progress = (extra: number, at: string | null) => {
    if (!isCurrent()) return;
    const all = todos();
    const done = all.reduce((sum, todo) => sum + todo.asked, 0) + extra;
    pace.mark(performance.now(), evaluator.computed - begun + extra);
    const { rate } = pace;
    const total = all.length * of;
    set(({ run }) => ({
      run: { ...run, done, of: total, rate, secondsLeft: rate === null ? null : (total - done) / rate, at },
    }));
  };

  set({ run: { ...idleRun, status: 'running' } });
  progress(0, null);
  try {
    while (isCurrent()) {
      const all = todos();
      const todo = nextTodo(all.filter(({ key }) => !elsewhere.has(key))) ?? nextTodo(all);
      if (!todo) break;
      const wait = elsewhere.has(todo.key);
      const worked = await tabs.alone(todo.key, wait, async () => {
        if (!isCurrent()) return true;
        await readKept(todo.key);
        const before = known.get(todo.key)?.stored ?? null;
        if (before && before.entry.asked > todo.asked) return true;
        const stored = await evaluator.exclusive(async () => {
          if (!isCurrent()) return null;
          return evaluator.advance(files, probes, todo.recipe, before, {
            onProgress: (done) => progress(done, todo.label),
          });
        });
        if (!stored) return true;
        known.set(todo.key, { stored, source: 'computed' });
        listEntry(stored.entry);
        performance.mark('lossy:piece');
        tabs.saved(todo.key);
        return true;
      });
      if (worked) elsewhere.delete(todo.key);
      else elsewhere.add(todo.key);
      show(todo.key);
      progress(0, todo.label);
    }
    if (!isCurrent()) return;
    set(({ run }) => ({ run: { ...run, status: 'finished', secondsLeft: 0, at: null } }));
    compareWithLink();
  } catch (error) {
    const failure = LabError.from(error);
    if (!isCurrent()) return;
    if (failure.kind === 'cancelled') set(({ run }) => ({ run: { ...run, status: 'paused', at: null } }));
    else set(({ run }) => ({ run: { ...run, status: 'failed', at: null, error: failure.toJSON() } }));
  }
}

/** Stops computing after the pass in progress; what was finished stays, and {@link start} goes on from there. */
export function pause(): void {
  generation++;
  set(({ run }) => ({ run: { ...run, status: 'paused', at: null, secondsLeft: null } }));
  void evaluator.cancel();
}

/** Stops at once, and gives the memory of model and runtime back. What was finished stays. */
export function stop(): void {
  generation++;
  set(({ run, load }) => ({
    run: { ...run, status: 'idle', at: null, secondsLeft: null },
    load: load.status === 'loading' ? { ...load, status: 'idle' } : load,
  }));
  evaluator.end();
}

/** Changes the choice: what is known is shown at once, and a sweep that was under way goes on with the new one. */
function choose(change: Partial<Choice>): void {
  const { run, choice, link, load } = get();
  // A run that failed may have failed because of what was chosen.
  const wasRunning = ['running', 'finished', 'failed'].includes(run.status);
  const next = { ...choice, ...change };
  const isOther = curveId(next) !== curveId(choice);
  // What the link brought belongs to its own curve.
  set({ choice: next, ...(isOther && link ? { link: null } : {}) });
  if (!isOther) {
    // The slider alone moved: the same curve, looked at elsewhere. A sweep sees it when it chooses its next piece.
    writeAddress();
    return;
  }
  layOut();
  writeAddress();
  if (link || (load.status === 'ready' && wasRunning)) {
    void evaluator.cancel();
    void start();
  } else if (load.status === 'ready') void loadNew(++generation);
}

export const setTemplate = (template: Choice['template']) => {
  // The other wording has other prompts.
  set({ probes: null });
  choose({ template });
};

/** Moves a step's slider. The curve runs over the step whose slider was moved last. */
export function setLevel(index: number, level: number): void {
  const { steps } = get().choice;
  choose({ axis: index, steps: steps.map((step, at) => (at === index ? { ...step, level } : step)) });
}

/** Moves the slider of the step that the curve runs over. */
export const setCurrent = (level: number) => setLevel(get().choice.axis, level);

/** Changes a step's method, scope or parameters. */
export function setStep(index: number, change: Partial<StepChoice>): void {
  const { steps } = get().choice;
  choose({ steps: steps.map((step, at) => (at === index ? { ...step, ...change } : step)) });
}

export function addStep(step: StepChoice): void {
  const { steps } = get().choice;
  choose({ steps: [...steps, step], axis: steps.length });
}

export function removeStep(index: number): void {
  const { steps, axis } = get().choice;
  const left = steps.filter((_, at) => at !== index);
  choose({ steps: left, axis: Math.min(axis > index ? axis - 1 : axis, left.length - 1) });
}

/** Puts a step before the one above it: order matters. */
export function moveStepUp(index: number): void {
  const steps = [...get().choice.steps];
  const { axis } = get().choice;
  [steps[index - 1], steps[index]] = [steps[index], steps[index - 1]];
  const moved = axis === index ? index - 1 : axis === index - 1 ? index : axis;
  choose({ steps, axis: moved });
}

export function look(view: Partial<View>): void {
  set((state) => ({ view: { ...state.view, ...view } }));
  writeAddress();
}

export const dismiss = (notice: LabState['notices'][number]) =>
  set(({ notices }) => ({ notices: notices.filter((other) => other !== notice) }));

/** Forgets results, here and on the shown curve. */
export async function forget(keys: readonly string[]): Promise<void> {
  pause();
  await cache.remove(keys);
  for (const key of keys) known.delete(key);
  layOut();
  await listLibrary();
}

/** Shows a result of the list: its recipe on the controls where they can express it. */
export function showEntry(recipe: Recipe, template: Choice['template']): void {
  const steps = recipe.map((step): StepChoice => {
    const { method, scope, ...params } = step;
    return { method, scope, params: params as StepChoice['params'], level: 1 };
  });
  const fitted = steps.map((step) => fitLevel(step));
  if (fitted.length === 0) choose({ template, steps: get().choice.steps.map((step) => ({ ...step, level: 0 })) });
  else choose({ template, steps: fitted, axis: fitted.length - 1 });
}

/** Finds the slider's stop that a step's parameters stand for. */
function fitLevel(step: StepChoice): StepChoice {
  const points = curveOf({ steps: [{ ...step }], axis: 0 });
  const level = points.findIndex(({ recipe: [made] }) => {
    if (!made) return false;
    const { method: _, scope: __, ...params } = made;
    return Object.entries(step.params).every(([name, value]) => (params as Record<string, unknown>)[name] === value);
  });
  return { ...step, level: Math.max(1, level) };
}

/** The share link of what is shown, with the results in it. */
export function shareLink(): string | null {
  const { choice, view, opened, probes, baseline, points, link } = get();
  const base = `${location.origin}${location.pathname}`;
  if (link && !link.comparisons) return `${base}#${writeLink(choice, view, link.results)}`;
  if (!opened || !probes || !baseline.result) return null;
  const results: LinkedResults = {
    model: { sha256: opened.model.sha256, title: opened.model.title },
    suite: { sha256: opened.suite.sha256, title: opened.suite.title },
    relations: probes.relations,
    baseline: toLinked(baseline.result, 0, probes.order),
    levels: points.flatMap(({ level, result }) => (result ? [toLinked(result, level, probes.order)] : [])),
  };
  return `${base}#${writeLink(choice, view, results)}`;
}

/** Sets what was computed here beside what the link brought. */
function compareWithLink(): void {
  const { link, points, baseline } = get();
  if (!link) return;
  const linked = linkedPoints(link.results);
  const comparisons = [
    { level: -1, label: 'uncompressed', link: linked.baseline, own: baseline.result },
    ...points.map(({ level, label, result }) => ({ level, label, link: linked.levels.get(level), own: result })),
  ].flatMap(({ level, label, link: theirs, own }): Comparison[] =>
    theirs && own ? [{ level, label, ...compareOutcomes(theirs, own) }] : [],
  );
  set({ link: { ...link, comparisons } });
  writeAddress();
}
