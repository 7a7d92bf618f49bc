import canonicalize from 'canonicalize';
import { type MethodId, methods } from '../lab/compress/index.ts';
import { parseRecipe, type Recipe } from '../lab/compress/recipe.ts';
import type { Template } from '../lab/probe/suite.ts';
import { pickModel, pickSuite } from './shipped.ts';

/** One step as it is chosen with the controls: a method with its parameters, and which stop its slider stands on. */
export interface StepChoice {
  method: MethodId;
  scope: string;
  /** The method's parameters; those that the slider sets are overridden by its level. */
  params: Record<string, number | string>;
  /** 0: the step is left out; i: the method's axis level i - 1. */
  level: number;
}

/** All that the page's controls choose: what a link carries. */
export interface Choice {
  model: string;
  suite: string;
  template: Template;
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

/** The stops of a step's slider: leaving it out, and the method's levels. */
export function levelsOf(method: MethodId) {
  const { axis } = methods[method];
  // Quantization has no "0 removed": without it weights have the width that they came with.
  const none = axis.unit === 'share' ? { label: '0 %', value: 0 } : { label: 'off', value: nextWider(axis.levels) };
  return [none, ...axis.levels.map(({ label, value }) => ({ label, value }))];
}

/** Where the uncompressed model stands on an axis of bits: one step beyond the widest level. */
function nextWider(levels: readonly { value: number }[]): number {
  const values = levels.map((level) => level.value);
  return Math.max(...values) + 2;
}

/** The recipe of a choice with the axis step at another level. @throws LabError `bad-recipe` */
export function recipeAt({ steps, axis }: Pick<Choice, 'steps' | 'axis'>, level: number): Recipe {
  const chosen = steps.flatMap((step, index) => {
    const at = index === axis ? level : step.level;
    if (at === 0) return [];
    const { params } = methods[step.method].axis.levels[at - 1];
    // Last, so that no parameter of a link can stand for them.
    return [{ ...step.params, ...params, method: step.method, scope: step.scope }];
  });
  return parseRecipe(chosen);
}

/** All points of a choice's curve, the least compressed first. @throws LabError `bad-recipe` */
export function curveOf(choice: Pick<Choice, 'steps' | 'axis'>): Point[] {
  const step = choice.steps[choice.axis];
  return levelsOf(step.method).map(({ label, value }, level) => ({
    level,
    x: value,
    label,
    recipe: recipeAt(choice, level),
  }));
}

/** What makes a curve the one that it is: all of a choice but where the curve's own slider stands. */
export function curveId({ model, suite, template, steps, axis }: Choice): string {
  const fixed = steps.map((step, index) => (index === axis ? { ...step, level: 0 } : step));
  return canonicalize({ model, suite, template, axis, steps: fixed }) as string;
}
