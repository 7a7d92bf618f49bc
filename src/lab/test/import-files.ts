import { LabError } from '../errors.ts';
import { type ImportFile, type ImportOptions, importSuite } from '../suite/importers/index.ts';

/** A file of JSON lines from its records, or of a text, for the tests of this folder. */
export function makeFile(path: string, content: readonly object[] | string): ImportFile {
  const text = typeof content === 'string' ? content : content.map((record) => JSON.stringify(record)).join('\n');
  return { path, text: async () => text };
}

/** What the importer says of files that it refuses. */
export async function refusal(files: readonly ImportFile[], options: Partial<ImportOptions> = {}): Promise<string> {
  try {
    await importSuite(files, { name: 'mine', ...options });
  } catch (error) {
    if (error instanceof LabError && error.kind === 'bad-suite' && error.advice !== '') return error.message;
    throw error;
  }
  throw new Error('the files were accepted');
}
