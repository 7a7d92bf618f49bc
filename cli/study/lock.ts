import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { LabError } from '../../src/lab/errors.ts';
import { say } from '../options.ts';

const holderSchema = z.object({ pid: z.int().min(1), host: z.string() });

/**
 * Lets only one process write a file: a second file beside it says which. One that a killed process left is taken over.
 *
 * @returns lets others write it
 * @throws LabError `storage` where another process writes it, or may
 */
export function lockFile(path: string): () => void {
  const lock = `${path}.lock`;
  const own = JSON.stringify({ pid: process.pid, host: hostname() });
  while (!create(lock, own)) takeAway(lock, path);
  return () => rmSync(lock, { force: true });
}

/** @returns false where it is there */
function create(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: 'wx' });
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw new LabError('storage', `${lock} cannot be written.`, 'Check that the folder is there and can be written.', {
      cause,
    });
  }
}

/** Takes a lock away whose process is no more. */
function takeAway(lock: string, path: string): void {
  const content = read(lock);
  if (content === null) return;
  const holder = holderOf(content);
  if (!holder || isThere(holder)) {
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
    throw new LabError(
      'storage',
      `${who} writes ${path}.`,
      `Give each process a file of its own, and join them; if that one is no more, delete ${lock}.`,
    );
  }
  // Of several processes that see the same old lock, one gets to move it.
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  // Another one was faster, and this is its lock.
  if (moved !== null && moved !== content) create(lock, moved);
  else say(`${path}: its last process, ${holder.pid}, ended without letting go. Going on in its place.`);
  rmSync(aside, { force: true });
}

/** @returns null where there is none any more */
function read(lock: string): string | null {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function holderOf(content: string): z.output<typeof holderSchema> | null {
  try {
    return holderSchema.parse(JSON.parse(content));
  } catch {
    return null;
  }
}

/** Whether that process may still be there: of other machines nothing is known. */
function isThere({ pid, host }: z.output<typeof holderSchema>): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
