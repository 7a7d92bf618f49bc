import canonicalize from 'canonicalize';
import type { Value } from '../../lab/compress/controls.ts';
import { isCounted, levelAt } from '../../lab/compress/level.ts';
import type { Axis, Level } from '../../lab/compress/method.ts';
import { type MethodId, methods } from '../../lab/compress/methods/index.ts';
import { parseRecipe, type Recipe } from '../../lab/compress/recipe.ts';
import type { Wording } from '../../lab/suite/suite.ts';
import { pickModel, pickSuite } from '../shipped.ts';

/** One step as it is chosen with the controls: a method with its parameters, and which stop its slider stands on. */
export interface StepChoice {
  method: MethodId;
  scope: string;
  /** The method's parameters; those that the slider sets are overridden by its level. */
  params: Record<string, Value>;
  /** A level that the method's axis does not have, by its parameters: the slider stops there, too. */
  customLevel?: Record<string, Value>;
  /** Which of {@link levelsOf} its slider stands on. 0: the step is left out. */
  level: number;
}

/** All that the page's controls choose: what a link carries. */
export interface Choice {
  model: string;
  suite: string;
  template: Wording;
  steps: StepChoice[];
  /** Which step's slider the curve runs over. */
  axis: number;
}

/** One point of the curve. */
export interface Point {
  /** Level of the axis step; 0 leaves it out. */
  level: number;
  /** Where it lies on the horizontal axis, and how it is written there. */
  x: number;
  label: string;
  recipe: Recipe;
}

export const defaultChoice: Choice = {
  // The smallest: whoever comes for the first time should see something within seconds.
  model: pickModel(['bert-mini', 'bert-small']),
  suite: pickSuite(['facts']),
  template: 'seen',
  steps: [{ method: 'magnitude-global', scope: 'overall', params: {}, level: 5 }],
  axis: 0,
};

/** The stops of a step's slider, from mild to strong: leaving it out, the method's levels, and its own among them. */
export function levelsOf({ method, customLevel }: Pick<StepChoice, 'method' | 'customLevel'>): readonly Level[] {
  const { axis } = methods[method];
  const levels: Level[] = [uncompressed(axis), ...axis.levels];
  const made = customLevel && levelAt(axis, customLevel);
  if (!made) return levels;
  const direction = axis.unit === 'share' ? 1 : -1;
  const at = levels.findIndex(({ value }, index) => index > 0 && (value - made.value) * direction >= 0);
  if (at < 0) levels.push(made);
  // Two at one place could not be told apart.
  else levels.splice(at, levels[at].value === made.value ? 1 : 0, made);
  return levels;
}

/** Leaving a step out, as a stop of its slider. */
function uncompressed({ unit, levels }: Axis): Level {
  if (unit === 'share') return { label: '0 %', value: 0, params: {} };
  const widest = Math.max(...levels.map(({ value }) => value));
  // Weights have the width that they came with, and as many directions as fit: beyond the mildest level.
  const value = unit === 'bits' ? widest + 2 : isCounted(levels) ? widest * 2 : Math.max(1, widest);
  return { label: 'off', value, params: {} };
}

/** Where the stops of a step lie on the horizontal axis of its curve. */
export function placesOf(step: Pick<StepChoice, 'method' | 'customLevel'>): Pick<Point, 'x' | 'label'>[] {
  const { unit, levels } = methods[step.method].axis;
  // Numbers that double are drawn at even distances.
  const isDoubling = unit === 'rank' && isCounted(levels);
  return levelsOf(step).map(({ label, value }) => ({ label, x: isDoubling ? Math.log2(value) : value }));
}

/** The recipe of a choice with the axis step at another level. @throws LabError `bad-recipe` */
export function recipeAt({ steps, axis }: Pick<Choice, 'steps' | 'axis'>, level: number): Recipe {
  const chosen = steps.flatMap((step, index) => {
    const at = index === axis ? level : step.level;
    if (at === 0) return [];
    const { params } = levelsOf(step)[at];
    // Last, so that no parameter of a link can stand for them.
    return [{ ...step.params, ...params, method: step.method, scope: step.scope }];
  });
  return parseRecipe(chosen);
}

/** All points of a choice's curve, the least compressed first. @throws LabError `bad-recipe` */
export function curveOf(choice: Pick<Choice, 'steps' | 'axis'>): Point[] {
  const places = placesOf(choice.steps[choice.axis]);
  return places.map(({ x, label }, level) => ({ level, x, label, recipe: recipeAt(choice, level) }));
}

/** What makes a curve the one that it is: all of a choice but where the curve's own slider stands. */
export function curveId({ model, suite, template, steps, axis }: Choice): string {
  // Links carry a hash of this: a custom level keeps the name that the first links gave it.
  const fixed = steps.map(({ customLevel, ...step }, index) => ({
    ...step,
    ...(customLevel && { own: customLevel }),
    ...(index === axis && { level: 0 }),
  }));
  return canonicalize({ model, suite, template, axis, steps: fixed }) as string;
}
