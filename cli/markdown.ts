/**
 * A table in Markdown, padded as the formatter pads it, so that a written one passes the lint.
 *
 * @param rows the first one is the head
 * @param right columns of numbers, by their index
 */
export function markdownTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => [...row[column]].length)));
  const pad = (text: string, column: number) => {
    const space = ' '.repeat(widths[column] - [...text].length);
    return right.includes(column) ? space + text : text + space;
  };
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    right.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(rows[0]), `| ${rule.join(' | ')} |`, ...rows.slice(1).map(line)].join('\n');
}
