import { csvFormat } from 'd3-dsv';

export type CsvCell = string | number | boolean | null;

/** Programs that open tables take a text that begins like this for a formula, and would run it. */
const formula = /^[=+\-@\t\r]/;

/**
 * A table as CSV (RFC 4180), one object a row, the first one's names as the header. Text that would be taken for a
 * formula gets an apostrophe before it: names and answers come from anybody's files.
 */
export function toCsv(rows: readonly Readonly<Record<string, CsvCell>>[]): string {
  const safe = (value: CsvCell) => (typeof value === 'string' && formula.test(value) ? `'${value}` : (value ?? ''));
  return csvFormat(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(safe(value))]))),
  );
}
