import { curveOf } from '../../recipe/curve.ts';
import { hasScope } from '../../recipe/offers.ts';
import type { Question } from '../../recipe/question.ts';
import { layoutFor, resultFor } from '../../run/result-lookup.ts';
import { modelOf, shippedFamilies } from '../../shipped.ts';
import type { FamiliesChoice } from './families-choice.ts';
import { type Track, useFamilies } from './families-store.ts';

const set = useFamilies.setState;
const get = useFamilies.getState;

/** What a model of the comparison is asked. */
export const questionOf = (model: string, { suite, template }: FamiliesChoice): Question => ({
  model,
  suite,
  template,
});

/** The points of a choice's curve, the uncompressed model first. */
export const pointsOf = ({ step }: FamiliesChoice) => curveOf({ steps: [step], axis: 0 });

/** Brings the shown curves up to date with the choice and with what is known. */
export function layOut(): void {
  const { choice } = get();
  const points = pointsOf(choice);
  set({
    tracks: shippedFamilies.flatMap((family): Track[] => {
      const model = modelOf(choice.models[family] ?? '');
      if (!model) return [];
      const question = questionOf(model.id, choice);
      const isAbsent = !hasScope(choice.step.scope, family);
      return [
        {
          family,
          model,
          status: isAbsent ? 'absent' : 'present',
          layout: layoutFor(question),
          baseline: resultFor(question, []),
          points: points.map((point) => ({ ...point, result: isAbsent ? null : resultFor(question, point.recipe) })),
        },
      ];
    }),
  });
}
