import { parseRecipe, type Recipe } from '../../../lab/compress/recipe.ts';

const prune = (sparsity: number) => ({ method: 'magnitude-global', sparsity });
const round = (bits: number) => ({ method: 'rtn', bits });

/** What is computed where nothing is kept yet: one method after the other, and both behind each other. */
export const grid: readonly Recipe[] = [
  [],
  [prune(0.3)],
  [prune(0.5)],
  [prune(0.7)],
  [round(8)],
  [round(4)],
  [round(3)],
  [round(2)],
  [{ method: 'gptq', bits: 4 }],
  [{ method: 'gptq', bits: 3 }],
  [{ method: 'wanda', sparsity: 0.5 }],
  [prune(0.3), round(8)],
  [prune(0.5), round(8)],
  [prune(0.3), round(4)],
  [prune(0.5), round(4)],
].map(parseRecipe);
