import type { Axis } from '../../../lab/compress/method.ts';
import { methods } from '../../../lab/compress/methods/index.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import { scopeIds, scopes } from '../../../lab/compress/scope.ts';
import { splitBy } from '../../projection/groups.ts';
import { catalogue, entryOf, isMethodId } from '../../recipe/catalogue.ts';
import { type Choice, curveOf, type StepChoice } from '../../recipe/curve.ts';
import { hasScope, scopesOf, withModel, wordingWords } from '../../recipe/offers.ts';
import { type Question, questionOf } from '../../recipe/question.ts';
import { withMethod } from '../../recipe/steps.ts';
import { familyWordsOf } from '../../recipe/words.ts';
import { modelOf, models, modelsOf, shippedFamilies, suiteOf } from '../../shipped.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import { type CurvesChoice, letterOf, mostLines } from './curves-choice.ts';
import type { ProbePart } from './figure.ts';
import { kinds } from './kinds.ts';
import { presetOf } from './presets.ts';

/** One line of the chart: what is computed for it, and which of its questions count. */
export interface CurveLine {
  /** Stands in links. */
  id: string;
  label: string;
  series: Choice;
  part: ProbePart | null;
  /** The model has no such layers: there is nothing to compute. */
  isAbsent: boolean;
}

/** One point of a line before anything is known of it. */
export interface LinePlace {
  /** Where it lies on the level's axis, and how it is written there. */
  place: number;
  label: string;
  recipe: Recipe;
}

/** Something that a line can be for. */
export interface LineOption {
  id: string;
  label: string;
}

const familyOf = (model: string) => modelOf(model)?.family ?? shippedFamilies[0];
const taskLabel = (layout: ProbeLayout | null, task: string) =>
  layout?.relations.find((entry) => entry.task === task)?.label;

/**
 * What lines can be for, as far as it is known.
 *
 * @param layoutOf how a question's probes lie; null where it was never asked here
 */
export function optionsOf(
  { by, series: [base] }: Pick<CurvesChoice, 'by' | 'series'>,
  layoutOf: (question: Question) => ProbeLayout | null,
): LineOption[] {
  switch (by) {
    case 'scope':
      return scopesOf(familyOf(base.model)).map((id) => ({ id, label: scopes[id].label }));
    case 'method':
      return catalogue.map(({ id, label, term }) => ({ id, label: `${label} (${term})` }));
    case 'model':
      return models.map(({ id, title, family }) => ({ id, label: `${title} (${familyWordsOf(family).term})` }));
    case 'relation':
    case 'frequency': {
      const layout = layoutOf(questionOf(base));
      if (!layout) return [];
      const { keys } = splitBy(by, layout);
      return keys.map(({ id, label }) => ({ id, label: by === 'relation' ? label : `stated ${label} times` }));
    }
    case 'kind':
      return kinds.map(({ id, label, suite, template, task }) => ({
        id,
        label: (task && taskLabel(layoutOf({ model: base.model, suite, template }), task)) ?? label,
      }));
    case 'series':
      return [];
  }
}

/** Which lines are drawn where the visitor chose none. */
export function usualLines(choice: CurvesChoice, options: readonly LineOption[]): string[] {
  const [{ model, steps, axis }] = choice.series;
  const known = (ids: readonly string[]) => ids.filter((id) => options.some((option) => option.id === id));
  switch (choice.by) {
    case 'scope':
      return known(['overall', 'attention', 'feed-forward']);
    case 'method': {
      const { method } = steps[axis];
      const { unit, axisLabel, group } = entryOf(method);
      const alike = catalogue.filter((entry) => entry.unit === unit && entry.axisLabel === axisLabel);
      const near = alike.toSorted((a, b) => Number(b.group === group) - Number(a.group === group));
      return [method, ...near.map(({ id }) => id).filter((id) => id !== method)].slice(0, 3);
    }
    case 'model':
      return shippedFamilies.map((family) => (family === familyOf(model) ? model : modelsOf(family)[0].id));
    case 'relation':
      return options.slice(0, 6).map(({ id }) => id);
    default:
      return options.slice(0, mostLines).map(({ id }) => id);
  }
}

