import {
  type ConsoleColumn,
  type ConsoleTable,
  type ConsoleValue,
  cellOf,
} from '#shared/model/console-table.ts';

/** One row of a console's table; the cells stay in the table's own columns. */
export interface ConsoleRow {
  id: string;
  row: number;
  table: ConsoleTable;
}

const byName = new WeakMap<ConsoleTable, Map<string, ConsoleColumn>>();

function columnsOf(table: ConsoleTable): Map<string, ConsoleColumn> {
  let columns = byName.get(table);
  if (columns === undefined) {
    columns = new Map(table.columns.map((column) => [column.name, column]));
    byName.set(table, columns);
  }
  return columns;
}

/** A cell by the name of its column; null where this version has no such column. */
export function cellAt({ table, row }: ConsoleRow, name: string): ConsoleValue {
  const column = columnsOf(table).get(name);
  return column === undefined ? null : cellOf(column, row);
}

/** Columns that together name a row, by table; `ptr` names a client or server connection for its life. */
const naming = ['ptr', 'id', 'name', 'key', 'list', 'database', 'user', 'hostname', 'zonename'];

/** The rows with ids that hold from one answer to the next. */
export function consoleRows(table: ConsoleTable): ConsoleRow[] {
  const columns = columnsOf(table);
  const ptr = columns.get('ptr');
  const names = ptr === undefined ? naming.flatMap((name) => columns.get(name) ?? []) : [ptr];
  const seen = new Map<string, number>();
  return Array.from({ length: table.rowCount }, (_, row) => {
    const own = names.map((column) => cellOf(column, row)).join('\n');
    const before = seen.get(own) ?? 0;
    seen.set(own, before + 1);
    return { id: before === 0 ? own : `${own}\n${before}`, row, table };
  });
}

/** The rows that hold a text in any column. A value that repeats is looked at once. */
export function matchingRows(rows: readonly ConsoleRow[], text: string): readonly ConsoleRow[] {
  const wanted = text.trim().toLowerCase();
  const [first] = rows;
  if (wanted === '' || first === undefined) return rows;
  const matches = (value: ConsoleValue) => value !== null && String(value).toLowerCase().includes(wanted);
  const hits = new Uint8Array(first.table.rowCount);
  for (const column of first.table.columns) {
    if ('values' in column) {
      column.values.forEach((value, row) => {
        if (hits[row] === 0 && matches(value)) hits[row] = 1;
      });
    } else {
      const found = column.dictionary.map(matches);
      if (found.some(Boolean)) {
        column.indexes.forEach((index, row) => {
          if (found[index]) hits[row] = 1;
        });
      }
    }
  }
  return rows.filter(({ row }) => hits[row] === 1);
}
