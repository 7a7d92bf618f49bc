import { useMemo } from 'react';
import { type CompareChoice, recipeOf, sides } from '../../app/compare/choice.ts';
import { compareResults } from '../../app/compare/compared.ts';
import { useCompare } from '../../app/compare/store.ts';
import { keyOf } from '../../app/figures.ts';

/** Both results over the facts that both were asked; null before there are any. */
export function useCompared() {
  const a = useCompare((state) => state.a);
  const b = useCompare((state) => state.b);
  const layout = useCompare((state) => state.layout);
  const amount = useCompare((state) => state.choice.amount);
  return useMemo(() => layout && compareResults(a, b, layout, amount), [a, b, layout, amount]);
}

/** The keys of both results. */
export const keysOf = (choice: CompareChoice): string[] =>
  sides.flatMap((side) => keyOf(choice, recipeOf(choice[side])) ?? []);
