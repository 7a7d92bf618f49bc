import { filesOfZip, type ImportFile, importSuite } from '../src/lab/suite/importers/index.ts';
import type { Suite } from '../src/lab/suite/suite.ts';
import type { UserFile } from './api.ts';

/** Reads a suite from files that the visitor chose; a zip is unpacked first. Nothing leaves the machine. */
export async function importBrought(brought: readonly UserFile[], name: string): Promise<Suite> {
  const files: ImportFile[] = [];
  for (const { path, file } of brought) {
    if (/\.zip$/i.test(path)) files.push(...filesOfZip(path, new Uint8Array(await file.arrayBuffer())));
    else files.push({ path, text: () => file.text() });
  }
  return importSuite(files, { name });
}
