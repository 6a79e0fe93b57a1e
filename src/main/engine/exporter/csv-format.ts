import { stringify } from 'csv-stringify/sync';
import type { Column, ServerKind } from './columns.ts';
import type { FileFormat } from './formats.ts';
import { csvText } from './server-values.ts';
import { TextBytes, TimeText } from './text-bytes.ts';

const newline = '\r\n';
const comma = 44;

/**
 * CSV after RFC 4180: CRLF, quotes where needed, a header with units, times in UTC with
 * milliseconds. Text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export const csvFormat: FileFormat = {
  extension: 'csv',
  mimeType: 'text/csv; charset=utf-8',
  start() {
    const out = new TextBytes();
    const times = new TimeText();
    const texts = new Map<string, Uint8Array>();
    const lineEnd = Buffer.from(newline);
    let isFirst = true;

    /** Numbers need no quotes; the few different texts are quoted once each. */
    function quotedOnce(text: string): Uint8Array {
      const known = texts.get(text);
      if (known !== undefined) return known;
      const bytes = Buffer.from(quoted(text));
      texts.set(text, bytes);
      return bytes;
    }
    function cell<Row>(column: Column<Row>, row: Row): void {
      const value = column.cell(row);
      if (value === null) return;
      if (typeof value === 'string') {
        if (column.kind === 'text') out.bytes(quotedOnce(value));
        else out.bytes(Buffer.from(csvText(column.kind as ServerKind, value)));
      } else if (column.kind === 'ms') out.ms(value);
      else if (column.kind === 'time') out.bytes(times.of(value));
      else out.whole(value);
    }
    return {
      rows(columns, rows) {
        if (isFirst)
          out.bytes(Buffer.from(columns.map(({ name }) => csvText('string', name)).join(',') + newline));
        isFirst = false;
        for (const row of rows) {
          for (let i = 0; i < columns.length; i += 1) {
            if (i > 0) out.byte(comma);
            cell(columns[i] as (typeof columns)[number], row);
          }
          out.bytes(lineEnd);
        }
        return out.take();
      },
      end: () => out.take(),
    };
  },
};

const quoted = (text: string): string =>
  stringify([[text]], {
    record_delimiter: newline,
    eof: false,
    escape_formulas: true,
    // By itself it quotes for the whole delimiter only; a lone CR or LF would end the line early.
    quoted_match: /[\r\n]/,
  });
