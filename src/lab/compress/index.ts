import type { z } from 'zod';
import { binary } from './binary.ts';
import { fp4 } from './fp4.ts';
import { fp8 } from './fp8.ts';
import { llmInt8 } from './llm-int8.ts';
import { magnitudeGlobal } from './magnitude-global.ts';
import { magnitudeLayer } from './magnitude-layer.ts';
import { magnitudeNM } from './magnitude-n-m.ts';
import type { Method } from './method.ts';
import { mxfp4 } from './mxfp4.ts';
import { nf4 } from './nf4.ts';
import { rtn } from './rtn.ts';
import { smoothquant } from './smoothquant.ts';
import { ternary } from './ternary.ts';
import { torchDynamicInt8 } from './torch-dynamic-int8.ts';
import { wanda } from './wanda.ts';

/** Every method under its id: a new one is a file and a line here. */
export const methods = {
  'magnitude-global': magnitudeGlobal,
  'magnitude-layer': magnitudeLayer,
  'magnitude-n-m': magnitudeNM,
  wanda,
  rtn,
  nf4,
  fp4,
  fp8,
  mxfp4,
  ternary,
  binary,
  'torch-dynamic-int8': torchDynamicInt8,
  'llm-int8': llmInt8,
  smoothquant,
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
