import { describeEffect, describeRecipe } from '../../../app/recipe/catalogue.ts';
import { type CellState, useLayers } from '../../../app/views/layers/layers-store.ts';
import { errorOf } from '../../../app/views/layers/rows.ts';
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

/** How many questions cells were asked: "192", or "192 to 1,000". */
export function askedWords(cells: readonly CellState[]): string {
  return spread(cells.flatMap(({ loss }) => (loss ? [loss.asked] : []))) ?? '0';
}

/** The map as numbers, for files. */
export const rowsOf = (cells: readonly CellState[]) =>
  cells.map((cell) => ({
    part: cell.scope,
    recipe: describeRecipe(cell.recipe),
    weights: cell.parameters,
    lost: cell.loss?.lost ?? null,
    known: cell.loss?.known ?? null,
    share: cell.loss?.share ?? null,
    low: cell.loss?.low ?? null,
    high: cell.loss?.high ?? null,
    gained: cell.loss?.gained ?? null,
    asked: cell.loss?.asked ?? null,
    snr_db: cell.report?.touched?.snrDb ?? null,
    output_error: errorOf(cell, 'outputs'),
    key: cell.key,
  }));
