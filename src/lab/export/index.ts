import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describeRecipe } from '../compress/recipe.ts';
import type { ExportFiles, ExportFormat, ExportJob } from './format.ts';
import { onnx } from './onnx.ts';
import { onnxNbits } from './onnx-nbits.ts';
import { onnxQdq } from './onnx-qdq.ts';
import { maskFile, safetensors } from './safetensors.ts';

export type { ExportFiles, ExportFormat, ExportJob } from './format.ts';

/** Every format under its id: a new one is a file and a line here. */
export const exportFormats = {
  onnx,
  'onnx-nbits': onnxNbits,
  'onnx-qdq': onnxQdq,
  safetensors,
} satisfies Record<string, ExportFormat>;

export type ExportFormatId = keyof typeof exportFormats;

export const exportFormatIds = Object.keys(exportFormats) as ExportFormatId[];

/** Whether a format of this id exists. */
export function isExportFormat(id: unknown): id is ExportFormatId {
  return typeof id === 'string' && Object.hasOwn(exportFormats, id);
}

/** The file that says what the others are, and by which an earlier export is known. */
export const manifestFile = 'lossy.json';

/** What stands in it. */
export interface Manifest {
  version: 'lossy-export-1';
  format: ExportFormatId;
  /** SHA-256 of the ONNX files that the weights came from. */
  source: string;
  recipe: ExportJob['recipe'];
  description: string;
  report: ExportJob['applied']['report'];
  /** Names of the other files. */
  files: string[];
}

/**
 * Everything that belongs into the folder of a compressed model: weights, config and tokenizer, as they are named in
 * the folder that the model came from, and {@link manifestFile}.
 *
 * @param masks adds masks.safetensors, for formats that hold no masks themselves
 * @param beside other files of the model's folder that go along
 * @throws LabError `bad-recipe` where the format cannot hold what the recipe made
 */
export function exportModel(
  job: ExportJob,
  format: ExportFormatId,
  { masks = false, beside = new Map() }: { masks?: boolean; beside?: ReadonlyMap<string, Uint8Array> } = {},
): ExportFiles {
  const { files, model, recipe, applied } = job;
  const made: ExportFiles = new Map([
    ...beside,
    ...exportFormats[format].write(job),
    ...(masks && format !== 'safetensors' ? maskFile(job) : []),
    ['config.json', utf8ToBytes(files.config)],
    ['tokenizer.json', utf8ToBytes(files.tokenizer)],
    ['tokenizer_config.json', utf8ToBytes(files.tokenizerConfig)],
  ]);
  const manifest: Manifest = {
    version: 'lossy-export-1',
    format,
    source: model.sha256,
    recipe,
    description: describeRecipe(recipe),
    report: applied.report,
    files: [...made.keys()],
  };
  return made.set(manifestFile, utf8ToBytes(`${JSON.stringify(manifest, null, 2)}\n`));
}
