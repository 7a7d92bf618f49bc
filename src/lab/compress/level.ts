import type { Value } from './controls.ts';
import type { Axis, Level } from './method.ts';
import { percent } from './shared/percent.ts';

/** Whether ranks are numbers of directions, or shares of those that there are. */
export const isCounted = (levels: readonly Pick<Level, 'value'>[]) => levels.every(({ value }) => value >= 1);

function wordsOf({ unit, levels }: Pick<Axis, 'unit' | 'levels'>, value: number): string {
  if (unit === 'bits') return `${value} ${value === 1 ? 'bit' : 'bits'}`;
  return unit === 'rank' && isCounted(levels) ? String(value) : percent(value);
}

/**
 * A level of one's own on a method's axis: where other parameters than those of its levels lie.
 *
 * @param params the axis' parameters, such as { sparsity: 0.55 } or { n: 3, m: 8 }
 * @returns null where the axis has no rule by which a level follows from its parameters
 */
export function levelAt(axis: Pick<Axis, 'unit' | 'levels'>, params: Readonly<Record<string, Value>>): Level | null {
  const { levels } = axis;
  const [name, ...others] = axisParams(axis);
  if (name === undefined) return null;
  const { [name]: value, n, m } = params;
  if (others.length === 0 && levels.every((level) => level.params[name] === level.value))
    return typeof value === 'number' ? { label: wordsOf(axis, value), value, params: { [name]: value } } : null;
  const isPattern = levels.every((level) => level.value === 1 - Number(level.params.n) / Number(level.params.m));
  if (!isPattern || typeof n !== 'number' || typeof m !== 'number') return null;
  return { label: `${n} of ${m}`, value: 1 - n / m, params: { n, m } };
}

/** Names of the parameters that the levels of an axis set. */
export const axisParams = ({ levels }: Pick<Axis, 'levels'>): string[] => [
  ...new Set(levels.flatMap(({ params }) => Object.keys(params))),
];
