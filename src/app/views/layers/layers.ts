import type { SiteReconstruction } from '../../../lab/compress/reconstruction.ts';
import type { ScopeId } from '../../../lab/compress/scope.ts';
import { LabError } from '../../../lab/errors.ts';
import type { Preparing } from '../../../lab/work.ts';
import { firstChunk } from '../../chunks.ts';
import type { SampleSize } from '../../link/sample-sizes.ts';
import { Latest } from '../../page/latest.ts';
import { notify } from '../../page/notices.ts';
import { keepLink, setSubject, writeAddress } from '../../page/page.ts';
import { problemsOf } from '../../recipe/check.ts';
import type { StepChoice } from '../../recipe/curve.ts';
import { hasScope, type SuiteOffer, withSuite } from '../../recipe/offers.ts';
import { questionOf } from '../../recipe/question.ts';
import { endWorkers, evaluatorOf, results } from '../../run/coordinator.ts';
import { openQuestion } from '../../run/question.ts';
import { layoutFor, resultKeyOf } from '../../run/result-lookup.ts';
import { type Need, Runner } from '../../run/runner.ts';
import { filesOf } from '../../run/user-suites.ts';
import type { ShippedModel } from '../../shipped.ts';
import { cellsOf, cheapestFirst, type LayerCell, lossOf } from './cells.ts';
import { type LayerErrorKind, type LayersChoice, readLayersLink, recipeOf, writeLayersLink } from './layers-choice.ts';
import { type CellState, useLayers } from './layers-store.ts';
import { cellWords } from './words.ts';

const set = useLayers.setState;
const get = useLayers.getState;

const latest = new Latest();
let firstSample: ReturnType<typeof setTimeout> | undefined;

/** A slider on its way starts nothing. */
const firstSampleDelay = 400;

/** Bins of the histogram: an odd number, so that one is around zero. */
const bins = 61;

/** What was measured since the page was opened, by the key of the recipe's result. */
const outputs = new Map<string, ReadonlyMap<string, SiteReconstruction>>();

const runner = new Runner({
  onState: (state) => set({ run: state }),
  onResults: () => show(),
});

const rememberAddress = (asStep: boolean) => writeAddress('layers', () => writeLayersLink(get().choice), asStep);

