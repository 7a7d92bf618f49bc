import { LabError } from '../../../lab/errors.ts';
import { firstChunk, laterChunk } from '../../chunks.ts';
import { notify } from '../../page/notices.ts';
import { keepLink, setSubject, usePage, writeAddress } from '../../page/page.ts';
import type { Choice, StepChoice } from '../../recipe/curve.ts';
import { type SuiteOffer, withSuite } from '../../recipe/offers.ts';
import { type Question, questionOf } from '../../recipe/question.ts';
import { without, withStep } from '../../recipe/steps.ts';
import { layoutFor } from '../../run/result-lookup.ts';
import { Runner } from '../../run/runner.ts';
import type { By } from './axes.ts';
import {
  type CurvesChoice,
  curvesOf,
  type Look,
  mostLines,
  presetChoice,
  readCurvesLink,
  writeCurvesLink,
} from './curves-choice.ts';
import { useCurves } from './curves-store.ts';
import { draw, wantedOf } from './draw.ts';
import { asSeries, computedLines, linesOf, optionsOf, usualLines, withModels } from './lines.ts';
import { type CurvesPresetId, isFor } from './presets.ts';

const set = useCurves.setState;
const get = useCurves.getState;

/** Brings what is drawn up to date with the choice and with what is known. */
const show = () => set(draw(get().choice));

const runner = new Runner({ onState: (state) => set({ run: state }), onResults: show });

const wanted = (most?: number) => {
  const { choice } = get();
  return wantedOf(choice, computedLines(choice, linesOf(choice, layoutFor)), most);
};

/** Reads what is kept of all that is chosen, and shows it: no model is needed for that. */
async function read(): Promise<void> {
  show();
  await runner.read(wanted());
  // Which relations there are may be known only now.
  await runner.read(wanted());
  show();
}

/** Opens the view on what its address says. */
export async function open(fragment: string): Promise<void> {
  keepLink('curves', fragment || '#view=curves');
  const { subject } = usePage.getState();
  let choice = curvesOf(subject);
  try {
    choice = readCurvesLink(fragment, subject);
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  runner.stop();
  set({ choice, most: 0 });
  await read();
}

/** Ends everything that the view holds. */
export const leave = (): void => runner.stop();

/** Computes what is missing: of each result a first sample, or to where the last press of “more” led. */
export function start(): Promise<boolean> {
  const most = Math.max(firstChunk, get().most);
  set({ most });
  return runner.run(wanted(most));
}

/** Asks more of every result: the next piece, or all that there is. */
export function askMore(isAll = false): Promise<boolean> {
  set(({ most }) => ({ most: isAll ? Number.MAX_SAFE_INTEGER : Math.max(firstChunk, most) + laterChunk }));
  return start();
}

export const { pause, stop } = runner;

/** Changes the choice: what is known is shown at once, and computing goes on with the new one if it was under way. */
function choose(change: Partial<CurvesChoice>, asStep = true): void {
  const choice = { ...get().choice, ...change };
  const wasRunning = get().run.status === 'running';
  set({ choice });
  setSubject(questionOf(choice.series[0]));
  writeAddress('curves', () => writeCurvesLink(get().choice), asStep);
  if (!('series' in change || 'by' in change || 'of' in change || 'preset' in change)) {
    show();
    return;
  }
  runner.stop();
  set(({ run: state }) => ({ run: { ...state, done: 0, of: 0 }, most: wasRunning ? get().most : 0 }));
  void read().then(() => {
    if (wasRunning && get().choice === choice) void start();
  });
}

/** How the lines are looked at; nothing is computed for it. */
export const setLook = (look: Partial<Look>, asStep = true): void => choose(look, asStep);

/** Switches a line on or off. */
export function toggleLine(id: string): void {
  const { off } = get().choice;
  choose({ off: off.includes(id) ? off.filter((other) => other !== id) : [...off, id] });
}

/** An experiment of the paper, with the model and questions that are chosen where it makes sense for them. */
export const setPreset = (id: CurvesPresetId): void => choose(presetChoice(id, questionOf(get().choice.series[0])));

/** Other lines than an experiment's are no longer it; what the first lines were called says nothing of the new ones. */
const ownLines = { preset: null, range: null, off: [] } as const;

/** One line for each of something else. A list of one's own begins with the lines that were shown. */
export function setBy(by: By): void {
  const { choice, lines } = get();
  if (by === choice.by) return;
  const series = by === 'series' && lines.length > 0 ? asSeries(lines) : choice.series.slice(0, 1);
  choose({ ...ownLines, by, of: [], series });
}

/** Adds a line for something, or takes it away; one stays. */
export function toggleOf(id: string): void {
  const { choice } = get();
  const options = optionsOf(choice, layoutFor);
  const now = choice.of.length > 0 ? choice.of : usualLines(choice, options);
  const next = now.includes(id) ? now.filter((other) => other !== id) : [...now, id];
  if (next.length === 0 || next.length > mostLines) return;
  choose({ preset: null, of: next, off: choice.off.filter((other) => next.includes(other)) });
}

/** Asks other questions, or another model: a preset stays one as long as it makes sense for that. */
function ask(change: Partial<Question>): void {
  const { choice } = get();
  const question = { ...questionOf(choice.series[0]), ...change };
  if (choice.preset !== null && isFor(choice.preset, question.model)) {
    const { series, of } = presetChoice(choice.preset, question);
    choose({ series, of });
    return;
  }
  const asked = choice.series.map((entry) => ({ ...entry, suite: question.suite, template: question.template }));
  const series = change.model === undefined ? asked : withModels(asked, change.model);
  choose({ ...(choice.preset !== null && ownLines), preset: null, series });
}

export const setModel = (model: string): void => ask({ model });
export const setSuite = (offer: SuiteOffer): void => {
  const { suite, template } = withSuite(questionOf(get().choice.series[0]), offer);
  ask({ suite, template });
};
export const setTemplate = (template: Choice['template']): void => ask({ template });

/** Changes one series: of a list of one's own that one, otherwise the one from which all lines follow. */
export function editSeries(index: number, change: (series: Choice) => Partial<Choice>): void {
  const { choice } = get();
  const before = choice.series[index];
  if (!before) return;
  const edited = { ...before, ...change(before) };
  choose({ preset: null, range: null, series: choice.series.map((entry, at) => (at === index ? edited : entry)) });
}

/** Puts another step in the place of one of a series. */
export const setStep = (index: number, at: number, step: StepChoice): void =>
  editSeries(index, ({ steps }) => ({ steps: steps.map((other, place) => (place === at ? step : other)) }));

/** Adds a step behind the others of a series, or takes one away. */
export const addStep = (index: number, step: StepChoice): void => editSeries(index, (series) => withStep(series, step));
export const removeStep = (index: number, at: number): void => editSeries(index, (series) => without(series, at));

/** Lets the curve run over another step. */
export const setAxis = (index: number, axis: number): void => editSeries(index, () => ({ axis }));

/** Adds a line to the list of one's own: the same as the last one, to be changed. */
export function addSeries(): void {
  const { series } = get().choice;
  if (series.length < mostLines)
    choose({ preset: null, by: 'series', of: [], series: [...series, series[series.length - 1]] });
}

/** Takes a line from the list of one's own; one stays. */
export function removeSeries(index: number): void {
  const { series } = get().choice;
  if (series.length > 1) choose({ ...ownLines, series: series.filter((_, at) => at !== index) });
}
