import { decoder } from './decoder.ts';
import { encoder } from './encoder.ts';
import { encoderDecoder } from './encoder-decoder.ts';
import type { Family } from './family.ts';

export {
  type AskedModel,
  type Family,
  type FamilyScope,
  type Filled,
  hasHalves,
  type Refused,
  type Stack,
} from './family.ts';
export type { ModelInput, Pick } from './model-input.ts';

/** Every family under its id, in the order in which they are offered: a new one is a file and a line here. */
const registry = {
  encoder,
  'encoder-decoder': encoderDecoder,
  decoder,
} satisfies Record<string, Family>;

export type FamilyId = keyof typeof registry;

/** The scopes that only some families have. */
export type FamilyScopeId = { [Id in FamilyId]: keyof (typeof registry)[Id]['scopes'] }[FamilyId];

export const families: Readonly<Record<FamilyId, Family<FamilyId>>> = registry;

export const familyIds = Object.keys(families) as FamilyId[];

/** The family of a model type, or null where the lab knows none. */
export function familyOf(modelType: string): Family<FamilyId> | null {
  return Object.values(families).find(({ modelTypes }) => modelTypes.includes(modelType)) ?? null;
}
