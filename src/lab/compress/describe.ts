import type { Method } from './method.ts';

/** One step in plain words: "50 % of the weights removed" and, for the brackets behind it, "magnitude". */
export interface Description {
  effect: string;
  how: string;
}

/** A method that can also say what given parameters do: what {@link describeRecipe} puts together. */
export interface DescribedMethod<Params = Record<string, unknown>> extends Method<Params> {
  describe(params: Params): Description;
}

/** A share as people write it: 0.55 becomes "55 %". Twelve digits hide what binary fractions cannot hold. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}
