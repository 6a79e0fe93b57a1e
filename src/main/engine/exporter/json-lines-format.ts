import type { Column, ServerKind } from './columns.ts';
import type { FileFormat } from './formats.ts';
import { jsonText } from './server-values.ts';
import { TextBytes, TimeText } from './text-bytes.ts';

const quote = 34;
const nothing = Buffer.from('null');
const lineEnd = Buffer.from('}\n');

/** One JSON object a line, with the names and units of the CSV; null where nothing was measured. */
export const jsonLinesFormat: FileFormat = {
  extension: 'jsonl',
  mimeType: 'application/x-ndjson; charset=utf-8',
  start() {
    const out = new TextBytes();
    const times = new TimeText();

    function cell<Row>(column: Column<Row>, row: Row): void {
      const value = column.cell(row);
      if (value === null) out.bytes(nothing);
      else if (typeof value === 'string') {
        const text =
          column.kind === 'text' ? JSON.stringify(value) : jsonText(column.kind as ServerKind, value);
        out.bytes(Buffer.from(text));
      } else if (column.kind === 'ms') out.ms(value);
      else if (column.kind === 'whole') out.whole(value);
      else {
        out.byte(quote);
        out.bytes(times.of(value));
        out.byte(quote);
      }
    }
    return {
      rows(columns, rows) {
        const keys = columns.map(({ name }, index) =>
          Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
        );
        for (const row of rows) {
          for (let i = 0; i < columns.length; i += 1) {
            out.bytes(keys[i] as Uint8Array);
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
