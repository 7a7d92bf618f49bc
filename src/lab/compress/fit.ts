import type { Site } from '../model/site.ts';
import type { Context, Method, Misfit } from './method.ts';
import { isScopeId, sitesOf } from './scope.ts';

/** What a step has to fit: layers and their shapes; no weights. */
export type Fitted = Pick<Context, 'heads' | 'keyValueHeads'> & { sites: readonly Site[] };

/**
 * Whether a step can be applied to a model, as far as shapes tell: cheap, without weights.
 *
 * @param params complete, as the method's schema gives them
 * @returns null where nothing speaks against it
 */
export function misfit<Params extends object>(
  method: Pick<Method<Params>, 'fits'>,
  scope: string,
  params: Params,
  { sites, ...model }: Fitted,
): Misfit | null {
  const chosen = isScopeId(scope) ? sitesOf(scope, sites) : [];
  if (chosen.length === 0) return { field: 'scope', message: 'This model has no such layers: choose others.' };
  return method.fits ? method.fits(chosen, params, model) : groupsMisfit(chosen, params);
}

/** Groups of inputs, as methods name them: `group-N` in any parameter, and m, the group of an N:M pattern. */
function groupsMisfit(sites: readonly Site[], params: object): Misfit | null {
  for (const [name, value] of Object.entries(params)) {
    const size = name === 'm' ? Number(value) : groupIn(String(value));
    const found = groupsFit(sites, size, name);
    if (found) return found;
  }
  return null;
}

/**
 * Whether groups of so many inputs fill the rows of all sites, for methods that want that.
 *
 * @param size null where nothing is grouped
 */
export function groupsFit(sites: readonly Site[], size: number | null, field: string): Misfit | null {
  const strange = size === null ? undefined : sites.find(({ shape: [, columns] }) => columns % size !== 0);
  if (!strange) return null;
  const [, columns] = strange.shape;
  const common = sites.reduce((divisor, { shape }) => gcd(divisor, shape[1]), columns);
  return {
    field,
    message:
      `Groups of ${size} do not fill the ${columns} inputs of ${strange.name}. ` +
      `${common > 1 ? `In these layers the size must divide ${common}` : 'No size fits all of these layers'}.`,
  };
}

/** The N of `group-N`; null for what names no group, such as `channel`. */
export function groupIn(granularity: string): number | null {
  const [, size] = /^group-(\d+)$/.exec(granularity) ?? [];
  return size === undefined ? null : Number(size);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