/** The lines of a choice, in their order. */
export function linesOf(choice: CurvesChoice, layoutOf: (question: Question) => ProbeLayout | null): CurveLine[] {
  const { preset, by, of, series } = choice;
  const [base] = series;
  if (by === 'series') {
    const names = preset === null ? undefined : presetOf(preset).names;
    return series.map((entry, index) =>
      lineOf(letterOf(index), names?.[index] ?? labelAmong(entry, series), entry, null),
    );
  }
  const options = optionsOf(choice, layoutOf);
  return (of.length > 0 ? of : usualLines(choice, options)).slice(0, mostLines).map((id) => {
    const label = options.find((option) => option.id === id)?.label ?? id;
    switch (by) {
      case 'scope':
        return lineOf(
          id,
          scopeLabel(id),
          withSteps(base, (step) => ({ ...step, scope: id })),
          null,
        );
      case 'method': {
        if (!isMethodId(id)) return lineOf(id, label, base, null);
        const steps = base.steps.map((step, index) => (index === base.axis ? withMethod(step, id) : step));
        return lineOf(id, label, { ...base, steps }, null);
      }
      case 'model':
        return lineOf(id, label, { ...base, model: id }, null);
      case 'kind': {
        const kind = kinds.find((entry) => entry.id === id)!;
        const { suite, template, task } = kind;
        return lineOf(id, label, { ...base, suite, template }, task && { split: 'task', id: task });
      }
      default:
        return lineOf(id, label, base, { split: by, id });
    }
  });
}

/** What has to be computed: the lines, or what they will be a part of once it is known which there are. */
export const computedLines = ({ series: [base] }: CurvesChoice, lines: readonly CurveLine[]): readonly CurveLine[] =>
  lines.length > 0 ? lines : [lineOf('', modelOf(base.model)?.title ?? base.model, base, null)];

const scopeLabel = (id: string) => scopes[scopeIds.find((scope) => scope === id) ?? 'overall'].label;

const withSteps = (series: Choice, change: (step: StepChoice) => StepChoice): Choice => ({
  ...series,
  steps: series.steps.map(change),
});

function lineOf(id: string, label: string, series: Choice, part: ProbePart | null): CurveLine {
  const family = familyOf(series.model);
  return { id, label, series, part, isAbsent: series.steps.some(({ scope }) => !hasScope(scope, family)) };
}

/** What tells a series from the others: where it is compressed and how, and what is not the same for all. */
function labelAmong(series: Choice, all: readonly Choice[]): string {
  const differs = (field: 'model' | 'suite' | 'template') => all.some((other) => other[field] !== series[field]);
  const scopeOf = ({ steps }: Choice) => [...new Set(steps.map(({ scope }) => scopeLabel(scope)))].join(', then ');
  const places = scopeOf(series);
  const steps = series.steps.map(({ method, params }) => {
    const criterion = typeof params.criterion === 'string' ? `, ${params.criterion}` : '';
    return `${entryOf(method).term}${criterion}`;
  });
  const how = steps.join(', then ');
  return [
    all.some((other) => scopeOf(other) !== places) ? `${places}: ${how}` : how,
    ...(differs('model') ? [modelOf(series.model)?.title ?? series.model] : []),
    ...(differs('suite') ? [suiteOf(series.suite)?.title ?? series.suite] : []),
    ...(differs('template') ? [wordingWords[series.template].label] : []),
  ].join('; ');
}

/** The points of a line, the least compressed first. */
export function placesOfLine({ series }: Pick<CurveLine, 'series'>): LinePlace[] {
  return curveOf(series).map(({ x, label, recipe }) => ({ place: x, label, recipe }));
}

/**
 * The axis that the lines' steps share: shares of whatever is removed, or the same bits or ranks.
 *
 * @returns null where there is none, so that levels cannot be compared; its label is null where the lines' labels differ
 */
export function sharedAxis(lines: readonly CurveLine[]): { label: string | null; unit: Axis['unit'] } | null {
  const axes = lines.map(({ series: { steps, axis } }) => methods[steps[axis].method].axis);
  const [first] = axes;
  if (!first || axes.some(({ unit }) => unit !== first.unit)) return null;
  const isSame = axes.every(({ label }) => label === first.label);
  if (!isSame && first.unit === 'rank') return null;
  return { label: isSame ? first.label : null, unit: first.unit };
}

/** The lines as a list of one's own, to go on from. */
export const asSeries = (lines: readonly CurveLine[]): Choice[] => {
  const seen = new Map(lines.map(({ series }) => [JSON.stringify(series), series]));
  return [...seen.values()].slice(0, mostLines);
};

/** Another model for all series. */
export const withModels = (series: readonly Choice[], id: string): Choice[] => {
  const model = modelOf(id);
  return model ? series.map((entry) => withModel(entry, model)) : [...series];
};
