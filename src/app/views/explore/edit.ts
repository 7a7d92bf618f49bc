import type { MethodId } from '../../../lab/compress/methods/index.ts';
import type { Choice, StepChoice } from '../../recipe/curve.ts';
import { type SuiteOffer, withModel, withSuite } from '../../recipe/offers.ts';
import { duplicated, moved, newStep, without, withStep } from '../../recipe/steps.ts';
import type { ShippedModel } from '../../shipped.ts';
import { choose } from './explore.ts';
import { useExplore } from './explore-store.ts';

const chosen = () => useExplore.getState().choice;

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

/** Puts another step in the place of one: changed in its method, scope or parameters. */
export const setStep = (index: number, step: StepChoice) => choose({ steps: chosen().steps.with(index, step) });

/** Adds a step behind the others. */
export const addStep = (method: MethodId) => choose(withStep(chosen(), newStep(method)));

/** Puts the same step once more behind it. */
export const duplicateStep = (index: number) => choose(duplicated(chosen(), index));

/** Leaves a step out. */
export const removeStep = (index: number) => choose(without(chosen(), index));

/** Puts a step to another place: order matters. */
export const moveStep = (from: number, to: number) => choose(moved(chosen(), from, to));
