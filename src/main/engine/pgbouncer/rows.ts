import * as z from 'zod/mini';
import type { PoolerDatabase, PoolerPool, PoolerSetting } from '#shared/model/pooler.ts';
import type { ConsoleAnswer } from './console-connection.ts';

/**
 * Rows of the console by column name. Absent columns are null, unknown ones are ignored, and so is
 * a value of the wrong kind: no release of any pooler may break the whole list.
 */
const cell = z._default(z.nullable(z.string()), null);
const text = z.catch(
  z.pipe(
    cell,
    z.transform((value) => (value === '' ? null : value)),
  ),
  null,
);
const number = z.catch(
  z.pipe(
    cell,
    z.transform((value) =>
      value === null || value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value),
    ),
  ),
  null,
);
const flag = z.catch(
  z.pipe(
    cell,
    z.transform((value) => {
      if (value === null) return null;
      return /^(1|t|true|yes|on)$/i.test(value) ? true : /^(0|f|false|no|off)$/i.test(value) ? false : null;
    }),
  ),
  null,
);

const poolRow = z.object({
  database: z.string(),
  user: z._default(z.string(), ''),
  pool_mode: text,
  cl_active: number,
  cl_waiting: number,
  cl_active_cancel_req: number,
  cl_waiting_cancel_req: number,
  cl_cancel_req: number,
  sv_active: number,
  sv_active_cancel: number,
  sv_being_canceled: number,
  sv_idle: number,
  sv_used: number,
  sv_tested: number,
  sv_login: number,
  sv_total: number,
  maxwait: number,
  maxwait_us: number,
});

const databaseRow = z.object({
  name: z.string(),
  host: text,
  port: number,
  database: text,
  force_user: text,
  pool_size: number,
  min_pool_size: number,
  reserve_pool: number,
  reserve_pool_size: number,
  pool_mode: text,
  max_connections: number,
  current_connections: number,
  max_client_connections: number,
  current_client_connections: number,
  paused: flag,
  disabled: flag,
});

const userRow = z.object({ name: z.string(), pool_size: number, pool_mode: text });
const settingRow = z.object({ key: z.string(), value: cell, default: cell, changeable: flag });
const listRow = z.object({ list: z.string(), items: number });

const totals = {
  total_xact_count: number,
  total_query_count: number,
  total_received: number,
  total_sent: number,
  total_xact_time: number,
  total_query_time: number,
  total_wait_time: number,
  total_server_assignment_count: number,
};
const statsRow = z.object({ database: z.string(), ...totals });

export type TotalName = keyof typeof totals;
export const totalNames = Object.keys(totals) as TotalName[];
export type Totals = Record<TotalName, number | null>;

type Cells = Record<string, string | null>;

/** Rows that meet the schema; one without its name is none. */
function parse<Row>(
  schema: { safeParse(row: unknown): { success: boolean; data?: Row } },
  answer: ConsoleAnswer,
): Row[] {
  return answer.rows.flatMap((cells) => {
    const row: Cells = Object.fromEntries(
      answer.columns.map(({ name }, place) => [name, cells[place] ?? null]),
    );
    const parsed = schema.safeParse(row);
    return parsed.success && parsed.data !== undefined ? [parsed.data] : [];
  });
}

/** What is known of several, added up; null when nothing is. */
const sum = (values: (number | null)[]): number | null =>
  values.every((value) => value === null)
    ? null
    : values.reduce<number>((total, value) => total + (value ?? 0), 0);

