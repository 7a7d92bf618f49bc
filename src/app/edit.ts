import type { Recipe } from '../lab/compress/recipe.ts';
import type { Entry } from './cache.ts';
import { type SuiteOffer, withModel, withSuite } from './choose.ts';
import { type Choice, curveOf, type StepChoice } from './curve.ts';
import { choose } from './lab.ts';
import { modelOf, type ShippedModel } from './shipped.ts';
import { useLab } from './store.ts';
import { offerOf } from './suites.ts';

const chosen = () => useLab.getState().choice;

/** Asks in another wording. */
export const setTemplate = (template: Choice['template']) => choose({ template });

/** Compresses another model, with the same steps where its family has the layers. */
export const setModel = (model: ShippedModel) => choose(withModel(chosen(), model));

/** Asks other facts or tasks. */
export const setSuite = (suite: SuiteOffer) => choose(withSuite(chosen(), suite));

/** Moves a step's slider. The curve runs over the step whose slider was moved last. */
export function setLevel(index: number, level: number): void {
  choose({ axis: index, steps: chosen().steps.map((step, at) => (at === index ? { ...step, level } : step)) });
}

/** Moves the slider of the step that the curve runs over. */
export const setCurrent = (level: number) => setLevel(chosen().axis, level);

/** Changes a step's method, scope or parameters. */
export function setStep(index: number, change: Partial<StepChoice>): void {
  choose({ steps: chosen().steps.map((step, at) => (at === index ? { ...step, ...change } : step)) });
}

export function addStep(step: StepChoice): void {
  const { steps } = chosen();
  choose({ steps: [...steps, step], axis: steps.length });
}

export function removeStep(index: number): void {
  const { steps, axis } = chosen();
  const left = steps.filter((_, at) => at !== index);
  choose({ steps: left, axis: Math.min(axis > index ? axis - 1 : axis, left.length - 1) });
}

/** Puts a step before the one above it: order matters. */
export function moveStepUp(index: number): void {
  const steps = [...chosen().steps];
  const { axis } = chosen();
  [steps[index - 1], steps[index]] = [steps[index], steps[index - 1]];
  const moved = axis === index ? index - 1 : axis === index - 1 ? index : axis;
  choose({ steps, axis: moved });
}

/** Whether a kept result is of a model and a suite that are still there. */
export const canShow = ({ model, suite }: Pick<Entry, 'model' | 'suite'>) =>
  modelOf(model.name) !== undefined && offerOf(suite.name) !== undefined;

/** Shows a result of the list: its recipe on the controls where they can express it. */
export function showEntry({ recipe, template, model, suite }: Entry): void {
  const files = { model: model.name, suite: suite.name, template };
  const steps = recipe.map((step): StepChoice => {
    const { method, scope, ...params } = step;
    return fitLevel({ method, scope, params: params as StepChoice['params'], level: 1 });
  });
  if (steps.length === 0) choose({ ...files, steps: chosen().steps.map((step) => ({ ...step, level: 0 })) });
  else choose({ ...files, steps, axis: steps.length - 1 });
}

/** Finds the slider's stop that a step's parameters stand for. */
function fitLevel(step: StepChoice): StepChoice {
  const points = curveOf({ steps: [{ ...step }], axis: 0 });
  const level = points.findIndex(({ recipe: [made] }: { recipe: Recipe }) => {
    if (!made) return false;
    const { method: _, scope: __, ...params } = made;
    return Object.entries(step.params).every(([name, value]) => (params as Record<string, unknown>)[name] === value);
  });
  return { ...step, level: Math.max(1, level) };
}
