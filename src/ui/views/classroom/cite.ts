import type { Cited } from '../../../app/projection/citation.ts';
import { commandOf } from '../../../app/recipe/command.ts';
import { resultKeyOf } from '../../../app/run/result-lookup.ts';
import { modelOf, suiteOf } from '../../../app/shipped.ts';
import { question } from '../../../app/views/classroom/classroom-choice.ts';
import type { CurvePoint } from '../../../app/views/explore/explore-store.ts';
import { spread } from '../../parts/format.ts';
import { classroom as texts } from '../../texts/classroom.ts';

type Points = readonly Pick<CurvePoint, 'recipe' | 'result'>[];

const known = (points: Points) => points.filter(({ result }) => result !== null);

/** What a figure of these results says of itself. */
export function citedOf(title: string, points: Points): Cited {
  const asked = known(points).map(({ result }) => result!.summary.probes);
  return {
    title,
    subject: `${modelOf(question.model)?.title ?? question.model}, ${suiteOf(question.suite)?.title ?? question.suite}`,
    n: texts.sample(spread(asked) ?? '0'),
    keys: known(points).flatMap(({ recipe }) => resultKeyOf(question, recipe) ?? []),
  };
}

/** Commands that compute the same samples. */
export const commandsOf = (points: Points) =>
  known(points).map(({ recipe, result }) => commandOf(question, recipe, result!.summary.probes));
