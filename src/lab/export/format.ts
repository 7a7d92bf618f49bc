import type { Applied, Recipe } from '../compress/recipe.ts';
import type { Model, ModelFiles } from '../model/load.ts';

/** What is to be written down. */
export interface ExportJob {
  /** The files that `model` was loaded from. */
  files: ModelFiles;
  model: Model;
  recipe: Recipe;
  /** What the recipe made of the model's weights. */
  applied: Applied;
}

/** A file of the export, by its name. */
export type ExportFiles = Map<string, Uint8Array>;

/**
 * A format in which compressed weights leave the lab: one file each, all of this shape; `index.ts` is the registry.
 */
export interface ExportFormat {
  /** Stands on the command line and in files: never renamed. */
  id: string;
  /** Plain words. */
  label: string;
  /** What it holds, who can read it, when to take another one: two or three sentences. */
  help: string;
  /** Whether what it writes can be run as it is: then it is checked by its predictions. */
  runs: boolean;
  /**
   * The weights in this format; the rest of a model's folder is added by exportModel.
   *
   * @throws LabError `bad-recipe` where the format cannot hold what the recipe made, with the layer's name and a way out
   */
  write(job: ExportJob): ExportFiles;
}
