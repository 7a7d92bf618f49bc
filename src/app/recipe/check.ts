import { type Control, controls, counts, type Value } from '../../lab/compress/controls.ts';
import { type Fitted, misfit } from '../../lab/compress/fit.ts';
import { axisParams, levelAt } from '../../lab/compress/level.ts';
import type { ActivationNeed, Method } from '../../lab/compress/method.ts';
import { methods } from '../../lab/compress/methods/index.ts';
import { levelsOf, type StepChoice } from './curve.ts';
import { exactNames } from './steps.ts';

/** What is wrong with a step, and at which of its fields: a parameter's name, or `scope`. */
export interface Problem {
  field: string;
  message: string;
}

/**
 * Everything that speaks against a step: values that the method does not take, and shapes of the model that they do
 * not fit, on every level of its slider, because the curve runs over all of them.
 *
 * @param model what is opened; null before that, when only values can be checked
 * @returns at most one problem for each field; none where the step can be run
 */
export function problemsOf(step: StepChoice, model: Fitted | null): Problem[] {
  const method: Method = methods[step.method];
  const known = controls(method);
  const problems = new Map<string, string>();
  const tell = (field: string, message: string) => problems.has(field) || problems.set(field, message);
  const parse = (given: Readonly<Record<string, Value>>): Record<string, unknown> | null => {
    const parsed = method.params.safeParse(given);
    for (const { code, path, message } of parsed.error?.issues ?? []) {
      const control = known.find(({ name }) => name === String(path[0]));
      tell(String(path[0] ?? 'method'), code === 'custom' ? sentence(message) : allowedWords(control, message));
    }
    return parsed.success ? parsed.data : null;
  };
  const levels = levelsOf(step).slice(1);
  // A level of one's own that says nothing is not among them.
  const all =
    step.customLevel && !levelAt(method.axis, step.customLevel) ? [...levels, { params: step.customLevel }] : levels;
  const complete = all.map(({ params }) => parse({ ...step.params, ...params })).filter((params) => params !== null);
  if (model && problems.size === 0)
    for (const params of complete) {
      const found = misfit(method, step.scope, params, model);
      if (found) tell(found.field, found.message);
    }
  return [...problems].map(([field, message]) => ({ field, message }));
}

const sentence = (allowed: string) => `Allowed is ${allowed}.`;

function allowedWords(control: Control | undefined, message: string): string {
  if (!control) return `${message}.`;
  return control.kind === 'choice' ? `Allowed: ${control.allowed}.` : sentence(control.allowed);
}

/** A step's first problem with a model, in words that name the step. */
export function firstProblem(steps: readonly StepChoice[], model: Fitted): string | null {
  for (const [index, step] of steps.entries()) {
    const [problem] = step.level === 0 ? [] : problemsOf(step, model);
    if (problem) return `Step ${index + 1} (${methods[step.method].label}): ${problem.message}`;
  }
  return null;
}

/** A parameter as a step's fields show it. */
export interface ShownField {
  control: Control;
  /** Null for what the slider sets while it leaves the step out. */
  value: Value | null;
  /** Set by the slider, and given exactly here. */
  isExact: boolean;
}

/** The parameters that a step's fields show, where they count beside the others. */
export function shownFields(step: StepChoice): Record<'exact' | 'own' | 'calibration', ShownField[]> {
  const method: Method = methods[step.method];
  const all = controls(method);
  const fixed = new Set(axisParams(method.axis));
  const exact = new Set(exactNames(step.method));
  const at = step.level === 0 ? null : levelsOf(step)[step.level]?.params;
  // While a level of one's own is typed it may be none: what was typed is shown.
  const level = at && step.customLevel && !levelAt(method.axis, step.customLevel) ? step.customLevel : at;
  const complete = { ...Object.fromEntries(all.map((control) => [control.name, control.default])), ...step.params };
  const fields = all
    .filter((control) => counts(control, all, complete))
    .map((control): ShownField => {
      const isExact = exact.has(control.name);
      return { control, isExact, value: isExact ? (level?.[control.name] ?? null) : complete[control.name] };
    });
  const free = fields.filter(({ control }) => !fixed.has(control.name));
  return {
    exact: fields.filter(({ isExact }) => isExact),
    own: free.filter(({ control }) => !control.isCalibration),
    calibration: needOf(step) === 'nothing' ? [] : free.filter(({ control }) => control.isCalibration),
  };
}

/** What a step with its parameters measures on texts before it can run. */
export function needOf({ method: id, params }: StepChoice): ActivationNeed {
  const method: Method = methods[id];
  return method.needs({
    ...Object.fromEntries(controls(method).map((control) => [control.name, control.default])),
    ...params,
  });
}

/** A step without parameters that do not count beside the others: two that compute the same are the same. */
export function withoutIdle(step: StepChoice): StepChoice {
  const { own, calibration } = shownFields(step);
  const shown = new Set([...own, ...calibration].map(({ control }) => control.name));
  const kept = Object.entries(step.params).filter(([name]) => shown.has(name));
  return kept.length === Object.keys(step.params).length ? step : { ...step, params: Object.fromEntries(kept) };
}
