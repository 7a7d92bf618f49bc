import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import * as ort from 'onnxruntime-web';
import { z } from 'zod';
import { describeRecipe, measurements, type Recipe } from '../src/lab/compress/recipe.ts';
import { LabError } from '../src/lab/errors.ts';
import type { ExportFiles, Manifest } from '../src/lab/export/index.ts';
import { type ExportFormatId, exportFormatIds, isExportFormat, manifestFile } from '../src/lab/export/index.ts';
import { describeLikeness, requireAlike } from '../src/lab/export/write.ts';
import { findModel } from './folder.ts';
import { type Options, print, readCount, readRecipe, required, say, usage } from './options.ts';
import { progressLine } from './progress.ts';
import { openSession } from './session.ts';

/** Texts on which what was written is compared with the lab. */
const compared = 16;

/** What else of a model's folder belongs to it, where it is there. */
const alongside = [
  'generation_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'spiece.model',
  'LICENSE',
  'LICENSE.txt',
  'LICENSE.md',
];

/** Writes a compressed model into a folder. */
export async function exportCommand(options: Options): Promise<void> {
  const recipe = readRecipe(options.recipe ?? '[]');
  const format = readFormat(required('format', options.format));
  const threads = readCount('threads', options.threads);
  const model = await findModel(required('model', options.model));
  const out = resolve(required('out', options.out));
  const earlier = await filesToReplace(out, model.folder);
  requireSuite(recipe, options.suite);
  const session = await openSession({ model, suite: options.suite, vocabulary: options.vocabulary, threads });
  say(`${model.name}, ${format}: ${describeRecipe(recipe)}`);
  const progress = progressLine();
  const written = await session.export(recipe, format, {
    masks: options.masks,
    beside: await filesBeside(model.folder),
    compared,
    onProgress: ({ phase, share }) => {
      if (phase === 'writing') progress.end();
      else if (phase !== 'checking') progress.onPreparing({ phase, share });
    },
    store: (files) => writeFolder(out, files, earlier),
    runtime: options['no-verify'] ? undefined : async () => ort,
  });
  requireAlike(written, `The files are in ${out}; do not use them, and report the recipe and the model.`);
  await session.close();
  const { files, report, verified } = written;
  const sizes = Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.length]));
  if (options.json) {
    print(JSON.stringify({ format, out, files: sizes, recipe, report, verified }));
    return;
  }
  for (const [name, bytes] of Object.entries(sizes)) print(`${name.padEnd(28)}${bytes} bytes`);
  if (verified) print(`loaded again: ${describeLikeness(verified)}`);
}

function readFormat(id: string): ExportFormatId {
  if (isExportFormat(id)) return id;
  throw new LabError('bad-recipe', `--format is ${id}; allowed: ${exportFormatIds.join(', ')}.`, usage);
}

function requireSuite(recipe: Recipe, suite: string | undefined): void {
  if (suite !== undefined || measurements(recipe).length === 0) return;
  throw new LabError(
    'bad-recipe',
    'A step of the recipe measures activations, and --suite is missing.',
    'Name the suite on whose texts they are measured, such as --suite facts.',
  );
}

const manifestSchema = z.looseObject({
  version: z.literal('lossy-export-1' satisfies Manifest['version']),
  files: z.array(z.string().refine((name) => basename(name) === name)),
});

/**
 * The files of an earlier export in this folder.
 *
 * @throws LabError `bad-recipe` where something else is in it: nothing of it is touched
 */
async function filesToReplace(out: string, modelFolder: string): Promise<string[]> {
  const refuse = (why: string) =>
    new LabError(
      'bad-recipe',
      `--out is ${out}, ${why}.`,
      'Give a new folder, an empty one, or one that an earlier export made.',
    );
  if (out === resolve(modelFolder)) throw refuse('which is the model’s own folder');
  const kind = await stat(out).catch(() => null);
  if (!kind) return [];
  if (!kind.isDirectory()) throw refuse('which is a file');
  const there = await readdir(out);
  if (there.length === 0) return [];
  if (!there.includes(manifestFile)) throw refuse('where other files are');
  const parsed = manifestSchema.safeParse(await readJsonFile(join(out, manifestFile)));
  if (!parsed.success) throw refuse(`whose ${manifestFile} no export has written`);
  const own = new Set([manifestFile, ...parsed.data.files]);
  const foreign = there.find((name) => !own.has(name));
  if (foreign !== undefined) throw refuse(`where ${foreign} is, which no export has written`);
  return [...own].filter((name) => there.includes(name));
}

async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

async function filesBeside(folder: string): Promise<ExportFiles> {
  const found: ExportFiles = new Map();
  for (const name of alongside) {
    const bytes = await readFile(join(folder, name)).catch(() => null);
    if (bytes) found.set(name, bytes);
  }
  return found;
}

/** Writes the files, and reads them back. */
async function writeFolder(out: string, files: ExportFiles, earlier: readonly string[]): Promise<ExportFiles> {
  try {
    await mkdir(out, { recursive: true });
    for (const name of earlier) if (!files.has(name)) await rm(join(out, name));
    // The list of files first: what is written half can then be written again.
    await writeFile(join(out, manifestFile), files.get(manifestFile)!);
    for (const [name, bytes] of files) await writeFile(join(out, name), bytes);
    const stored: ExportFiles = new Map();
    for (const name of files.keys()) stored.set(name, await readFile(join(out, name)));
    return stored;
  } catch (error) {
    throw LabError.from(error, 'storage', 'Check that there is room, and that the folder may be written to.');
  }
}
