import type { Recipe } from '../../../lab/compress/recipe.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { curveOf } from '../../recipe/curve.ts';
import { hasScope } from '../../recipe/offers.ts';
import { layoutFor, type Question, readKept, resultFor } from '../../run/result-lookup.ts';
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

/** Brings the shown curves up to date with the choice; what is known stays on them. */
export function layOut(): void {
  const { choice, tracks } = get();
  const points = pointsOf(choice);
  set({
    tracks: shippedFamilies.flatMap((family): Track[] => {
      const model = modelOf(choice.models[family] ?? '');
      if (!model) return [];
      const question = questionOf(model.id, choice);
      const before = tracks.find((track) => track.model.id === model.id);
      const isAbsent = !hasScope(choice.step.scope, family);
      return [
        {
          family,
          model,
          status: isAbsent ? 'absent' : !before || before.status === 'absent' ? 'idle' : before.status,
          load: before?.load ?? { done: 0, total: model.bytes },
          error: before?.error ?? null,
          layout: layoutFor(question),
          baseline: resultFor(question, []),
          points: points.map((point) => ({ ...point, result: isAbsent ? null : resultFor(question, point.recipe) })),
        },
      ];
    }),
  });
}

/** Changes one model's line. */
export function setTrack(family: FamilyId, change: Partial<Track>): void {
  set(({ tracks }) => ({
    tracks: tracks.map((track) => (track.family === family ? { ...track, ...change } : track)),
  }));
}

/** Shows what is new of one model. */
export function showTrack(family: FamilyId): void {
  const { choice, tracks } = get();
  const track = tracks.find((candidate) => candidate.family === family);
  if (!track) return;
  const question = questionOf(track.model.id, choice);
  setTrack(family, {
    layout: layoutFor(question),
    baseline: resultFor(question, []),
    points: track.points.map((point) => ({ ...point, result: resultFor(question, point.recipe) })),
  });
}

/** Reads what is kept of all curves, and shows it: no model is needed for that. */
export async function readCurves(): Promise<void> {
  const { choice, tracks } = get();
  const recipes: Recipe[] = [[], ...pointsOf(choice).map((point) => point.recipe)];
  await Promise.all(tracks.map(({ model }) => readKept(questionOf(model.id, choice), recipes)));
  if (get().choice === choice) layOut();
}
