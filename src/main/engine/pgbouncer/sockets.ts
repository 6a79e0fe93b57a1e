import * as z from 'zod/mini';
import type { ConsoleTable, ConsoleValue } from '#shared/model/console-table.ts';
import { rowsOf } from '#shared/model/console-table.ts';

/** A row of SHOW CLIENTS. */
export interface PoolerClient {
  ptr: string;
  /** The server connection it is linked to; null for none. */
  link: string | null;
  id: number | null;
  database: string;
  user: string;
  state: string;
  address: string | null;
  port: number | null;
  applicationName: string | null;
  waitMs: number | null;
}

/** A row of SHOW SERVERS. */
export interface PoolerServerConnection {
  ptr: string;
  /** The client it is linked to; null for none. */
  link: string | null;
  database: string;
  user: string;
  state: string;
  address: string | null;
  port: number | null;
  localPort: number | null;
  remotePid: number | null;
  applicationName: string | null;
}

const cell = z._default(z.nullable(z.union([z.string(), z.number()])), null);
const text = z.catch(
  z.pipe(
    cell,
    z.transform((value: ConsoleValue) => (value === null || value === '' ? null : String(value))),
  ),
  null,
);
const number = z.catch(
  z.pipe(
    cell,
    z.transform((value: ConsoleValue) =>
      value === null || value === '' || !Number.isFinite(Number(value)) ? null : Number(value),
    ),
  ),
  null,
);

const shape = {
  ptr: text,
  link: text,
  id: number,
  database: text,
  user: text,
  state: text,
  addr: text,
  port: number,
  local_port: number,
  remote_pid: number,
  application_name: text,
  wait: number,
  wait_us: number,
};
const row = z.object(shape);
type Row = z.output<typeof row>;

function parse(table: ConsoleTable): Row[] {
  // Thousands of clients: only the columns that count.
  const columns = table.columns.filter(({ name }) => name in shape);
  return rowsOf({ columns, rowCount: table.rowCount }).flatMap((cells) => {
    const parsed = z.safeParse(row, cells);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Poolers without pointers have their rows told apart by place, good for one picture. */
const pointer = (ptr: string | null, place: number): string => ptr ?? `row ${place}`;

const waitOf = ({ wait, wait_us: rest }: Row): number | null =>
  wait === null && rest === null ? null : (wait ?? 0) * 1000 + (rest ?? 0) / 1000;

/** SHOW CLIENTS, without those of the console itself. */
export function clientsFrom(table: ConsoleTable): PoolerClient[] {
  return parse(table).flatMap((client, place) =>
    client.database === null || client.database === 'pgbouncer'
      ? []
      : [
          {
            ptr: pointer(client.ptr, place),
            link: client.link,
            id: client.id,
            database: client.database,
            user: client.user ?? '',
            state: client.state ?? 'unknown',
            address: client.addr,
            port: client.port,
            applicationName: client.application_name,
            waitMs: waitOf(client),
          },
        ],
  );
}

/** SHOW SERVERS. */
export function serversFrom(table: ConsoleTable): PoolerServerConnection[] {
  return parse(table).flatMap((server, place) =>
    server.database === null
      ? []
      : [
          {
            ptr: pointer(server.ptr, place),
            link: server.link,
            database: server.database,
            user: server.user ?? '',
            state: server.state ?? 'unknown',
            address: server.addr,
            port: server.port,
            localPort: server.local_port,
            // 0 until the login is over.
            remotePid: server.remote_pid === 0 ? null : server.remote_pid,
            applicationName: server.application_name,
          },
        ],
  );
}
