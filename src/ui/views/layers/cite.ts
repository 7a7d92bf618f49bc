import type { Cited } from '../../../app/projection/citation.ts';
import { describeEffect } from '../../../app/recipe/catalogue.ts';
import { type CellState, useLayers } from '../../../app/views/layers/layers-store.ts';
import { spread } from '../../parts/format.ts';
import { subjectWords } from '../../parts/subject.ts';
import { layers as texts } from '../../texts/layers.ts';

/** Model, questions and method in words, for a citation. */
export function citedSubject(): string {
  const { choice } = useLayers.getState();
  return texts.citedSubject(
    subjectWords(choice),
    choice.step.level === 0 ? texts.untouchedParts : describeEffect(choice.step),
  );
}

/** What a figure of these cells says about itself. */
export const citedCells = (title: string, cells: readonly CellState[]): Cited => ({
  title,
  subject: citedSubject(),
  n: texts.citedN(spread(cells.flatMap(({ loss }) => (loss ? [loss.asked] : []))) ?? '0'),
  keys: cells.map(({ key }) => key),
});
