import { unzipSync } from 'fflate';
import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { type JsonFault, readJson } from '../../json.ts';

/** A file that was given: of a folder, of a zip, or by itself. */
export interface ImportFile {
  /** Path inside the folder or zip, with `/`. */
  path: string;
  text(): Promise<string>;
}

/** One line of a file of JSON lines. */
export interface FileLine {
  value: Record<string, unknown>;
  /** What a fault in it is called: file and line. */
  fault: JsonFault;
}

/** More than this is no set of facts, but perhaps a zip bomb: all of LAMA is smaller. */
export const mostBytes = 400 * 2 ** 20;
/** Every file that is read costs a walk through the zip's directory, so that this bounds the work as well. */
export const mostEntries = 5_000;

const advice = 'Files of facts and tasks hold one JSON object a line. Correct the file, or choose another one.';

/** What is said of a fault at a place. */
export const faultAt = (where: string): JsonFault => ({ kind: 'bad-suite', where, advice });

/** An error in what was given. */
export const badSuite = (message: string, what = advice, cause?: unknown) =>
  new LabError('bad-suite', message, what, { cause });

/** The file's own name, without the folders around it. */
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The folder that a file lies in, with its `/`; empty at the top. */
export const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

/** Whether a file is the computer's own bookkeeping, which nobody meant to give. */
export const isHidden = (path: string) =>
  path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');

/** Whether a file is there to be read by people. */
export const isDocumentation = (path: string) =>
  /^(readme|licen[cs]e|copying|notice|citation|changelog)\b|\.md$/i.test(nameOf(path));

/**
 * The files of a zip. Each is unpacked when it is read, and not kept, so that a large zip never lies unpacked in memory
 * as a whole.
 *
 * @param name what the zip is called, for messages
 * @throws LabError `bad-suite` where it is damaged, or unpacks to more than any set of facts is
 */
export function filesOfZip(name: string, bytes: Uint8Array): ImportFile[] {
  const found: { path: string; size: number; entry: string }[] = [];
  let entries = 0;
  let total = 0;
  unzip(name, bytes, (entry, size) => {
    const path = entry.replaceAll('\\', '/');
    total += size;
    if (++entries > mostEntries) throw badSuite(`${name} holds more than ${mostEntries} files.`);
    if (total > mostBytes) throw badSuite(`${name} unpacks to more than ${mostBytes / 2 ** 20} MB.`);
    if (!path.endsWith('/') && !isHidden(path)) found.push({ path, size, entry });
    return false;
  });
  return found.map(({ path, size, entry }) => ({
    path,
    text: async () => {
      const { [entry]: content } = unzip(name, bytes, (other) => other === entry);
      if (content?.length !== size) throw badSuite(`${path} in ${name} is damaged: it is shorter than it should be.`);
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(content);
      } catch (cause) {
        throw badSuite(`${path} in ${name} is no text in UTF-8.`, advice, cause);
      }
    },
  }));
}

function unzip(name: string, bytes: Uint8Array, filter: (entry: string, size: number) => boolean) {
  try {
    // The sizes are those that the zip claims. fflate unpacks no entry beyond its claim, so that they can be trusted.
    return unzipSync(bytes, { filter: ({ name, originalSize }) => filter(name, originalSize) });
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw badSuite(`${name} cannot be unpacked: it is damaged, encrypted, or no zip.`, advice, cause);
  }
}

/** The lines of a text that are not blank, with their numbers from 1. */
export function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end).trim();
    start = end + 1;
    number++;
    if (line !== '') yield { line, number };
  }
}

/**
 * Reads JSON lines one by one.
 *
 * @throws LabError `bad-suite` that names the file and the line
 */
export function* jsonLines(path: string, text: string): Generator<FileLine> {
  for (const { line, number } of linesOf(text)) {
    const fault = faultAt(`${path}, line ${number}`);
    const value = readJson(z.unknown(), line, fault);
    if (!isObject(value)) throw badSuite(`${fault.where} is no JSON object.`);
    yield { value, fault };
  }
}

/** Whether a value is an object with fields, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
