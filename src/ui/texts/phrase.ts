import type { TermId } from './glossary.ts';

/** A piece of a text: plain, strong, or a term that the glossary explains. */
export type PhrasePart = string | { strong: string } | { term: TermId; text: string };

/** A text of which some pieces stand out: `<RichText phrase={…} />` (`../parts/RichText.tsx`) shows it. */
export type Phrase = readonly PhrasePart[];

/** Mostly the number that a sentence is about. */
export const strong = (text: string): PhrasePart => ({ strong: text });

export const term = (id: TermId, text: string): PhrasePart => ({ term: id, text });
