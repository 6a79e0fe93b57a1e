import type { ExportFormat } from '#shared/contract/exporter.ts';
import type { Column } from './columns.ts';
import { csvFormat } from './csv-format.ts';
import { jsonLinesFormat } from './json-lines-format.ts';
import { parquetFormat } from './parquet-format.ts';

/** Turns rows into the bytes of a file, as they come; `end` gives the rest. */
export interface FormatWriter {
  rows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Uint8Array;
  end(): Uint8Array;
}

export interface FileFormat {
  extension: string;
  mimeType: string;
  start(): FormatWriter;
}

export const formats: Record<ExportFormat, FileFormat> = {
  csv: csvFormat,
  jsonl: jsonLinesFormat,
  parquet: parquetFormat,
};
