import * as z from 'zod/mini';

/** What SHOW can be asked for. SHOW FDS is left out for good: it stops the pooler while it answers. */
export const consoleTables = [
  'pools',
  'clients',
  'servers',
  'databases',
  'users',
  'lists',
  'config',
  'stats',
  'stats_totals',
  'stats_averages',
  'state',
  'mem',
  'dns_hosts',
  'dns_zones',
  'peers',
  'peer_pools',
] as const;
export const consoleTableSchema = z.enum(consoleTables);
export type ConsoleTableName = (typeof consoleTables)[number];

/** Numbers where the console sends numbers that a double holds exactly; text for everything else. */
export type ConsoleValue = string | number | null;

/**
 * A column, cell by cell from the first row, or, where values repeat, as a dictionary with an index
 * per row: 5,000 clients share a handful of users, states and addresses.
 */
export type ConsoleColumn =
  | { name: string; values: ConsoleValue[] }
  | { name: string; dictionary: ConsoleValue[]; indexes: number[] };

/** The answer to one SHOW, every column in the console's own order and under its own name. */
export interface ConsoleTable {
  table: ConsoleTableName;
  /** Wall clock when the console answered. */
  atMs: number;
  /** From asking to the last row. */
  tookMs: number;
  rowCount: number;
  columns: ConsoleColumn[];
}

/** One cell. Null beyond the end. */
export function cellOf(column: ConsoleColumn, row: number): ConsoleValue {
  if ('values' in column) return column.values[row] ?? null;
  return column.dictionary[column.indexes[row] ?? -1] ?? null;
}

/** The column of that name, or undefined where this version has none. */
export function columnOf(table: ConsoleTable, name: string): ConsoleColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Rows as objects by column name: for tables that are read whole. */
export function rowsOf(table: Pick<ConsoleTable, 'columns' | 'rowCount'>): Record<string, ConsoleValue>[] {
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, cellOf(column, row)])),
  );
}
