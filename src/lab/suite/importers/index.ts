import { LabError } from '../../errors.ts';
import type { Suite } from '../suite.ts';
import { badSuite, type ImportFile, isDocumentation, isHidden, isObject, jsonLines, linesOf } from './files.ts';
import { harness } from './harness.ts';
import type { ImportContext, Importer, MakeImporter, TextFile } from './importer.ts';
import { lama } from './lama.ts';
import { lossy } from './lossy.ts';

export { filesOfZip, type ImportFile } from './files.ts';

/** Every importer: a new one is a file and a line here. */
export const importers: readonly MakeImporter[] = [lossy, lama, harness];

export interface ImportOptions extends Omit<ImportContext, 'paths'> {
  signal?: AbortSignal;
}

/**
 * Makes a suite of what was given: a folder, the files of a zip, or single files. Each file goes to the importer that
 * recognises it. Documentation and hidden files are passed over; a file that nobody recognises is refused.
 *
 * @param registry the importers to ask
 * @throws LabError `bad-suite` that names the file, the line and the fault; `cancelled` once the signal is aborted
 */
export async function importSuite(
  files: readonly ImportFile[],
  { signal, ...options }: ImportOptions,
  registry: readonly MakeImporter[] = importers,
): Promise<Suite> {
  const { name } = options;
  const given = files
    .filter(({ path }) => !isHidden(path) && !isDocumentation(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (given.length === 0) throw badSuite(`${name} holds no file of facts or tasks.`);
  const paths = given.map(({ path }) => path);
  const all = registry.map((make) => make({ ...options, paths }));
  const claimed = given.filter(({ path }) => all.some((importer) => importer.claims?.(path)));

  const used = new Set<Importer>();
  for (const file of claimed.length > 0 ? claimed : given) {
    const read = await textFile(file, signal);
    const isMine = (importer: Importer) =>
      claimed.length > 0 ? importer.claims?.(read.path) : importer.recognises(read);
    const importer = theOne(read, all.filter(isMine), all);
    importer.add(read);
    used.add(importer);
  }
  const [importer, ...others] = all.filter((each) => used.has(each));
  if (others.length > 0)
    throw badSuite(
      `${name} holds both ${[importer, ...others].map(({ label }) => label).join(' and ')}.`,
      'A suite has facts or tasks: choose the files of one.',
    );
  return importer.finish();
}

/** Reads a file, and lets others have their turn first: the stop may be among them. */
async function textFile(file: ImportFile, signal?: AbortSignal): Promise<TextFile> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted) throw new LabError('cancelled', 'Stopped.');
  const text = await file.text();
  let fields: readonly string[] | undefined;
  return {
    path: file.path,
    text,
    get fields() {
      fields ??= fieldsOf(text);
      return fields;
    },
  };
}

function fieldsOf(text: string): string[] {
  const first = linesOf(text).next();
  if (first.done) return [];
  try {
    const value: unknown = JSON.parse(first.value.line);
    return isObject(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

/** The importer that recognised a file, or why there is not exactly one. */
function theOne({ path, text }: TextFile, found: readonly Importer[], all: readonly Importer[]): Importer {
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw badSuite(
      `${path} could be ${found.map(({ label }) => label).join(' or ')}.`,
      'Choose files of one form, or correct the field names of this one.',
    );
  const first = jsonLines(path, text).next();
  if (first.done) throw badSuite(`${path} is empty.`);
  const { value, fault } = first.value;
  const known = all.flatMap((importer) => importer.known ?? []);
  throw badSuite(
    `${fault.where}: has the fields ${Object.keys(value).join(', ') || 'of none'}: this is no file of ${known.join(' or of ')}.`,
  );
}