const most = (values: (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : Math.max(...values.map((value) => value ?? 0));

type PoolCounts = Omit<PoolerPool, 'poolSize' | 'reservePoolSize'>;

function countsOf(row: z.output<typeof poolRow>): PoolCounts {
  const servers = {
    svActive: row.sv_active,
    svActiveCancel: row.sv_active_cancel,
    svBeingCanceled: row.sv_being_canceled,
    svIdle: row.sv_idle,
    svUsed: row.sv_used,
    svTested: row.sv_tested,
    svLogin: row.sv_login,
  };
  const { maxwait, maxwait_us: rest } = row;
  return {
    database: row.database,
    user: row.user,
    poolMode: row.pool_mode,
    clActive: row.cl_active,
    clWaiting: row.cl_waiting,
    clActiveCancelReq: row.cl_active_cancel_req,
    // One column for both before 1.18, and in PgCat.
    clWaitingCancelReq: row.cl_waiting_cancel_req ?? row.cl_cancel_req,
    ...servers,
    svOpen: row.sv_total ?? sum(Object.values(servers)),
    maxwaitMs: maxwait === null && rest === null ? null : (maxwait ?? 0) * 1000 + (rest ?? 0) / 1000,
  };
}

/** Poolers that shard list a pool once per shard and role; here it is one. */
function joined(a: PoolCounts, b: PoolCounts): PoolCounts {
  const result: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = a[key as keyof PoolCounts];
    if (key === 'maxwaitMs') result[key] = most([a.maxwaitMs, b.maxwaitMs]);
    else if (typeof value === 'number') result[key] = sum([before as number | null, value]);
  }
  return result as unknown as PoolCounts;
}

/** SHOW POOLS, without the console's own pool. */
export function poolsFrom(answer: ConsoleAnswer): PoolCounts[] {
  const pools = new Map<string, PoolCounts>();
  for (const row of parse<z.output<typeof poolRow>>(poolRow, answer)) {
    if (isConsole(row.database)) continue;
    const key = JSON.stringify([row.database, row.user]);
    const before = pools.get(key);
    pools.set(key, before === undefined ? countsOf(row) : joined(before, countsOf(row)));
  }
  return [...pools.values()];
}

/** The console lists itself among its databases. */
const isConsole = (database: string) => database === 'pgbouncer';

/** SHOW DATABASES, without the console. */
export function databasesFrom(answer: ConsoleAnswer): PoolerDatabase[] {
  return parse<z.output<typeof databaseRow>>(databaseRow, answer)
    .filter(({ name }) => !isConsole(name))
    .map((row) => ({
      name: row.name,
      host: row.host,
      port: row.port,
      database: row.database,
      forceUser: row.force_user,
      poolSize: row.pool_size,
      minPoolSize: row.min_pool_size,
      reservePoolSize: row.reserve_pool_size ?? row.reserve_pool,
      poolMode: row.pool_mode,
      maxConnections: row.max_connections,
      currentConnections: row.current_connections,
      maxClientConnections: row.max_client_connections,
      currentClientConnections: row.current_client_connections,
      paused: row.paused,
      disabled: row.disabled,
    }));
}

/** Pool sizes of users who have one of their own (1.23 and later). */
export function userPoolSizesFrom(answer: ConsoleAnswer): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, pool_size: size } of parse<z.output<typeof userRow>>(userRow, answer))
    if (size !== null && size > 0) sizes.set(name, size);
  return sizes;
}

/** SHOW CONFIG. */
export function settingsFrom(answer: ConsoleAnswer): PoolerSetting[] {
  return parse<z.output<typeof settingRow>>(settingRow, answer).map((row) => ({
    ...row,
    changeable: row.changeable === true,
  }));
}

/** SHOW LISTS: how many there are of each. */
export function listsFrom(answer: ConsoleAnswer): Map<string, number | null> {
  return new Map(parse<z.output<typeof listRow>>(listRow, answer).map(({ list, items }) => [list, items]));
}

/** Totals of SHOW STATS by database, added up where the pooler lists users, shards or replicas apart. */
export function totalsFrom(answer: ConsoleAnswer): Map<string, Totals> {
  const byDatabase = new Map<string, Totals>();
  for (const { database, ...row } of parse<z.output<typeof statsRow>>(statsRow, answer)) {
    if (isConsole(database)) continue;
    const before = byDatabase.get(database);
    const added = Object.fromEntries(
      totalNames.map((name) => [name, before === undefined ? row[name] : sum([before[name], row[name]])]),
    );
    byDatabase.set(database, added as Totals);
  }
  return byDatabase;
}

/** SHOW STATE (1.19 and later): one row, key and value. */
export function stateFrom(answer: ConsoleAnswer): 'active' | 'paused' | 'suspended' | null {
  const words = answer.rows.flat().map((value) => (value ?? '').toLowerCase());
  if (words.includes('yes')) {
    // key active, paused or suspended, of which one says yes.
    const row = answer.rows.find((cells) => cells.some((value) => value?.toLowerCase() === 'yes'));
    return stateNamed(row?.[0] ?? '');
  }
  return words.map(stateNamed).find((state) => state !== null) ?? null;
}

function stateNamed(word: string): 'active' | 'paused' | 'suspended' | null {
  const known = ['active', 'paused', 'suspended'] as const;
  return known.find((state) => state === word.toLowerCase()) ?? null;
}
