import type { Value } from './controls.ts';
import type { Axis, Level } from './method.ts';
import { percent } from './percent.ts';

const words = {
  share: (value: number) => percent(value),
  bits: (value: number) => `${value} ${value === 1 ? 'bit' : 'bits'}`,
  rank: (value: number) => (Number.isInteger(value) ? `rank ${value}` : percent(value)),
};

/**
 * A level of one's own on a method's axis: where other parameters than those of its levels lie.
 *
 * @param params the axis' parameters, such as { sparsity: 0.55 } or { n: 3, m: 8 }
 * @returns null where the axis has no rule by which a level follows from its parameters
 */
export function levelAt({ unit, levels }: Axis, params: Readonly<Record<string, Value>>): Level | null {
  const [name, ...others] = axisParams({ levels });
  if (name === undefined) return null;
  const { [name]: value, n, m } = params;
  if (others.length === 0 && levels.every((level) => level.params[name] === level.value))
    return typeof value === 'number' ? { label: words[unit](value), value, params: { [name]: value } } : null;
  const isPattern = levels.every((level) => level.value === 1 - Number(level.params.n) / Number(level.params.m));
  if (!isPattern || typeof n !== 'number' || typeof m !== 'number') return null;
  return { label: `${n} of ${m}`, value: 1 - n / m, params: { n, m } };
}

/** Names of the parameters that the levels of an axis set. */
export const axisParams = ({ levels }: Pick<Axis, 'levels'>): string[] => [
  ...new Set(levels.flatMap(({ params }) => Object.keys(params))),
];
