import type { LoadProgress, Running } from '../../../../workers/api.ts';
import { LabError } from '../../../lab/errors.ts';
import { keepLink, setSubject, tellBusy, writeAddress } from '../../page/page.ts';
import { filesOf } from '../../page/suites.ts';
import { idle } from '../../page/yield-to-page.ts';
import { firstProblem } from '../../recipe/check.ts';
import { type Choice, curveId } from '../../recipe/curve.ts';
import { LabClient } from '../../run/client.ts';
import { Evaluator } from '../../run/evaluator.ts';
import { cache, layouts, notify, onSaved, results, wantedBackend } from '../../run/shared.ts';
import { probeLayoutOf } from '../../storage/probe-layouts.ts';
import { readLink, type View, writeLink } from './explore-link.ts';
import { useLab } from './explore-store.ts';
import { compareWithLink } from './share.ts';
import { keyOf, layOut, readCurve, refresh } from './shown.ts';
import { sweep } from './sweep.ts';

const set = useLab.setState;
const get = useLab.getState;

export const evaluator = new Evaluator(new LabClient(), cache, wantedBackend(), {
  onLoad: ({ done, total }: LoadProgress) => set(({ load }) => ({ load: { ...load, done, total } })),
  onRunning: (running: Running) => set({ running }),
  onNotice: notify,
});

onSaved((key) => void refresh(key));

/** Rises when what is wanted changes, so that a sweep that is under way sees that it is no longer the one. */
let generation = 0;

const rememberAddress = (asStep = false) =>
  writeAddress(
    'explore',
    () => {
      const { choice, view, link } = get();
      // The results of a link stay in the address as long as they are what is shown.
      return writeLink(choice, view, link && !link.comparisons ? link.results : undefined);
    },
    asStep,
  );

// The tab tells how far a sweep is while another one is looked at.
useLab.subscribe(({ run }, before) => {
  if (run !== before.run) tellBusy(run, before.run);
});

/** Opens Explore on what its address says: at first, when its link is followed, and when the address is changed by hand. */
export async function openExplore(fragment: string): Promise<void> {
  const mine = ++generation;
  keepLink('explore', fragment || '#');
  try {
    const { choice, view, results: linked } = readLink(fragment);
    const { choice: before } = get();
    set({ view, link: linked ? { results: linked, comparisons: null } : null });
    forgetOpened(before, choice);
    set({ choice });
    setSubject(choice);
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  layOut();
  // Whoever follows a link with results sees them at once; nothing is downloaded or computed before it is asked for.
  if (get().link) return;
  await idle();
  if (mine === generation) await start();
}

/** Ends what Explore holds, for the time that another view is shown. */
export const leaveExplore = () => stop();

/** Loads the model and runs the curve. */
export async function start(): Promise<void> {
  const mine = ++generation;
  if (!(await loadNew(mine)) || !fits()) return;
  const files = await filesOf(get().choice);
  if (await sweep(evaluator, files, () => mine === generation)) compareWithLink(() => rememberAddress());
}

/** Whether the steps fit the opened model; where not, nothing is asked, and the reader is told why. */
function fits(): boolean {
  const { opened, choice } = get();
  const problem = opened && firstProblem(choice.steps, opened.model);
  if (!problem) return true;
  const error = new LabError('bad-recipe', problem, 'Change it under “How it is compressed”.');
  set(({ run }) => ({ run: { ...run, status: 'failed', at: null, error: error.toJSON() } }));
  return false;
}

/** Reads model, suite and probes, and what is kept of the curve. @returns whether all of it is there */
async function loadNew(mine: number): Promise<boolean> {
  const { choice } = get();
  set(({ load, run }) => ({ load: { ...load, status: 'loading', error: null }, run: { ...run, error: null } }));
  try {
    const files = await filesOf(choice);
    // A worker that begins now would have nobody to end it.
    if (mine !== generation) return false;
    const opened = await evaluator.open(files);
    const probes = await evaluator.probes(files, choice.template);
    if (mine !== generation) return false;
    set(({ load }) => ({ opened, probes, load: { ...load, status: 'ready' } }));
    performance.mark('lossy:model-ready');
    // So that the other view finds what is computed here.
    void layouts.write(keyOf([])!, probeLayoutOf(probes));
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

/** What was read of a model, a suite or a wording is not shown as another's. */
function forgetOpened(before: Choice, next: Choice): void {
  const isOtherFile = next.model !== before.model || next.suite !== before.suite;
  if (isOtherFile) set({ opened: null, running: null, probes: null });
  else if (next.template !== before.template) set({ probes: null });
}

/** Changes the choice: what is known is shown at once, and a sweep that was under way goes on with the new one. */
export function choose(change: Partial<Choice>): void {
  const { run, choice, link, load } = get();
  // A run that failed may have failed because of what was chosen.
  const wasRunning = ['running', 'finished', 'failed'].includes(run.status) || load.status === 'failed';
  const next = { ...choice, ...change };
  const isOther = curveId(next) !== curveId(choice);
  // What the link brought belongs to its own curve.
  set({ choice: next, ...(isOther && link ? { link: null } : {}) });
  setSubject(next);
  rememberAddress(isOther);
  // The slider alone moved: the same curve, looked at elsewhere. A sweep sees it when it chooses its next piece.
  if (!isOther) return;
  forgetOpened(choice, next);
  const isOtherSuite = next.suite !== choice.suite;
  if (isOtherSuite || next.model !== choice.model || next.template !== choice.template)
    set(({ view }) => ({ view: { relation: isOtherSuite ? null : view.relation, probe: null } }));
  layOut();
  const isLoading = load.status === 'loading';
  if (link || isLoading || wasRunning) {
    void evaluator.cancel();
    void start();
    // What was stopped before it was loaded is loaded when other files are chosen, and not asked before that is wanted.
  } else if (load.status === 'ready' || isOtherSuite || next.model !== choice.model) void loadNew(++generation);
}

/** Looks at a relation or at a fact. */
export function look(view: Partial<View>): void {
  set((state) => ({ view: { ...state.view, ...view } }));
  rememberAddress();
}

/** Forgets results, here and on the shown curve. */
export async function forget(keys: readonly string[]): Promise<void> {
  pause();
  await cache.remove(keys);
  results.forget(keys);
  layOut();
}
