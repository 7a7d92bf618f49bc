import type { z } from 'zod';
import type { Method } from '../method.ts';
import { awq } from './awq.ts';
import { binary } from './binary.ts';
import { fp4 } from './fp4.ts';
import { fp8 } from './fp8.ts';
import { gptq } from './gptq.ts';
import { heads } from './heads.ts';
import { hqq } from './hqq.ts';
import { layers } from './layers.ts';
import { llmInt8 } from './llm-int8.ts';
import { lowRankCorrection } from './low-rank-correction.ts';
import { magnitudeGlobal } from './magnitude-global.ts';
import { magnitudeLayer } from './magnitude-layer.ts';
import { magnitudeNM } from './magnitude-n-m.ts';
import { magnitudeRow } from './magnitude-row.ts';
import { mxfp4 } from './mxfp4.ts';
import { neurons } from './neurons.ts';
import { nf4 } from './nf4.ts';
import { random } from './random.ts';
import { rows } from './rows.ts';
import { rtn } from './rtn.ts';
import { smoothquant } from './smoothquant.ts';
import { sparsegpt } from './sparsegpt.ts';
import { sparsegptNM } from './sparsegpt-n-m.ts';
import { svd } from './svd.ts';
import { ternary } from './ternary.ts';
import { torchDynamicInt8 } from './torch-dynamic-int8.ts';
import { wanda } from './wanda.ts';
import { wandaNM } from './wanda-n-m.ts';

/** Every method under its id: a new one is a file and a line here. */
export const methods = {
  'magnitude-global': magnitudeGlobal,
  'magnitude-layer': magnitudeLayer,
  'magnitude-row': magnitudeRow,
  wanda,
  sparsegpt,
  random,
  'magnitude-n-m': magnitudeNM,
  'wanda-n-m': wandaNM,
  'sparsegpt-n-m': sparsegptNM,
  heads,
  neurons,
  layers,
  rows,
  rtn,
  nf4,
  fp4,
  fp8,
  mxfp4,
  ternary,
  binary,
  gptq,
  awq,
  hqq,
  'torch-dynamic-int8': torchDynamicInt8,
  'llm-int8': llmInt8,
  smoothquant,
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
