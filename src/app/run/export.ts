import type { Exported, ExportStep } from '../../../workers/api.ts';
import type { Recipe } from '../../lab/compress/recipe.ts';
import { describeRecipe } from '../../lab/compress/recipe.ts';
import { LabError, type PlainError } from '../../lab/errors.ts';
import type { ExportFormatId } from '../../lab/export/index.ts';
import { fileName, saveFile } from '../page/save-file.ts';
import type { Question } from '../recipe/question.ts';
import { evaluatorOf } from './coordinator.ts';
import { filesOf } from './user-suites.ts';

export type { ExportFormatId, ExportStep };

/** What was saved. */
export interface Saved extends Pick<Exported, 'files' | 'verified'> {
  name: string;
}

/** The formats by name. The formats themselves are the worker's: the page does not load them. */
export const formatIds = ['onnx', 'onnx-nbits', 'onnx-qdq', 'safetensors'] as const satisfies readonly ExportFormatId[];

/**
 * Compresses a model in its worker and hands the visitor a zip of it, checked by its answers where a runtime can run it.
 * What is being asked meanwhile waits.
 *
 * @returns the file's name, and what is in it; or what went wrong: `bad-recipe` where the format cannot hold what the
 *   recipe makes, `cancelled` after {@link stopExport}
 */
export async function exportRecipe(
  question: Pick<Question, 'model' | 'suite'>,
  recipe: Recipe,
  format: ExportFormatId,
  onStep: (step: ExportStep) => void,
): Promise<Saved | { error: PlainError }> {
  let isOver = false;
  try {
    const files = await filesOf(question);
    const evaluator = evaluatorOf(question.model);
    const { zip, ...made } = await evaluator.exclusive(() =>
      evaluator.export(files, { recipe, format }, (step) => {
        // Its messages may come after its answer.
        if (!isOver) onStep(step);
      }),
    );
    isOver = true;
    const name = fileName(`${question.model} ${format} ${describeRecipe(recipe)}`, 'zip');
    saveFile(name, zip, 'application/zip');
    return { name, ...made };
  } catch (error) {
    isOver = true;
    return { error: LabError.from(error).toJSON() };
  }
}

/** Stops an export after the piece of its work that it is in. */
export const stopExport = ({ model }: Pick<Question, 'model'>) => evaluatorOf(model).cancel();
