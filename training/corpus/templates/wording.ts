import type { Wording } from '../types.ts';

/** The last two sentences are the paraphrases that are never trained. */
export function wording(label: string, about: string, ask: string, ...sentences: string[]): Wording {
  const [first, second] = sentences.slice(-2) as [string, string];
  return { label, about, ask, train: sentences.slice(0, -2), probe: [first, second] };
}
