import { type Cited, citationOf } from '../../../app/projection/citation.ts';
import type { CsvCell } from '../../../app/projection/csv.ts';

/** What a chart says about itself. Asked for when somebody exports it, not before. */
export interface Exports {
  /** What it shows and where that is from. */
  cited: () => Cited;
  /** Its numbers, one object a row. */
  rows: () => readonly Readonly<Record<string, CsvCell>>[];
  /** Commands that compute the same in a terminal. */
  commands?: () => readonly string[];
}

/** The texts that a chart leaves the page as. */
export const textsOf = ({ cited, rows, commands }: Exports) => ({
  csv: async () => (await import('../../../app/projection/csv.ts')).toCsv(rows()),
  citation: () => citationOf(cited()),
  commands: commands && (() => commands().join('\n')),
});
