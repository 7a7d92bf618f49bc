// The file of a study: one JSON object a line, each run's key once.
import { appendFileSync, createReadStream, truncateSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { LabError, type PlainError } from '../../src/lab/errors.ts';
import { readJson } from '../../src/lab/json.ts';
import { lineSchema } from '../../src/lab/result/file.ts';
import type { ResultJson } from '../../src/lab/result/json.ts';
import { say } from '../options.ts';

/** What every line has beside a result. */
interface Made {
  /** How many probes were asked at most; null: all. */
  limit: number | null;
  /** {@link engineRevision}, and the lab's version. */
  engine: number;
  version: string;
}

/** A run's result as `lab run --json` prints it, and what a study knows beside it. */
type DoneLine = { status: 'done' } & ResultJson & { meanLogProb: number | null } & Made;

/** A run that cannot be done: its recipe does not fit the model, say. */
type FailedLine = { status: 'failed'; error: PlainError } & Pick<
  ResultJson,
  'key' | 'model' | 'suite' | 'template' | 'recipe' | 'answers'
> &
  Made;

/** A line as a study writes it. */
export type StudyLine = DoneLine | FailedLine;

/** What a line from outside must have so that it can be told from others. */
const readSchema = lineSchema.extend({ status: lineSchema.shape.status.unwrap(), limit: z.int().nullable() });
/** A line as it is read: nothing else in it is needed, or checked. */
type ReadLine = z.output<typeof readSchema>;

const newline = 0x0a;

/** A file's lines, and where the last one begins if it is not ended. */
async function* piecesOf(path: string): AsyncGenerator<{ text: string; isWhole: boolean; start: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
      yield { text: bytes.toString('utf8', from, to), isWhole: true, start: start + from };
      from = to + 1;
    }
    start += from;
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield { text: rest.toString(), isWhole: false, start };
}

/**
 * Reads a study's file line by line.
 *
 * @param onHalf called where the last line is not ended, with where it begins in bytes; it is not among those that are read
 * @throws LabError `storage` where the file cannot be read, or a line is none of a study
 */
export async function* readLines(
  path: string,
  onHalf: (start: number) => void,
): AsyncGenerator<{ line: ReadLine; text: string }> {
  let number = 0;
  try {
    for await (const { text, isWhole, start } of piecesOf(path)) {
      number++;
      if (!isWhole) onHalf(start);
      else if (text.trim() !== '') {
        const where = `${path}, line ${number}`;
        const advice = 'Take a file that a study wrote, or mend or delete this line.';
        yield { line: readJson(readSchema, text, { kind: 'storage', where, advice }), text };
      }
    }
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('storage', `${path} cannot be read.`, 'Check the path, and that it is a file.', { cause });
  }
}

/**
 * What a study's file holds already. A last line that was not written to its end is cut off.
 *
 * @returns by key; empty where there is no such file
 */
export async function resume(path: string): Promise<Map<string, Pick<ReadLine, 'status' | 'limit'>>> {
  // Creates the file, so that a wrong path is said now and not after the first run.
  append(path, '');
  const found = new Map<string, Pick<ReadLine, 'status' | 'limit'>>();
  let half: number | null = null;
  const lines = readLines(path, (start) => {
    half = start;
  });
  for await (const { line } of lines) found.set(line.key, { status: line.status, limit: line.limit });
  if (half !== null) {
    say(`${path}: its last line was only half written. It is cut off, and its run is done again.`);
    truncateSync(path, half);
  }
  return found;
}

/** Adds a line in one write: whenever the process is killed, lines before it are whole. */
export function appendLine(path: string, line: StudyLine): void {
  append(path, `${JSON.stringify(line)}\n`);
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (cause) {
    throw new LabError(
      'storage',
      `${path} cannot be written: ${LabError.from(cause).message}.`,
      'Check the path and the space left; the same command then goes on.',
      { cause },
    );
  }
}

/**
 * A hash of all numbers of a line and of what they are about; when, where and by what they were computed is left out,
 * what files were called, and the single answers. Numbers count with six digits: a logarithm's last one may differ between machines.
 */
export function contentOf(line: ReadLine): string {
  const { seconds, backend, version, error, kept, model, suite, ...content } = line;
  const { name: modelName, ...ofModel } = model;
  const { name: suiteName, ...ofSuite } = suite;
  const rounded = JSON.stringify({ ...content, ofModel, ofSuite }, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value,
  );
  return bytesToHex(sha256(utf8ToBytes(canonicalize(JSON.parse(rounded)) as string)));
}
