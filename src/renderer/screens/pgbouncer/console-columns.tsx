import { type ConsoleColumn, type ConsoleTable, cellOf } from '#shared/model/console-table.ts';
import { noValue } from '../../charts/formats.ts';
import type { TableColumn } from '../../kit/data-table/table-column.ts';
import { type ConsoleRow, cellAt } from './console-rows.ts';

/** What the common columns mean. Others show under their own name. */
const abouts: Record<string, string> = {
  cl_active: 'Clients linked to a server connection, or idle: not all of them work',
  cl_waiting: 'Clients that sent something and wait for a server connection',
  wait: 'Seconds this client has waited',
  wait_us: 'The microseconds of its wait beyond whole seconds',
  connect_time: 'When it connected',
  request_time: 'When it last asked for something',
  close_needed: 'Closed as soon as it comes free, after RECONNECT or RELOAD',
  ptr: 'Its name inside the pooler, for as long as it lives',
  link: 'The other side: the server connection of a client, the client of a server connection',
  remote_pid: 'The process on the server: pid in pg_stat_activity',
  pool_size: 'Most server connections of a pool',
  reserve_pool: 'Added to the pool size when clients have waited for long',
  reserve_pool_size: 'Added to the pool size when clients have waited for long',
  max_connections: 'Most server connections of the database; 0 is no limit',
  current_connections: 'Server connections open now',
  paused: '1 while this database is paused by its own name',
  disabled: '1 while it takes no new clients',
  free_clients: 'Memory set aside for clients, not room for more of them',
  free_servers: 'Memory set aside for server connections, not room for more of them',
};

/** Chosen by the user when wanted. */
const startHidden = new Set([
  'type',
  'ptr',
  'link',
  'close_needed',
  'wait_us',
  'maxwait_us',
  'local_addr',
  'local_port',
  'load_balance_hosts',
  'replication',
]);

const wide = new Set(['database', 'name', 'user', 'application_name', 'tls', 'host', 'key']);

function isNumeric(column: ConsoleColumn, table: ConsoleTable): boolean {
  for (let row = 0; row < Math.min(table.rowCount, 50); row += 1) {
    const value = cellOf(column, row);
    if (value !== null) return typeof value === 'number';
  }
  return false;
}

/** The columns of an answer, in the console's order and under its names. */
export function consoleColumns(table: ConsoleTable): TableColumn<ConsoleRow>[] {
  return table.columns.map((column, i): TableColumn<ConsoleRow> => {
    const { name } = column;
    const numeric = isNumeric(column, table);
    const about = abouts[name];
    const leastPx = name.length * 8 + 36;
    return {
      key: name,
      label: name,
      widthPx: Math.max(name.endsWith('_time') ? 186 : wide.has(name) ? 150 : numeric ? 72 : 110, leastPx),
      ...(numeric ? { align: 'end', largestFirst: true } : {}),
      ...(about === undefined ? {} : { about }),
      ...(startHidden.has(name) ? { startsHidden: true } : {}),
      ...(i === table.columns.length - 1 ? { grows: true } : {}),
      value: (item) => cellAt(item, name),
      cell: (item) => {
        const value = cellAt(item, name);
        return value === null || value === '' ? noValue : <span title={String(value)}>{value}</span>;
      },
    };
  });
}
