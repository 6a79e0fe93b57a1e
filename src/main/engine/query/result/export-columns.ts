import type { Column } from '#engine/exporter/index.ts';
import type { ResultColumn } from '#shared/model/query.ts';

type Row = (string | null)[];

const written = /^(text|character|character varying|name|citext|xml|unknown)\b/;

/** How a column of a result is written: exactly as the server gave it, as what it is where formats know that. */
function kindOf({ kind, typeName }: ResultColumn) {
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'float':
    case 'boolean':
    case 'json':
      return kind;
    default:
      return written.test(typeName) ? 'string' : 'plain';
  }
}

/** Names that repeat get a number, since files of columns by name need that: "id", "id_2". */
function uniqueNames(columns: readonly ResultColumn[], taken: string[]): string[] {
  const used = new Set(taken);
  return columns.map(({ name }) => {
    let unique = name;
    for (let n = 2; used.has(unique); n += 1) unique = `${name}_${n}`;
    used.add(unique);
    return unique;
  });
}

export function exportColumns(columns: readonly ResultColumn[], taken: string[] = []): Column<Row>[] {
  const names = uniqueNames(columns, taken);
  return columns.map((column, index) => ({
    name: names[index] ?? column.name,
    kind: kindOf(column),
    cell: (row) => row[index] ?? null,
  }));
}
