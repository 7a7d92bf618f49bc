import type { Suite } from '../suite.ts';

/** A file with its text, as far as an importer needs it to know whether the file is one of its own. */
export interface TextFile {
  /** Path inside the folder or zip, with `/`. */
  path: string;
  text: string;
  /** Names of the fields of the first record; empty where the first line that is not blank is no JSON object. */
  fields: readonly string[];
}

/** What an importer is made from: one for each set of files. */
export interface ImportContext {
  /** What to call the suite where its files give it no title. */
  name: string;
  /** LAMA's common vocabulary, one word a line: facts with other objects are left out, as LAMA's authors do. */
  commonVocabulary?: string;
  /** Paths of all files that were given, sorted. */
  paths: readonly string[];
}

/**
 * A form in which facts or tasks are published. It collects one set of files, so it is made anew for each:
 * `index.ts` lists the functions that make them ({@link MakeImporter}).
 */
export interface Importer {
  id: string;
  /** What its files hold, for messages: "facts of LAMA", "tasks". */
  label: string;
  /** What it is known by where a file is refused: "LAMA (T-REx, Google-RE, …)". */
  known?: string;
  /**
   * Whether a file belongs to it by name alone. If any file does, only such files are read: a suite of the lab's own is
   * recognised by its name, whatever lies beside it.
   */
  claims?(path: string): boolean;
  /** Whether a file belongs to it, by what it holds. */
  recognises(file: TextFile): boolean;
  /**
   * Takes a file that it recognised or claimed. Files come in the order of their paths.
   *
   * @throws LabError `bad-suite` that names the file, the line and the fault
   */
  add(file: TextFile): void;
  /**
   * What the files come to; called once, after at least one {@link add}.
   *
   * @throws LabError `bad-suite` where a part is missing, or nothing is left to ask
   */
  finish(): Suite;
}

export type MakeImporter = (context: ImportContext) => Importer;
