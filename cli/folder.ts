import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { LabError } from '../src/lab/errors.ts';
import { graphFiles, loadModel, type Model, type ModelFiles } from '../src/lab/model/load.ts';
import { filesOfZip, type ImportFile, importSuite } from '../src/lab/suite/importers/index.ts';
import type { Suite } from '../src/lab/suite/suite.ts';
import { packageRoot } from './place.ts';

const shipped = resolve(packageRoot, 'public');

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nothing';
  }
}

async function read(path: string, kind: 'bad-model' | 'bad-suite'): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LabError(kind, `${path} cannot be read.`, 'Check the path, and that the file is there.', { cause });
  }
}

const bytesOf = (buffer: Buffer) => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

/** A model's files, and where they lie. */
export interface FoundModel {
  name: string;
  folder: string;
  files: ModelFiles;
}

/**
 * A model's files from a folder (its ONNX files there or in a folder `onnx`), from an ONNX file whose config and tokenizer lie
 * beside it, or from the shipped ones by id.
 */
export async function findModel(where: string): Promise<FoundModel> {
  const id = join(shipped, 'models', where);
  const path = (await kindOf(where)) === 'nothing' && (await kindOf(id)) === 'folder' ? id : resolve(where);
  const isFile = (await kindOf(path)) === 'file';
  const folder = isFile ? dirname(path) : path;
  const [config, tokenizer, tokenizerConfig] = (
    await Promise.all(
      ['config.json', 'tokenizer.json', 'tokenizer_config.json'].map((name) => read(join(folder, name), 'bad-model')),
    )
  ).map(String);
  const files = graphFiles(config);
  const graphs = new Map<string, Uint8Array>();
  // A single file may have any name; of a model of two the other lies beside it.
  if (isFile && files.length === 1) graphs.set(files[0][0], bytesOf(await read(path, 'bad-model')));
  else
    for (const names of files) {
      const found = await firstThere(names.flatMap((name) => [join(folder, name), join(folder, 'onnx', name)]));
      graphs.set(basename(found), bytesOf(await read(found, 'bad-model')));
    }
  return { name: basename(folder), folder, files: { graphs, config, tokenizer, tokenizerConfig } };
}

/** A model: see {@link findModel} for where it may be. */
export async function openModel(where: string): Promise<Model & { name: string }> {
  const { name, files } = await findModel(where);
  return { ...loadModel(files), name };
}

/** The first of these paths that exists, or the first one: whose absence is then reported. */
async function firstThere(paths: readonly string[]): Promise<string> {
  for (const path of paths) if ((await kindOf(path)) === 'file') return path;
  return paths[0];
}

/**
 * A suite from a file, a zip or a folder (the lab's own formats, LAMA, LM-harness tasks), or a shipped one by id.
 *
 * @param vocabulary path of LAMA's common vocabulary
 */
export async function openSuite(where: string, vocabulary?: string): Promise<Suite & { name: string }> {
  const id = join(shipped, 'suites', where);
  const path = (await kindOf(where)) === 'nothing' && (await kindOf(id)) === 'folder' ? id : resolve(where);
  const name = basename(path);
  const own = join(path, 'suite.json');
  const chosen = (await kindOf(own)) === 'file' ? own : path;
  const commonVocabulary = vocabulary === undefined ? undefined : String(await read(vocabulary, 'bad-suite'));
  return { ...(await importSuite(await filesAt(chosen), { name, commonVocabulary })), name };
}

async function filesAt(path: string): Promise<ImportFile[]> {
  const kind = await kindOf(path);
  if (kind === 'folder') {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({
        path: relative(dirname(path), file),
        text: async () => String(await read(file, 'bad-suite')),
      }));
  }
  const bytes = await read(path, 'bad-suite');
  if (path.endsWith('.zip')) return filesOfZip(basename(path), bytesOf(bytes));
  return [{ path: basename(path), text: async () => String(bytes) }];
}
