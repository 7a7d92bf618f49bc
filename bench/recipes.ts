import { parseRecipe, type Recipe } from '../src/lab/compress/recipe.ts';

/** Level number `at` (from 0) of so many: shares removed that rise evenly, from above 0 to below 1. */
export function levelAt(at: number, of: number): Recipe {
  return parseRecipe([{ method: 'magnitude-global', scope: 'overall', sparsity: (at + 1) / (of + 1) }]);
}

/** Four bits, one scale for every row. */
export const roundedTo4: Recipe = parseRecipe([{ method: 'rtn', scope: 'overall', bits: 4, granularity: 'channel' }]);
