import { decoder } from './decoder.ts';
import { encoder } from './encoder.ts';
import { encoderDecoder } from './encoder-decoder.ts';
import type { Family, FamilyId } from './family.ts';

export type { AskedModel, Family, Filled, Refused } from './family.ts';
export type { ModelInput, Pick } from './model-input.ts';

/** Every family under its id: a new one is a file and a line here. */
export const families: Readonly<Record<FamilyId, Family>> = { encoder, 'encoder-decoder': encoderDecoder, decoder };

export const familyIds = Object.keys(families) as FamilyId[];

/** The family of a model type, or null where the lab knows none. */
export function familyOf(modelType: string): Family | null {
  return Object.values(families).find(({ modelTypes }) => modelTypes.includes(modelType)) ?? null;
}
