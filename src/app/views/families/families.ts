import { LabError } from '../../../lab/errors.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { keepLink, tellBusy, writeAddress } from '../../page/page.ts';
import type { StepChoice } from '../../recipe/curve.ts';
import { type SuiteOffer, withSuite } from '../../recipe/offers.ts';
import { cancelAll, endWorkers, onLoading } from '../../run/evaluators.ts';
import { notify, onSaved } from '../../run/shared.ts';
import { type FamiliesChoice, readFamiliesLink, writeFamiliesLink } from './families-choice.ts';
import { useFamilies } from './families-store.ts';
import { askKinds, readKinds } from './kinds.ts';
import { refreshSaved, runCurves } from './run.ts';
import { layOut, readCurves, setTrack } from './tracks.ts';

const set = useFamilies.setState;
const get = useFamilies.getState;

/** Rises when what is wanted changes, so that what is under way sees that it is no longer wanted. */
let generation = 0;

onSaved((key) => void refreshSaved(key));

onLoading((model, load) => {
  const track = get().tracks.find((candidate) => candidate.model.id === model);
  if (track) setTrack(track.family, { load });
});

useFamilies.subscribe(({ run }, before) => {
  if (run !== before.run) tellBusy({ ...run, ...run.sample }, before.run);
});

/** Opens the view on what its address says. */
export async function openFamilies(fragment: string): Promise<void> {
  keepLink('families', fragment || '#view=families');
  try {
    set({ choice: readFamiliesLink(fragment) });
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  await start();
}

/** Ends everything that the view holds, for the time that another one is shown. */
export function leaveFamilies(): void {
  stop();
}

/** Shows what is kept, and asks what is missing. */
export async function start(): Promise<void> {
  const mine = ++generation;
  const isCurrent = () => mine === generation;
  set(({ tracks }) => ({
    asksKinds: null,
    tracks: tracks.map((track) => (track.status === 'failed' ? { ...track, status: 'idle', error: null } : track)),
  }));
  layOut();
  await readCurves();
  await readKinds();
  if (!isCurrent()) return;
  endWorkers(get().tracks.map(({ model }) => model.id));
  await runCurves(isCurrent);
}

/** Asks the other kinds of questions, then goes on with the curves if these were being asked. */
export async function startKinds(): Promise<void> {
  const { run } = get();
  const mine = ++generation;
  const isCurrent = () => mine === generation;
  cancelAll();
  const isDone = await askKinds(isCurrent);
  if (isCurrent()) set({ asksKinds: null });
  if (isDone && isCurrent() && run.status === 'running') await runCurves(isCurrent);
}

/** Stops computing after the pass in progress; what was finished stays, and {@link start} goes on from there. */
export function pause(): void {
  generation++;
  set(({ run }) => ({ run: { ...run, status: 'paused', at: null, secondsLeft: null }, asksKinds: null }));
  cancelAll();
}

/** Stops at once, and gives the memory of all models back. What was finished stays. */
export function stop(): void {
  generation++;
  set(({ run, tracks }) => ({
    run: { ...run, status: 'idle', at: null, secondsLeft: null },
    asksKinds: null,
    tracks: tracks.map((track) => ({ ...track, status: track.status === 'absent' ? 'absent' : 'idle' })),
  }));
  endWorkers();
}

/** Changes the choice: what is known is shown at once, and asking goes on with the new one if it was under way. */
function choose(change: Partial<FamiliesChoice>): void {
  const { run, choice, asksKinds } = get();
  const next = { ...choice, ...change };
  set({ choice: next });
  writeAddress('families', () => writeFamiliesLink(get().choice), true);
  // How the figures are looked at changes none of them.
  if (!('models' in change || 'suite' in change || 'template' in change || 'step' in change)) return;
  layOut();
  const wasRunning = asksKinds !== null || ['running', 'finished', 'failed'].includes(run.status);
  if (wasRunning) {
    cancelAll();
    void start();
  } else {
    generation++;
    void readCurves().then(readKinds);
  }
}

export const setMeasure = (measure: FamiliesChoice['measure']) => choose({ measure });
export function setGrouping(grouping: FamiliesChoice['grouping']): void {
  choose({ grouping });
  void readKinds();
}
export const setTemplate = (template: FamiliesChoice['template']) => choose({ template });

/** Another model of a family. */
export const setModel = (family: FamilyId, id: string) => choose({ models: { ...get().choice.models, [family]: id } });

/** Other questions, for all models. */
export const setSuite = (suite: SuiteOffer) => choose(withSuite(get().choice, suite));

/** Another method, scope or parameter, for all models. */
export const setStep = (step: StepChoice) => choose({ step });

/** The level that is looked at. While the curves are being asked, its results come first from now on. */
export function setLevel(level: number): void {
  const { choice } = get();
  set({ choice: { ...choice, step: { ...choice.step, level } } });
  writeAddress('families', () => writeFamiliesLink(get().choice));
  void readKinds();
}
