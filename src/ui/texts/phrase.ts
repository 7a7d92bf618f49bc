import type { TermId } from './glossary.ts';

/** A piece of a text: plain, strong, or a term that the glossary explains. */
export type Part = string | { strong: string } | { term: TermId; text: string };

/** A text of which some pieces stand out: `<Said phrase={…} />` (`../parts/Said.tsx`) shows it. */
export type Phrase = readonly Part[];

/** Mostly the number that a sentence is about. */
export const strong = (text: string): Part => ({ strong: text });

export const term = (id: TermId, text: string): Part => ({ term: id, text });
