import { gpuTolerance } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import type { ModelInput } from '../family/model-input.ts';
import type { Prober } from '../probe/prober.ts';
import { type Preparing, stopIfAborted, type WorkOptions } from '../work.ts';
import { type ExportFiles, type ExportFormatId, type ExportJob, exportFormats, exportModel } from './index.ts';
import { compareAnswers, isAlike, type Likeness, type Runtime, runFiles, toleranceOf } from './verify.ts';

/** What is being done for an export, and how much of it, 0 to 1; writing and checking have no parts. */
export interface WriteStep {
  phase: Preparing['phase'] | 'writing' | 'checking';
  share: number;
}

export interface WriteOptions extends Omit<WorkOptions, 'onProgress'> {
  onProgress?: (step: WriteStep) => void;
  /** Adds masks.safetensors, for formats that hold no masks themselves. */
  masks?: boolean;
  /** Other files of the model's folder that go along. */
  beside?: ReadonlyMap<string, Uint8Array>;
  /** Stores the files and reads them back, so that what was stored is what is checked. */
  store?: (files: ExportFiles) => Promise<ExportFiles>;
  /** What runs the files to check them: called only for formats that can be run. Left out, nothing is checked. */
  runtime?: () => Promise<Runtime>;
}

/** A compressed model as files. */
export interface Written {
  files: ExportFiles;
  report: ExportJob['applied']['report'];
  /** How the files answer, run without the lab, beside the lab's own answers; null where that was not checked. */
  verified: Likeness | null;
}

/**
 * Compresses a model, writes it as files, and runs the files as anybody would to see that they answer as the lab does.
 * Where they are checked, the prober's model is at the recipe afterwards.
 *
 * @param rows texts to check on
 * @throws LabError `bad-recipe` where the format cannot hold it, `cancelled` where the signal was given
 */
export async function writeExport(
  prober: Prober,
  {
    files,
    recipe,
    format,
    rows,
  }: Pick<ExportJob, 'files' | 'recipe'> & { format: ExportFormatId; rows: readonly ModelInput[] },
  options: WriteOptions = {},
): Promise<Written> {
  const { signal, onProgress, yieldNow, masks, beside, store, runtime } = options;
  const { model, engine } = prober;
  const applied = await prober.apply(recipe, { signal, onProgress, yieldNow });
  onProgress?.({ phase: 'writing', share: 0 });
  await yieldNow?.();
  stopIfAborted(signal);
  const made = exportModel({ files, model, recipe, applied }, format, { masks, beside });
  const stored = store ? await store(made) : made;
  const { report } = applied;
  if (!runtime || !exportFormats[format].runs) return { files: made, report, verified: null };
  onProgress?.({ phase: 'checking', share: 0 });
  await prober.make(recipe, { signal, yieldNow });
  const graphs = new Map([...stored].filter(([name]) => name.endsWith('.onnx')));
  const tolerance = toleranceOf(applied.matrices);
  const allowed = engine.backend === 'webgpu' ? Math.max(tolerance, gpuTolerance) : tolerance;
  const expected = await prober.logits(rows);
  const verified = compareAnswers(expected, await runFiles(await runtime(), graphs, rows, 'wasm'), allowed);
  stopIfAborted(signal);
  return { files: made, report, verified };
}

/** In words: how many texts got the same answers, and how far logits are apart. */
export function describeLikeness({ texts, same, worst }: Likeness): string {
  return `the same words for ${same} of ${texts} texts, logits at most ${worst.toExponential(1)} apart`;
}

/**
 * @param advice what to do with files that answer otherwise
 * @throws LabError `internal` where the files answer otherwise than the lab
 */
export function requireAlike({ verified }: Written, advice: string): void {
  if (!verified || isAlike(verified)) return;
  throw new LabError(
    'internal',
    `What was written predicts something else than the lab: ${describeLikeness(verified)}.`,
    advice,
  );
}
