import { controls, type Value } from '../../lab/compress/controls.ts';
import { axisParams, levelAt } from '../../lab/compress/level.ts';
import type { Method } from '../../lab/compress/method.ts';
import { type MethodId, methods } from '../../lab/compress/methods/index.ts';
import { maxSteps, type Recipe } from '../../lab/compress/recipe.ts';
import { type Choice, curveOf, levelsOf, type StepChoice } from './curve.ts';

/** What the list of steps changes of a choice. */
type Steps = Pick<Choice, 'steps' | 'axis'>;

export { maxSteps };

/** A new step: the method as its defaults have it. */
export function newStep(method: MethodId, scope = 'overall'): StepChoice {
  return { method, scope, params: {}, level: usualLevel(method) };
}

/** The stop that a method's defaults stand for; the middle one where its axis has none of them. */
function usualLevel(method: MethodId): number {
  const { axis, params } = methods[method] as Method;
  const defaults = params.parse({});
  const at = axis.levels.findIndex((level) =>
    Object.entries(level.params).every(([name, value]) => defaults[name] === value),
  );
  return 1 + (at < 0 ? (axis.levels.length - 1) >> 1 : at);
}

/**
 * The same step with another method. What both have stays: parameters of the same name where the new method takes
 * them, and the slider's place where both sliders mean the same.
 */
export function withMethod(step: StepChoice, id: MethodId): StepChoice {
  if (id === step.method) return step;
  const method: Method = methods[id];
  const fixed = new Set(axisParams(method.axis));
  const params: Record<string, Value> = {};
  for (const [name, value] of Object.entries(step.params))
    if (!fixed.has(name) && method.params.safeParse({ ...params, [name]: value }).success) params[name] = value;
  const made: StepChoice = { method: id, scope: step.scope, params, level: 0 };
  if (step.level === 0) return made;
  const before = methods[step.method].axis;
  const { value } = levelsOf(step)[step.level];
  const isAlike = before.unit === method.axis.unit && before.label === method.axis.label;
  return { ...made, level: isAlike ? nearest(id, value) : usualLevel(id) };
}

/** The method's own level that is closest to a value. */
function nearest(method: MethodId, value: number): number {
  const distances = methods[method].axis.levels.map((level) => Math.abs(level.value - value));
  return 1 + distances.indexOf(Math.min(...distances));
}

/**
 * The same step at exactly these parameters of its axis: on the method's level where one is like that, otherwise on
 * one of its own.
 *
 * @param given the axis' parameters, all of them; other values than levels can have leave the step without one
 */
export function withExact(step: StepChoice, given: Readonly<Record<string, Value>>): StepChoice {
  const { customLevel: _, ...rest } = step;
  const isIt = (params: Readonly<Record<string, Value>>) =>
    Object.entries(given).every(([name, value]) => params[name] === value);
  const at = levelsOf(rest).findIndex(({ params }, index) => index > 0 && isIt(params));
  if (at > 0) return { ...rest, level: at };
  const made = { ...rest, customLevel: { ...given } };
  return {
    ...made,
    level: Math.max(
      1,
      levelsOf(made).findIndex(({ params }) => params !== undefined && isIt(params)),
    ),
  };
}

/** Names of the axis parameters that can be given exactly; none where levels follow no rule. */
export function exactNames(id: MethodId): string[] {
  const method: Method = methods[id];
  const names = axisParams(method.axis);
  const kinds = new Map(controls(method).map(({ name, kind }) => [name, kind]));
  const isFree = names.every((name) => kinds.has(name) && kinds.get(name) !== 'choice');
  return isFree && method.axis.levels[0] && levelAt(method.axis, method.axis.levels[0].params) ? names : [];
}

/** A step as the controls can express it, from one of a recipe. */
export function fromRecipe(recipe: Recipe): StepChoice[] {
  return recipe.map((step) => {
    const { method, scope, ...params } = step as { method: MethodId; scope: string } & Record<string, Value>;
    const names = axisParams(methods[method].axis);
    const axis = Object.fromEntries(names.flatMap((name) => (name in params ? [[name, params[name]]] : [])));
    const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
    return exactNames(method).length > 0 || names.length === 0
      ? withExact({ method, scope, params: rest, level: 1 }, axis)
      : fitLevel({ method, scope, params, level: 1 });
  });
}

/** Finds the slider's stop that a step's parameters stand for. */
function fitLevel(step: StepChoice): StepChoice {
  const points = curveOf({ steps: [step], axis: 0 });
  const level = points.findIndex(({ recipe: [made] }) => {
    if (!made) return false;
    const params: Record<string, unknown> = { ...made };
    return Object.entries(step.params).every(([name, value]) => params[name] === value);
  });
  return { ...step, level: Math.max(1, level) };
}

/** Adds a step behind the others; the curve runs over it. */
export function withStep({ steps }: Steps, step: StepChoice): Steps {
  return { steps: [...steps, step], axis: steps.length };
}

/** Puts the same step once more behind it. */
export function duplicated({ steps, axis }: Steps, index: number): Steps {
  return { steps: steps.toSpliced(index + 1, 0, steps[index]), axis: axis > index ? axis + 1 : axis };
}

/** Leaves a step out. */
export function without({ steps, axis }: Steps, index: number): Steps {
  const left = steps.toSpliced(index, 1);
  return { steps: left, axis: Math.min(axis > index ? axis - 1 : axis, left.length - 1) };
}

/** Puts a step to another place; the others keep their order. The curve stays with its step. */
export function moved({ steps, axis }: Steps, from: number, to: number): Steps {
  return { steps: move(steps, from, to), axis: move([...steps.keys()], from, to).indexOf(axis) };
}

/** A list whose element `from` is at `to`. */
export function move<T>(list: readonly T[], from: number, to: number): T[] {
  return list.toSpliced(from, 1).toSpliced(to, 0, list[from]);
}
