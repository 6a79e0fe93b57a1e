import type { ServerKind } from './columns.ts';

/** A number as JSON takes it; PostgreSQL also writes NaN and Infinity. */
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const needsQuotes = /["\r\n,]/;
/** What a spreadsheet would run, as csv-stringify's `escape_formulas` has it. */
const startsFormula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** One cell of CSV. The empty text is `""`, so that it differs from null, as with COPY. */
export function csvText(kind: ServerKind, value: string): string {
  if (kind === 'boolean') return value === 't' ? 'true' : 'false';
  const safe = kind === 'string' && startsFormula.test(value) ? `'${value}` : value;
  return safe === '' || needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One value of a JSON line: numbers with all their digits, json as it was sent. */
export function jsonText(kind: ServerKind, value: string): string {
  switch (kind) {
    case 'boolean':
      return value === 't' ? 'true' : 'false';
    case 'integer':
    case 'decimal':
    case 'float':
      return jsonNumber.test(value) ? value : JSON.stringify(value);
    case 'json':
      // Within strings they are escaped, so these are blank space between tokens.
      return value.replaceAll(/[\r\n]+/g, ' ');
    default:
      return JSON.stringify(value);
  }
}

/** What Parquet stores: decimals stay text, since they have no bound. */
export function parquetValue(kind: ServerKind, value: string): unknown {
  if (kind === 'boolean') return value === 't';
  if (kind === 'integer') return BigInt(value);
  return kind === 'float' ? Number(value) : value;
}
