import type { Recipe } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { notify } from '../../page/notices.ts';
import { keepLink, writeAddress } from '../../page/page.ts';
import type { StepChoice } from '../../recipe/curve.ts';
import { type SuiteOffer, withSuite } from '../../recipe/offers.ts';
import { endWorkers } from '../../run/coordinator.ts';
import { rotate } from '../../run/policies/rotate.ts';
import { type Need, Runner } from '../../run/runner.ts';
import { type FamiliesChoice, readFamiliesLink, writeFamiliesLink } from './families-choice.ts';
import { type Track, useFamilies } from './families-store.ts';
import { kindNeeds, readKinds, showKinds } from './kinds.ts';
import { layOut, pointsOf, questionOf } from './tracks.ts';

const set = useFamilies.setState;
const get = useFamilies.getState;

const runner = new Runner({
  onState: (run) => set({ run }),
  onResults: () => {
    layOut();
    if (get().choice.grouping === 'kind') showKinds();
  },
});

const present = (): Track[] => get().tracks.filter(({ status }) => status === 'present');

/** Every level of every model, the uncompressed one first. */
function curveNeeds(): Need[] {
  const { choice } = get();
  return present().flatMap(({ model }) =>
    pointsOf(choice).map(({ recipe, label }: { recipe: Recipe; label: string }) => ({
      question: questionOf(model.id, choice),
      recipe,
      label: `${model.title}, ${recipe.length === 0 ? 'uncompressed' : label}`,
    })),
  );
}

/** Opens the view on what its address says. */
export async function open(fragment: string): Promise<void> {
  keepLink('families', fragment || '#view=families');
  try {
    set({ choice: readFamiliesLink(fragment) });
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  await start();
}

/** Ends what the view holds, for the time that another one is shown. */
export const leave = () => stop();

/** Shows what is kept, and asks what is missing: every level of every model, in turn. */
export async function start(): Promise<void> {
  set({ asksKinds: false });
  layOut();
  endWorkers(get().tracks.map(({ model }) => model.id));
  void readKinds();
  await runner.run(
    curveNeeds(),
    rotate(() => get().choice.step.level),
  );
}

/** Asks the other kinds of questions, then goes on with the curves if these were being asked. */
export async function startKinds(): Promise<void> {
  const wasRunning = get().run.status === 'running';
  set({ asksKinds: true });
  const isDone = await runner.run(kindNeeds());
  // A run that was replaced or stopped says nothing of the one that replaced it.
  if (!isDone && get().run.status === 'running') return;
  set({ asksKinds: false });
  showKinds();
  if (isDone && wasRunning) await start();
}

/** Stops computing after the pass in progress; what was finished stays, and {@link start} goes on from there. */
export function pause(): void {
  runner.pause();
  set({ asksKinds: false });
}

/** Stops at once, and gives back the memory of all models. What was finished stays. */
export function stop(): void {
  runner.stop();
  set({ asksKinds: false });
}

/** Changes the choice: what is known is shown at once, and asking goes on with the new one if it was under way. */
function choose(change: Partial<FamiliesChoice>): void {
  const { run, choice } = get();
  set({ choice: { ...choice, ...change } });
  writeAddress('families', () => writeFamiliesLink(get().choice), true);
  // How the figures are looked at changes none of them.
  if (!('models' in change || 'suite' in change || 'template' in change || 'step' in change)) return;
  layOut();
  if (['running', 'finished', 'failed'].includes(run.status)) void start();
  else void runner.read(curveNeeds()).then(readKinds);
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
