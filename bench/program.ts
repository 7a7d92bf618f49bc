import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../scripts/setup.mjs';
import type { Measured } from './parts/part.ts';

// Measurements in Node run in processes of their own: their memory and the runtime's threads end with them.

/** What a program is told. */
export interface Job {
  /** Less of everything: to see that it works. */
  quick: boolean;
  /** How often each thing is timed. */
  rounds: number;
  threads: number;
}

/** Where what is built and written on the way lies. */
export const temporary = join(root, 'bench/.tmp');

/** As many threads as the page takes. */
export const usualThreads = Math.min(availableParallelism(), 8);

/**
 * Runs bench/programs/`name`.ts and gives what it answered.
 *
 * @param schema what its numbers look like
 */
export function runProgram<T>(name: string, job: Job, schema: z.ZodType<T>): Measured<T> {
  mkdirSync(temporary, { recursive: true });
  const file = join(temporary, `${name}.json`);
  const program = ['scripts/lab.mjs', `bench/programs/${name}.ts`, file, JSON.stringify(job)];
  const { status, signal } = spawnSync(process.execPath, program, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`bench/programs/${name}.ts ended with ${signal ?? `code ${status}`}.`);
  const answer = z.object({ versions: z.record(z.string(), z.string()), data: schema });
  return answer.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The other side of {@link runProgram}: does the work and ends the process. */
export async function answer<T>(work: (job: Job) => Promise<Measured<T>>): Promise<void> {
  const [file, job] = process.argv.slice(2);
  writeFileSync(file, JSON.stringify(await work(JSON.parse(job))));
  // The runtime's threads would keep the process.
  process.exit();
}
