import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export const root = resolve(import.meta.dirname, '..');

/** Starts the command as a shell would, with its output in pipes; `ended` waits for all who hold these. */
export function startLab(...args: string[]) {
  const child = spawn(process.execPath, ['scripts/lab.mjs', 'cli/lab.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr, [code, signal]]) => ({ code, signal, stdout, stderr }),
  );
  return { child, ended };
}

/** Runs the command to its end. */
export async function lab(...args: string[]) {
  return startLab(...args).ended;
}
