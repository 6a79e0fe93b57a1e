import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, ServerKind } from './columns.ts';
import type { FileFormat } from './formats.ts';
import { parquetValue } from './server-values.ts';

/** Rows that are encoded together: enough for good compression, few enough for flat memory. */
const rowsPerGroup = 20_000;
/** Fewer rows where their text is long. */
const charsPerGroup = 32_000_000;

/** hyparquet-writer's own buffer, emptied after each row group; its offsets go on counting. */
class GroupBuffer extends ByteWriter {
  take(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}

/**
 * Apache Parquet, snappy-compressed, a row group at a time. Times are timestamps in UTC to the
 * millisecond, counts 64-bit whole numbers, durations doubles rounded to the microsecond.
 */
export const parquetFormat: FileFormat = {
  extension: 'parquet',
  mimeType: 'application/vnd.apache.parquet',
  start() {
    const buffer = new GroupBuffer();
    let writer: ParquetWriter | null = null;
    let columns: readonly Pick<Column<never>, 'name' | 'kind'>[] = [];
    let values: unknown[][] = [];
    let chars = 0;

    const writeGroup = (): Uint8Array => {
      if ((values[0]?.length ?? 0) === 0) return new Uint8Array();
      const columnData = columns.map(({ name }, index) => ({
        name,
        data: values[index] ?? [],
        offsetIndex: false,
      }));
      writer?.write({ columnData, rowGroupSize: rowsPerGroup });
      values = columns.map(() => []);
      chars = 0;
      return buffer.take();
    };
    return {
      rows(nextColumns, rows) {
        if (writer === null) {
          columns = nextColumns;
          values = columns.map(() => []);
          writer = new ParquetWriter({
            writer: buffer,
            schema: schemaOf(nextColumns),
            createdBy: 'Poolscope',
          });
        }
        for (const [index, column] of nextColumns.entries()) {
          const cells = values[index] as unknown[];
          for (const row of rows) {
            const value = cellOf(column, row);
            if (typeof value === 'string') chars += value.length;
            cells.push(value);
          }
        }
        return (values[0]?.length ?? 0) >= rowsPerGroup || chars >= charsPerGroup
          ? writeGroup()
          : new Uint8Array();
      },
      end() {
        const last = writeGroup();
        writer?.finish();
        return Buffer.concat([last, buffer.take()]);
      },
    };
  },
};

function cellOf<Row>(column: Column<Row>, row: Row): unknown {
  const value = column.cell(row);
  if (value === null || column.kind === 'text') return value;
  if (typeof value === 'string') return parquetValue(column.kind as ServerKind, value);
  if (column.kind === 'ms') return Math.round(value * 1000) / 1000;
  return column.kind === 'time' ? new Date(value) : BigInt(value);
}

const types: Record<Column<never>['kind'], Partial<SchemaElement>> = {
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  whole: { type: 'INT64' },
  ms: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  plain: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  decimal: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  float: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
};

const schemaOf = <Row>(columns: readonly Column<Row>[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.map(({ name, kind }) => ({ name, repetition_type: 'OPTIONAL' as const, ...types[kind] })),
];
