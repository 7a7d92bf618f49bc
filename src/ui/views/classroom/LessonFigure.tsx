import type { ReactNode } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { resultKeyOf } from '../../../app/run/result-lookup.ts';
import { question, type Screen } from '../../../app/views/classroom/classroom-choice.ts';
import type { CurvePoint } from '../../../app/views/explore/explore-store.ts';
import type { Exports } from '../../parts/export/exports.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { spread } from '../../parts/format.ts';
import { subjectWords } from '../../parts/subject.ts';
import { classroom as texts } from '../../texts/classroom.ts';

type Points = readonly Pick<CurvePoint, 'recipe' | 'result'>[];

const known = (points: Points) => points.filter(({ result }) => result !== null);

/** How many facts each of these results was asked, in words. */
export const sampleWords = (points: Points) =>
  texts.sample(spread(known(points).map(({ result }) => result!.summary.probes)) ?? '0');

interface Props extends Pick<Exports, 'rows'> {
  screen: Screen;
  /** The results in it. */
  points: Points;
  children: ReactNode;
}

/** The figure of one part of the lesson, which can be saved and cited. */
export function LessonFigure({ screen, points, rows, children }: Props) {
  const cited = () => ({
    title: texts.screens[screen].title,
    subject: subjectWords(question),
    n: sampleWords(points),
    keys: known(points).flatMap(({ recipe }) => resultKeyOf(question, recipe) ?? []),
  });
  const commands = () => known(points).map(({ recipe, result }) => commandOf(question, recipe, result!.summary.probes));
  return (
    <Figure cited={cited} rows={rows} commands={commands}>
      {children}
    </Figure>
  );
}
