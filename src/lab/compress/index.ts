import type { z } from 'zod';
import type { DescribedMethod } from './describe.ts';
import { magnitudeGlobal } from './magnitude-global.ts';
import { magnitudeLayer } from './magnitude-layer.ts';
import { magnitudeNM } from './magnitude-n-m.ts';
import { rtn } from './rtn.ts';

/** Every method under its id: a new one is a file and a line here. */
export const methods = {
  'magnitude-global': magnitudeGlobal,
  'magnitude-layer': magnitudeLayer,
  'magnitude-n-m': magnitudeNM,
  rtn,
} satisfies Record<string, DescribedMethod>;

export type MethodId = keyof typeof methods;

/** The complete parameters of a method, defaults filled in. */
export type MethodParams<Id extends MethodId> = z.output<(typeof methods)[Id]['params']>;

/** The methods in the order in which people are offered them. */
export const methodList: readonly DescribedMethod[] = Object.values(methods);

/** Whether a method of this id exists. */
export function isMethodId(id: unknown): id is MethodId {
  return typeof id === 'string' && Object.hasOwn(methods, id);
}
