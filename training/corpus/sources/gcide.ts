import { fold } from '../text.ts';
import { dictionary } from './files.ts';

export interface Entry {
  word: string;
  /** Everything under the head word, line breaks removed. */
  body: string;
}

/** The entries of the GNU dictionary: a head word in the first column, then "\pronunciation\" and an indented body. */
export function gcideEntries(): Entry[] {
  const entries: Entry[] = [];
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const body = fold(lines.join(' '));
    const head = /^([A-Za-z][A-Za-z '-]*) \\[^\\]*\\,?\s*(.*)$/.exec(body);
    if (head) entries.push({ word: head[1]!, body: head[2]! });
    lines = [];
  };
  for (const line of dictionary('gcide').split('\n')) {
    if (/^\S/.test(line)) flush();
    lines.push(line);
  }
  flush();
  return entries;
}

/** The definitions of an entry as plain sentences. */
export function gcideDefinitions(body: string): string[] {
  const text = body
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/--[A-Z][A-Za-z.& ]*(\([^)]*\))?\.?/g, ' ')
    .replace(/Syn: .*$/, ' ');
  return text.split(/ \d+\. | \([a-z]\) /).map((part) =>
    part
      .replace(/[{}]/g, '')
      .replace(/\([^)]*\)/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}
