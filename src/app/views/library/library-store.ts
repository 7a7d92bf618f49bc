import { create } from 'zustand';
import type { PlainError } from '../../../lab/errors.ts';
import type { FileContent } from './envelope.ts';
import { type LibraryChoice, startLibrary } from './library-choice.ts';
import type { LibraryRow } from './rows.ts';
import type { Space } from './space.ts';

/** What came of a file that was brought. */
export interface Imported {
  added: number;
  /** Results of which more answers came than were here. */
  longer: number;
  /** Results of which as much or more was here. */
  kept: number;
  /** Results that were not taken, by reason. */
  leftOut: FileContent['leftOut'];
}

export interface LibraryState {
  choice: LibraryChoice;
  /** Null before they were read. */
  rows: readonly LibraryRow[] | null;
  selected: ReadonlySet<string>;
  /** What is being done, and how far that is. */
  busy: { what: 'export' | 'import' | 'delete'; done: number; of: number } | null;
  imported: Imported | null;
  /** How many results an export had to leave out, because nothing is known any more of their questions. */
  leftOut: number;
  error: PlainError | null;
  /** Null before it was looked at. */
  space: Space | null;
  /** Downloaded files that are in use and could not be deleted. */
  stayed: number;
}

export const useLibrary = create<LibraryState>()(() => ({
  choice: startLibrary,
  rows: null,
  selected: new Set(),
  busy: null,
  imported: null,
  leftOut: 0,
  error: null,
  space: null,
  stayed: 0,
}));
