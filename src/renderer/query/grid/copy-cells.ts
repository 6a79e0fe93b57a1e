/** How a piece of a result goes to the clipboard. */
export type CopyFormat = 'tsv' | 'csv';

/** What spreadsheets and psql agree on for a cell without a value in tabs-separated text. */
const nullInTsv = '';

/**
 * Cells as text, a line a row. CSV is RFC 4180 with null as nothing and empty text as `""`, as COPY
 * writes it; in TSV, which has no quotes, tabs and line ends within a value become spaces and null
 * reads as empty: that is what a spreadsheet pastes well.
 */
export function cellsAsText(
  rows: readonly (readonly (string | null)[])[],
  header: readonly string[] | null,
  format: CopyFormat,
): string {
  const lines = header === null ? rows : [header, ...rows];
  const [cell, separator] = format === 'csv' ? ([csvCell, ','] as const) : ([tsvCell, '\t'] as const);
  return lines.map((row) => row.map(cell).join(separator)).join('\n');
}

const tsvCell = (value: string | null): string => value?.replace(/[\t\r\n]+/g, ' ') ?? nullInTsv;

function csvCell(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
