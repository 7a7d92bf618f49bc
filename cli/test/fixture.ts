import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import { main } from '../main.ts';

export const root = resolve(import.meta.dirname, '../..');

/** Writes a folder with 80 facts of the shipped suite: making the prompts of all 15,000 takes longer than asking 20. */
export function someFacts(folder: string): string {
  const suite = JSON.parse(readFileSync(join(root, 'public/suites/facts/suite.json'), 'utf8'));
  suite.relations = suite.relations
    .slice(0, 8)
    .map((relation: { facts: unknown[] }) => ({ ...relation, facts: relation.facts.slice(0, 10) }));
  // It names every fact of the whole suite.
  delete suite.order;
  mkdirSync(folder);
  writeFileSync(join(folder, 'suite.json'), JSON.stringify(suite));
  return folder;
}

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

/** Collects what is written to one of this process's streams. */
function collect(stream: NodeJS.WriteStream) {
  let written = '';
  const spy = vi.spyOn(stream, 'write').mockImplementation((piece) => {
    written += piece;
    return true;
  });
  return { text: () => written, end: () => spy.mockRestore() };
}

/**
 * Runs the command to its end within this process: the start of one is most of its time. One after another, because
 * their output would mix.
 */
export async function lab(...args: string[]) {
  const [stdout, stderr] = [collect(process.stdout), collect(process.stderr)];
  try {
    const code = await main(args);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.end();
    stderr.end();
  }
}