/** Opens the view on what its address says. */
export async function open(fragment: string): Promise<void> {
  keepLink('layers', fragment || '#view=layers');
  try {
    set({ choice: readLayersLink(fragment) });
    setSubject(get().choice);
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  await load();
}

/** Ends what the view holds. */
export function leave(): void {
  latest.cancel();
  clearTimeout(firstSample);
  runner.stop();
  endWorkers();
  set({ measuring: null });
}

/** Opens the model, shows what is kept, and asks a sample of the coarsest parts. */
export async function load(): Promise<void> {
  const isCurrent = latest.begin();
  const { choice, model } = get();
  const question = questionOf(choice);
  if (model?.name !== choice.model) set({ model: null, map: null, cells: [], histogram: null });
  set({ error: null, baseline: null, of: 0 });
  try {
    const { opened } = await openQuestion(question);
    if (!isCurrent()) return;
    set({ model: opened.model, map: cellsOf(opened.model.sites) });
    await layOut();
    if (isCurrent()) await runFirst();
  } catch (error) {
    const failure = LabError.from(error);
    if (isCurrent() && failure.kind !== 'cancelled') set({ error: failure.toJSON() });
  }
}

/** Puts the cells of what is chosen in their places, with what is kept of them. */
async function layOut(): Promise<void> {
  const { choice, map, model } = get();
  if (!map || !model) return;
  const question = questionOf(choice);
  const cells = map.cells.map((cell) => {
    const recipe = recipeOf(choice.step, cell.scope);
    const [problem] = problemsOf({ ...choice.step, scope: cell.scope }, model);
    return { cell, recipe, key: resultKeyOf(question, recipe)!, problem: problem?.message ?? null };
  });
  set({
    baseline: resultKeyOf(question, []),
    of: layoutFor(question)?.order.length ?? 0,
    cells: cells.map(({ cell, ...rest }) => ({ ...cell, ...rest, ...knownOf(rest.key) })),
    histogram: null,
  });
  await runner.read(wantedOf(possible(), choice.amount));
  show();
  void count();
}

function knownOf(key: string): Pick<CellState, 'loss' | 'report' | 'outputs'> {
  const { baseline } = get();
  const before = baseline === null ? undefined : results.get(baseline)?.stored;
  const now = results.get(key)?.stored;
  return {
    loss: before && now ? lossOf(before.predictions.ranks, now.predictions.ranks) : null,
    report: now?.entry.report ?? null,
    outputs: outputs.get(key) ?? null,
  };
}

/** Shows what is known by now. */
function show(): void {
  set(({ cells }) => ({ cells: cells.map((cell) => ({ ...cell, ...knownOf(cell.key) })) }));
}

/** What computing these cells comes to, the uncompressed model first. */
function wantedOf(cells: readonly LayerCell[], amount: SampleSize): Need[] {
  const { choice } = get();
  const question = questionOf(choice);
  const most = amount === 0 ? undefined : amount;
  return [
    { question, recipe: [], label: cellWords.uncompressed, most },
    ...cheapestFirst(cells).map(({ scope }) => ({
      question,
      recipe: recipeOf(choice.step, scope),
      label: cellWords.nameOf(scope),
      most,
    })),
  ];
}

const possible = () => get().cells.filter(({ problem }) => problem === null);

/** How many cells are not asked as often as is chosen. */
export function missingOf({ cells, choice, of }: Pick<ReturnType<typeof get>, 'cells' | 'choice' | 'of'>): number {
  const wanted = choice.amount === 0 ? of : Math.min(choice.amount, of);
  return cells.filter(({ problem, loss }) => problem === null && (loss?.asked ?? 0) < wanted).length;
}

/** A small sample of the coarsest parts, so that there is something to see. */
async function runFirst(): Promise<void> {
  await runner.run(
    wantedOf(
      possible().filter(({ grain }) => grain === 'block'),
      firstChunk,
    ),
  );
}

/** Asks every part as often as is chosen, the cheapest first. */
export async function start(): Promise<void> {
  if (get().error) return load();
  stopMeasuring();
  await runner.run(wantedOf(possible(), get().choice.amount));
}

export const pause = () => runner.pause();
export const stop = () => runner.stop();

/** Changes the choice: what is kept of it is shown at once. */
function choose(change: Partial<LayersChoice>, asStep = true): void {
  const { choice: before, run: running } = get();
  const choice = { ...before, ...change };
  set({ choice });
  rememberAddress(asStep);
  setSubject(choice);
  const isOtherQuestion = (['model', 'suite', 'template'] as const).some((name) => choice[name] !== before[name]);
  const isOther = isOtherQuestion || choice.step !== before.step;
  if (!isOther) {
    if (choice.cell !== before.cell || choice.site !== before.site) void count();
    return;
  }
  stopMeasuring();
  if (running.status === 'running') runner.pause();
  if (isOtherQuestion) {
    void load();
    return;
  }
  const isCurrent = latest.begin();
  clearTimeout(firstSample);
  void layOut();
  // Whoever stopped it starts it again.
  if (running.status === 'running' || running.status === 'finished')
    firstSample = setTimeout(() => {
      if (isCurrent()) void runFirst();
    }, firstSampleDelay);
}

/** Another model: a part that it does not have is no longer looked at. */
export const setModel = ({ id, family }: Pick<ShippedModel, 'id' | 'family'>) =>
  choose({ model: id, site: null, ...(hasScope(get().choice.cell, family) ? {} : { cell: 'overall' }) });
export const setSuite = (suite: SuiteOffer) => choose(withSuite(get().choice, suite));
export const setTemplate = (template: LayersChoice['template']) => choose({ template });
export const setStep = (step: StepChoice) => choose({ step: { ...step, scope: 'overall' } });
export const setLevel = (level: number) => choose({ step: { ...get().choice.step, level } }, false);
export const setAmount = (amount: SampleSize) => choose({ amount });
export const setCell = (cell: ScopeId) => choose({ cell, site: null });
export const setSite = (site: string) => choose({ site });
export const setAgainst = (against: LayerErrorKind) => choose({ against });

/** The cell that is looked at. */
export const chosenCell = ({ cells, choice }: Pick<ReturnType<typeof get>, 'cells' | 'choice'>) =>
  cells.find(({ scope }) => scope === choice.cell);

/** The layer whose weights are drawn: the chosen one, or the first of the cell. */
export function chosenSite(state: Pick<ReturnType<typeof get>, 'cells' | 'choice'>): string | null {
  const names = chosenCell(state)?.report?.sites.map(({ name }) => name) ?? [];
  const { site } = state.choice;
  return site !== null && names.includes(site) ? site : (names[0] ?? null);
}

/** Counts the weights of the layer that is looked at, unless that was done. */
async function count(): Promise<void> {
  const isCurrent = latest.now();
  const { choice, histogram } = get();
  const cell = chosenCell(get());
  const site = chosenSite(get());
  if (!cell || site === null || (histogram?.key === cell.key && histogram.site === site)) return;
  const isWanted = () => {
    const now = get();
    return isCurrent() && chosenCell(now)?.key === cell.key && chosenSite(now) === site;
  };
  const evaluator = evaluatorOf(choice.model);
  const counted = () =>
    evaluator.exclusive(async () => {
      if (!isWanted()) return null;
      const files = await filesOf(choice);
      return evaluator.histogram(files, { recipe: cell.recipe, site, bins });
    });
  try {
    // Pausing the questions stops whatever is in progress: this is asked once more then.
    const counts = await counted().catch((error) => {
      if (LabError.from(error).kind === 'cancelled' && isWanted()) return counted();
      throw error;
    });
    if (counts && isWanted()) set({ histogram: { key: cell.key, site, counts } });
  } catch (error) {
    const failure = LabError.from(error);
    if (failure.kind !== 'cancelled') notify(failure);
  }
}

/** Counts what is looked at as soon as it was computed. */
useLayers.subscribe((state, before) => {
  if (state.cells !== before.cells && chosenSite(state) !== chosenSite(before)) void count();
});

const measuring = new Latest();

/** Stops measuring; what was measured stays. */
export function stopMeasuring(): void {
  if (!get().measuring) return;
  measuring.cancel();
  set({ measuring: null });
  void evaluatorOf(get().choice.model).cancel();
}

/** Measures what comes out of the layers of these cells, where that is not known: their reconstruction error. */
export async function measure(cells: readonly CellState[]): Promise<void> {
  const isMeasuring = measuring.begin();
  const { choice } = get();
  const evaluator = evaluatorOf(choice.model);
  const todo = cells.filter(({ key, problem, loss }) => problem === null && loss && !outputs.has(key));
  let done = 0;
  const tell = (progress: Preparing | null) => {
    if (isMeasuring()) set({ measuring: { done, of: todo.length, progress } });
  };
  set({ measureError: null });
  try {
    for (const { key, recipe } of todo) {
      tell(null);
      const sites = await evaluator.exclusive(async () => {
        if (!isMeasuring()) throw new LabError('cancelled', 'Stopped.');
        return evaluator.reconstruction(await filesOf(choice), recipe, tell);
      });
      outputs.set(key, new Map(sites.map((site) => [site.site, site])));
      done++;
      show();
      if (!isMeasuring()) return;
    }
  } catch (error) {
    const failure = LabError.from(error);
    if (failure.kind !== 'cancelled' && isMeasuring()) set({ measureError: failure.toJSON() });
  } finally {
    if (isMeasuring()) {
      // A late word of its progress is no longer shown.
      measuring.cancel();
      set({ measuring: null });
    }
  }
}

export const closeMeasureError = () => set({ measureError: null });
