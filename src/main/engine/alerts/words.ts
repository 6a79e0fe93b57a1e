import { type AlertKind, alertKindInfo } from '#shared/model/alert-kinds.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import type { PoolerTick } from '#shared/model/pooler.ts';
import type { Firing } from './rules/step-rule.ts';

/** "2 min", "4.2 s", "80 ms": for sentences. */
export function spoken(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace('.0', '')} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/** "1 request", "12 requests". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

const percent = (value: number): string =>
  `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} %`;

/** A figure in the unit of its kind. */
export function figureText(kind: AlertKind, value: number): string {
  switch (alertKindInfo[kind].unit) {
    case 'ms':
      return spoken(value);
    case 'percent':
      return percent(value);
    case 'requests':
      return counted(value, 'request');
    case 'samples':
      return counted(value, 'sample');
    case 'timeouts':
      return counted(value, 'timeout');
    case 'days':
      return value < 0 ? 'no day' : counted(Math.floor(value), 'day');
    case 'none':
      return value === 1 ? 'yes' : 'no';
  }
}

/** What a sentence can say beyond the figure. */
export interface Surroundings {
  pool?: Bucket | undefined;
  lastError?: string | undefined;
  pooler?: PoolerTick | undefined;
}

const lasted = ({ sinceMs, firedAtMs }: Pick<Firing, 'sinceMs' | 'firedAtMs'>): string =>
  firedAtMs - sinceMs < 1000 ? '' : `, for ${spoken(firedAtMs - sinceMs)} without a break`;

/** Names of the pooler's pools of which something is so: "app/alice and 2 more". */
function poolsWhere(
  tick: PoolerTick | undefined,
  isSo: (pool: PoolerTick['pools'][number]) => boolean,
): string {
  const [first, ...rest] = tick?.pools.filter(isSo) ?? [];
  if (first === undefined) return '';
  return ` (${first.database}/${first.user}${rest.length === 0 ? '' : ` and ${rest.length} more`})`;
}

/** What is wrong, in one sentence with the figures of the moment it fired. */
export function sentenceOf(kind: AlertKind, firing: Firing, around: Surroundings): string {
  const { value } = firing;
  const text = figureText(kind, value);
  const { pool, pooler } = around;
  switch (kind) {
    case 'pending': {
      const longest = pool === undefined ? '' : `; the longest has waited ${spoken(pool.longestPendingMs)}`;
      return `${text} ${value === 1 ? 'waits' : 'wait'} for a connection${longest}.`;
    }
    case 'queueGrowing': {
      const now = pool === undefined ? '' : `: ${counted(pool.pending.last, 'request')} wait now`;
      return `The queue for a connection grew in ${text} in a row${now}.`;
    }
    case 'waitP95':
      return `One request in twenty waits ${text} or longer for a connection (p95)${lasted(firing)}.`;
    case 'waitTimeouts':
      return `${counted(value, 'request')} gave up waiting for a connection within the last minute.`;
    case 'utilization': {
      const of = pool === undefined ? '' : ` (${pool.used.last} of ${pool.maxSetting})`;
      return `${text} of the connections${of} are in use${lasted(firing)}.`;
    }
    case 'errorRate': {
      const last = around.lastError === undefined ? '.' : `. The last error: ${around.lastError}`;
      return `${text} of the requests within the last minute failed${last}`;
    }
    case 'longHold':
      return `A connection of the pool has been held for ${text} without a release.`;
    case 'unhealthy':
      return around.lastError === undefined
        ? 'Health checks fail.'
        : `Health checks fail: ${around.lastError}`;
    case 'breakerOpen':
      return 'The circuit breaker is open: requests are refused without asking the server.';
    case 'serverHeadroom':
      return `The server can take only ${text} more of the connections it allows.`;
    case 'idleInTransaction':
      return `A session of the server has been idle in a transaction for ${text}.`;
    case 'blocked':
      return `A session of the server has waited ${text} for a lock that another one holds.`;
    case 'certificateExpiry':
      return value < 0
        ? 'The certificate of the server has expired.'
        : `The certificate of the server expires in ${text}.`;
    case 'poolerMaxwait':
      return `A client of the pooler has waited ${text} for a server connection${poolsWhere(pooler, ({ maxwaitMs }) => maxwaitMs === value)}.`;
    case 'poolerStarved':
      return `Clients wait, and the pooler has no idle server connection${poolsWhere(pooler, ({ clWaiting, svIdle }) => (clWaiting ?? 0) > 0 && svIdle === 0)}.`;
    case 'poolerPaused': {
      const names = pooler?.databases.filter(({ paused }) => paused).map(({ name }) => name) ?? [];
      return names.length === 0
        ? 'The pooler is paused: clients wait until it is resumed.'
        : `Paused on the pooler: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}.`;
    }
  }
}
