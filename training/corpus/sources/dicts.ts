import { fold } from '../text.ts';
import { dictionary } from './files.ts';

export interface DictEntry {
  word: string;
  body: string;
}

/** FOLDOC and the Jargon File: head words in the first column, bodies indented. */
export function dictEntries(name: 'foldoc' | 'jargon'): DictEntry[] {
  const out: DictEntry[] = [];
  let word = '';
  let body: string[] = [];
  for (const line of dictionary(name).split('\n')) {
    if (/^\S/.test(line)) {
      if (word && body.length > 0) out.push({ word, body: clean(body) });
      [word, body] = [fold(line), []];
    } else body.push(line.trim());
  }
  return out.slice(10);
}

const clean = (lines: string[]) =>
  fold(
    lines
      .map((line) => line || '\u0001')
      .join(' ')
      .replaceAll('\u0001', ' | '),
  );

export interface Element {
  name: string;
  symbol: string;
  number: number;
}

export function elements(): Element[] {
  const blocks = dictionary('elements').matchAll(/^(\w+)\nSymbol: (\w+)\nAtomic number: (\d+)/gm);
  return [...blocks].map(([, name, symbol, number]) => ({ name: name!, symbol: symbol!, number: Number(number) }));
}
