import * as z from 'zod/mini';
import type { ServerFacts, Sight } from '#shared/model/sessions/server.ts';
import { EngineError } from '../../base/errors.ts';
import { databaseErrorOf } from '../../base/pg-errors.ts';
import { grants } from './grants.ts';
import type { MonitorConnection } from './monitor-connection.ts';

/** What is found out about a server once for each connection. */
export interface Look {
  facts: ServerFacts;
  sight: Sight;
  limits: { maxConnections: number; superuserReserved: number; reserved: number };
  /** Bytes of a statement that the server keeps, its end mark included. */
  keptQueryBytes: number;
  hasPreparedTransactions: boolean;
  activityColumns: ReadonlySet<string>;
  databaseColumns: ReadonlySet<string>;
}

const oldestVersion = 120_000;

const rowSchema = z.object({
  pid: z.int(),
  versionNum: z.int(),
  version: z.string(),
  user: z.string(),
  database: z.string(),
  isStandby: z.boolean(),
  startedAtMs: z.number(),
  maxConnections: z.int(),
  superuserReserved: z.int(),
  reserved: z.int(),
  keptQueryBytes: z.int(),
  preparedTransactions: z.int(),
  activityColumns: z.array(z.string()),
  databaseColumns: z.array(z.string()),
  rights: z.unknown(),
});

const rightsSchema = z.object({
  role: z.string(),
  isSuperuser: z.boolean(),
  readsAll: z.boolean(),
  isMonitor: z.boolean(),
  signals: z.boolean(),
  isSignaller: z.boolean(),
  /** Null before 16, which has no such role. */
  usesReserved: z.nullable(z.boolean()),
});

/** A missing role gives null through to_regrole, where its name would raise an error. */
const holds = (role: string, how: 'USAGE' | 'MEMBER') =>
  `pg_has_role(current_user, to_regrole('${role}'), '${how}')`;

/** What the role may do, as one JSON value. */
export const rightsExpression = `json_build_object(
  'role', current_user,
  'isSuperuser', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
  'readsAll', coalesce(${holds('pg_read_all_stats', 'USAGE')}, false),
  'isMonitor', coalesce(${holds('pg_monitor', 'MEMBER')}, false),
  'signals', coalesce(${holds('pg_signal_backend', 'USAGE')}, false),
  'isSignaller', coalesce(${holds('pg_signal_backend', 'MEMBER')}, false),
  'usesReserved', ${holds('pg_use_reserved_connections', 'USAGE')})`;

const columnsOf = (view: string) => `(SELECT json_agg(attname) FROM pg_attribute
  WHERE attrelid = 'pg_catalog.${view}'::regclass AND attnum > 0 AND NOT attisdropped)`;

const lookSql = `SELECT json_build_object(
  'pid', pg_backend_pid(),
  'versionNum', current_setting('server_version_num')::int,
  'version', current_setting('server_version'),
  'user', current_user, 'database', current_database(), 'isStandby', pg_is_in_recovery(),
  'startedAtMs', date_part('epoch', pg_postmaster_start_time()) * 1000,
  'maxConnections', current_setting('max_connections')::int,
  'superuserReserved', current_setting('superuser_reserved_connections')::int,
  'reserved', coalesce(current_setting('reserved_connections', true)::int, 0),
  'keptQueryBytes', pg_size_bytes(current_setting('track_activity_query_size')),
  'preparedTransactions', current_setting('max_prepared_transactions')::int,
  'activityColumns', ${columnsOf('pg_stat_activity')},
  'databaseColumns', ${columnsOf('pg_stat_database')},
  'rights', ${rightsExpression})`;

/** @throws EngineError `not_supported` for anything but PostgreSQL 12 or later. */
export async function lookAtServer(connection: MonitorConnection): Promise<Look> {
  if (connection.serverVersion.endsWith('/bouncer')) throw isConsole('of PgBouncer');
  const [versionRows] = await connection
    .ask("SELECT current_setting('server_version_num')::int", 'unlimited')
    .catch((error) => {
      // Consoles of other poolers know a few commands and no SELECT.
      const sqlState = databaseErrorOf(error)?.details.sqlState ?? '';
      throw /^(08P01|42601|42704|0A000)$/.test(sqlState) ? isConsole('of a pooler, it seems') : error;
    });
  const versionNum = Number(versionRows?.[0]?.[0]);
  if (!(versionNum >= oldestVersion)) throw tooOld(versionNum);
  const [rows] = await connection.ask(lookSql);
  const parsed = z.safeParse(rowSchema, rows?.[0]?.[0]);
  if (!parsed.success) {
    const message =
      'The server does not describe itself as PostgreSQL does, so its sessions cannot be watched.';
    throw new EngineError('not_supported', message);
  }
  const row = parsed.data;
  const { user, database, isStandby, version } = row;
  return {
    facts: {
      versionNum,
      version,
      user,
      database,
      isStandby,
      startedAtMs: Math.round(row.startedAtMs),
      behindPooler: row.pid !== connection.loginPid,
    },
    sight: sightFrom(row.rights, row.versionNum, row.reserved),
    limits: {
      maxConnections: row.maxConnections,
      superuserReserved: row.superuserReserved,
      reserved: row.reserved,
    },
    keptQueryBytes: row.keptQueryBytes,
    hasPreparedTransactions: row.preparedTransactions > 0,
    activityColumns: new Set(row.activityColumns),
    databaseColumns: new Set(row.databaseColumns),
  };
}

const isConsole = (whose: string) =>
  new EngineError('not_supported', `That is the console ${whose}, not a PostgreSQL server.`, {
    remedy: 'Connect to a database of the server itself to see its sessions.',
  });

function tooOld(versionNum: number): EngineError {
  const major = Number.isNaN(versionNum) ? null : Math.floor(versionNum / 10_000);
  const what = major === null ? 'something else' : `PostgreSQL ${major}`;
  return new EngineError('not_supported', `Sessions can be watched from PostgreSQL 12 on; this is ${what}.`);
}

/** @param rights what `rightsExpression` gave */
export function sightFrom(rights: unknown, versionNum: number, reservedSlots: number): Sight {
  const { role, isSuperuser, readsAll, isMonitor, signals, isSignaller, usesReserved } = z.parse(
    rightsSchema,
    rights,
  );
  const full = isSuperuser || readsAll;
  const maySignal = isSuperuser || signals;
  const mayUseReservedSlots = isSuperuser || usesReserved === true;
  return {
    full,
    sightGrant: full ? null : grants(role, versionNum, 'pg_monitor', isMonitor),
    maySignal,
    signalGrant: maySignal ? null : grants(role, versionNum, 'pg_signal_backend', isSignaller),
    isSuperuser,
    mayUseReservedSlots,
    reservedGrant:
      mayUseReservedSlots || usesReserved === null || reservedSlots === 0
        ? null
        : grants(role, versionNum, 'pg_use_reserved_connections', false),
  };
}
