import type { z } from 'zod';
import { awq } from './awq.ts';
import { gptq } from './gptq.ts';
import { hqq } from './hqq.ts';
import { lowRankCorrection } from './low-rank-correction.ts';
import { magnitudeGlobal } from './magnitude-global.ts';
import { magnitudeLayer } from './magnitude-layer.ts';
import { magnitudeNM } from './magnitude-n-m.ts';
import type { Method } from './method.ts';
import { rtn } from './rtn.ts';
import { sparsegpt } from './sparsegpt.ts';
import { sparsegptNM } from './sparsegpt-n-m.ts';
import { svd } from './svd.ts';
import { wanda } from './wanda.ts';

/** Every method under its id: a new one is a file and a line here. */
export const methods = {
  'magnitude-global': magnitudeGlobal,
  'magnitude-layer': magnitudeLayer,
  wanda,
  sparsegpt,
  'magnitude-n-m': magnitudeNM,
  'sparsegpt-n-m': sparsegptNM,
  rtn,
  gptq,
  awq,
  hqq,
  svd,
  'low-rank-correction': lowRankCorrection,
} satisfies Record<string, Method>;

export type MethodId = keyof typeof methods;

/** The complete parameters of a method, defaults filled in. */
export type MethodParams<Id extends MethodId> = z.output<(typeof methods)[Id]['params']>;

/** The methods in the order in which people are offered them. */
export const methodList: readonly Method[] = Object.values(methods);

/** Whether a method of this id exists. */
export function isMethodId(id: unknown): id is MethodId {
  return typeof id === 'string' && Object.hasOwn(methods, id);
}
