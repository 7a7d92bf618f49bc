import { useMemo } from 'react';
import { sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import { detailOf, overviewOf } from '../../../app/views/compare/compared.ts';

function useResults() {
  const results = useCompare((state) => state.results);
  const layout = useCompare((state) => state.layout);
  const amount = useCompare((state) => state.choice.amount);
  return { results, layout, amount };
}

/** The first recipe and the one that is looked at, over the facts that all were asked; null before there are any. */
export function useCompared() {
  const { results, layout, amount } = useResults();
  const against = useCompare((state) => state.choice.against);
  return useMemo(() => layout && detailOf(results, against, layout, amount), [results, against, layout, amount]);
}

/** All recipes over the facts that all were asked; null before there are any. */
export function useOverview() {
  const { results, layout, amount } = useResults();
  return useMemo(() => layout && overviewOf(results, layout, amount), [results, layout, amount]);
}

/** The letter of the recipe that is looked at beside A. */
export const useBeside = (): string => useCompare(({ choice }) => sides[choice.against].toUpperCase());
