import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../src/lab/errors.ts';
import { loadModel, type Model } from '../src/lab/model/load.ts';
import { parseFactFiles, parseSuite, type Suite } from '../src/lab/probe/suite.ts';

const shipped = resolve(import.meta.dirname, '../public');

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

/**
 * A model from a folder, from an ONNX file whose config and tokenizer lie beside it, or from the shipped ones by id.
 */
export async function openModel(where: string): Promise<Model & { name: string }> {
  const id = join(shipped, 'models', where);
  const path = (await kindOf(where)) === 'nothing' && (await kindOf(id)) === 'folder' ? id : resolve(where);
  const isFile = (await kindOf(path)) === 'file';
  const folder = isFile ? dirname(path) : path;
  const model = await read(isFile ? path : join(folder, 'model.onnx'), 'bad-model');
  const [config, tokenizer, tokenizerConfig] = await Promise.all(
    ['config.json', 'tokenizer.json', 'tokenizer_config.json'].map((name) => read(join(folder, name), 'bad-model')),
  );
  const loaded = loadModel({
    model: bytesOf(model),
    config: String(config),
    tokenizer: String(tokenizer),
    tokenizerConfig: String(tokenizerConfig),
  });
  return { ...loaded, name: basename(folder) };
}

/** A suite from a file, from a folder (suite.json, or facts.jsonl with templates.json), or a shipped one by id. */
export async function openSuite(where: string): Promise<Suite & { name: string }> {
  const id = join(shipped, 'suites', where);
  const path = (await kindOf(where)) === 'nothing' && (await kindOf(id)) === 'folder' ? id : resolve(where);
  const name = basename(path);
  if ((await kindOf(path)) === 'file') return { ...parseSuite(String(await read(path, 'bad-suite'))), name };
  if ((await kindOf(join(path, 'suite.json'))) === 'file')
    return { ...parseSuite(String(await read(join(path, 'suite.json'), 'bad-suite'))), name };
  const facts = await read(join(path, 'facts.jsonl'), 'bad-suite');
  const templates = await read(join(path, 'templates.json'), 'bad-suite');
  return { ...parseFactFiles(String(facts), String(templates), name), name };
}
