import { Zip, ZipDeflate } from 'fflate';
import type { Recipe } from '../src/lab/compress/recipe.ts';
import { LabError } from '../src/lab/errors.ts';
import { type ExportFiles, type ExportFormatId, exportFormats, exportModel } from '../src/lab/export/index.ts';
import { compareAnswers, isAlike, type Likeness, runFiles, toleranceOf } from '../src/lab/export/verify.ts';
import type { ModelInput } from '../src/lab/family/model-input.ts';
import type { Model, ModelFiles } from '../src/lab/model/load.ts';
import type { Prober } from '../src/lab/probe/prober.ts';
import { stopIfAborted, type WorkOptions } from '../src/lab/work.ts';
import type { Exported, ExportStep } from './api.ts';
import { gpuTolerance } from './check.ts';
import { fetchWasm, loadWasm } from './ort.ts';

/** Texts on which what was written is compared with the lab. */
const compared = 8;

/** What is packed at once, in bytes: between two pieces the worker reads its messages. */
const packedAtOnce = 2 ** 20;

/** The same files make the same zip. */
const zipDate = '1980-01-01T00:00:00';

interface Wanted {
  prober: Prober;
  model: Model;
  files: ModelFiles;
  recipe: Recipe;
  format: ExportFormatId;
  /** Texts that the model is asked to compare it, at least as many as are compared. */
  rows: readonly ModelInput[];
}

interface Options extends Omit<WorkOptions, 'onProgress'> {
  onProgress: (step: ExportStep) => void;
}

/**
 * Writes a compressed model as the folder of files that the command line writes, checks that it answers as the lab does,
 * and packs it. The prober's model is compressed afterwards.
 *
 * @throws LabError `bad-recipe` where the format cannot hold it, `cancelled` where the signal was given
 */
export async function exportZip(wanted: Wanted, options: Options): Promise<Exported> {
  const { prober, model, files, recipe, format } = wanted;
  const { signal, onProgress, yieldNow } = options;
  const applied = await prober.apply(recipe, {
    signal,
    yieldNow,
    onProgress: ({ share }) => onProgress({ phase: 'compressing', share }),
  });
  onProgress({ phase: 'writing', share: 0 });
  await yieldNow?.();
  stopIfAborted(signal);
  const made = exportModel({ files, model, recipe, applied }, format);
  let verified: Likeness | null = null;
  if (exportFormats[format].runs) {
    onProgress({ phase: 'checking', share: 0 });
    await prober.compress(recipe, { signal, yieldNow });
    verified = await verify(made, wanted, toleranceOf(applied.matrices));
    stopIfAborted(signal);
  }
  const zip = await pack(made, options);
  return { zip, files: [...made].map(([name, { length }]) => ({ name, bytes: length })), verified };
}

/** Runs the graphs in a runtime of their own, as anybody would who has the files, and compares. */
async function verify(made: ExportFiles, { prober, rows }: Wanted, tolerance: number): Promise<Likeness> {
  const graphs = new Map([...made].filter(([name]) => name.endsWith('.onnx')));
  const asked = rows.slice(0, compared);
  const allowed = prober.engine.backend === 'webgpu' ? Math.max(tolerance, gpuTolerance) : tolerance;
  const runtime = await loadWasm(await fetchWasm());
  runtime.env.wasm.numThreads = 1;
  const likeness = compareAnswers(await prober.logits(asked), await runFiles(runtime, graphs, asked, 'wasm'), allowed);
  if (isAlike(likeness)) return likeness;
  const { same, texts, worst } = likeness;
  throw new LabError(
    'internal',
    `What was written predicts something else than the lab: the same words for ${same} of ${texts} texts, logits up to ${worst.toExponential(1)} apart.`,
    'Nothing was saved; report the recipe and the model.',
  );
}

async function pack(made: ExportFiles, { signal, onProgress, yieldNow }: Options): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw LabError.from(error);
    chunks.push(chunk);
  });
  const of = [...made.values()].reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const [name, bytes] of made) {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = zipDate;
    zip.add(entry);
    for (let at = 0; at === 0 || at < bytes.length; at += packedAtOnce) {
      const piece = bytes.subarray(at, at + packedAtOnce);
      entry.push(piece, at + packedAtOnce >= bytes.length);
      done += piece.length;
      onProgress({ phase: 'packing', share: done / of });
      await yieldNow?.();
      stopIfAborted(signal);
    }
  }
  zip.end();
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
