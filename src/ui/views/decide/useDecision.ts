import { useMemo } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { kindOf } from '../../../app/views/decide/decide.ts';
import { useDecide } from '../../../app/views/decide/decide-store.ts';
import { decide, type Offer, offersOf } from '../../../app/views/decide/decision.ts';
import { decide as texts } from '../../texts/decide.ts';

/** Every kept result beside the uncompressed model's; none where that was not asked. */
export function useOffers(): readonly Offer[] {
  const baseline = useDecide((state) => state.baseline);
  const found = useDecide((state) => state.found);
  const layout = useDecide((state) => state.choice.layout);
  return useMemo(() => (baseline ? offersOf(baseline, found, layout, kindOf) : []), [baseline, found, layout]);
}

/** What to take within the limits. */
export function useDecision() {
  const offers = useOffers();
  const { megabytes, loss, goal } = useDecide((state) => state.choice);
  return useMemo(() => decide(offers, { megabytes, loss, goal }), [offers, megabytes, loss, goal]);
}

export const nameOf = ({ recipe }: Pick<Offer, 'recipe'>) =>
  recipe.length === 0 ? texts.noRecipe : describeRecipe(recipe);
