import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { LabError } from '../../src/lab/errors.ts';
import { type Options, print, required, say } from '../options.ts';
import { contentOf, readLines } from './lines.ts';

/**
 * Puts the files of several shards together: each key once, in the order in which they are read. The file is there when
 * it is whole.
 *
 * @throws LabError `storage` where two lines of one key differ in more than time and place
 */
export async function join(options: Options, files: readonly string[]): Promise<void> {
  const out = required('out', options.out);
  const part = `${out}.${process.pid}.part`;
  const known = new Map<string, { content: string; file: string }>();
  let read = 0;
  const to = open(part);
  try {
    for (const file of files) {
      const onHalf = () => say(`${file}: its last line was only half written. It is left out; its study is to go on.`);
      for await (const { line, text } of readLines(file, onHalf)) {
        read++;
        const content = contentOf(line);
        const before = known.get(line.key);
        if (!before) {
          known.set(line.key, { content, file });
          writeSync(to, `${text}\n`);
        } else if (before.content !== content) {
          throw new LabError(
            'storage',
            `${before.file} and ${file} have other numbers for the key ${line.key}.`,
            'The same key must give the same numbers: see whether one asked fewer probes, then compute this run again.',
          );
        }
      }
    }
    closeSync(to);
    renameSync(part, out);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  const lines = known.size;
  if (options.json) print(JSON.stringify({ out, files: files.length, read, lines }));
  else print(`${out}: ${lines} lines from ${read} in ${files.length} files`);
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw new LabError('storage', `${path} cannot be written.`, 'Check --out.', { cause });
  }
}
