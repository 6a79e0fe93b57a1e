import type { PoolerPool } from '#shared/model/pooler.ts';
import { formatDuration, noValue } from '../../charts/formats.ts';
import type { TableColumn } from '../../kit/data-table/table-column.ts';
import { Unknown } from '../../kit/data-table/table-row.tsx';
import { UtilizationBar } from '../../kit/utilization-bar.tsx';
import classes from './pgbouncer.module.css';

type Column = TableColumn<PoolerPool>;

export const poolKey = ({ database, user }: PoolerPool): string => JSON.stringify([database, user]);

const count = (key: keyof PoolerPool, label: string, about: string, more: Partial<Column> = {}): Column => ({
  key,
  label,
  about,
  widthPx: 92,
  align: 'end',
  largestFirst: true,
  value: (pool) => pool[key],
  ...more,
});

export const poolColumns: readonly Column[] = [
  { key: 'database', label: 'Database', widthPx: 150, grows: true, value: ({ database }) => database },
  { key: 'user', label: 'User', widthPx: 120, value: ({ user }) => user },
  {
    key: 'use',
    label: 'Open / size',
    about: 'Server connections open, of as many as the pool may have',
    widthPx: 130,
    largestFirst: true,
    value: ({ svOpen, poolSize }) => (svOpen === null || !poolSize ? null : svOpen / poolSize),
    cell: ({ svOpen, poolSize }) =>
      svOpen === null ? (
        <Unknown />
      ) : (
        <span className={classes.use}>
          <span>
            {svOpen} / {poolSize ?? 'unknown'}
          </span>
          {poolSize !== null && <UtilizationBar used={svOpen} max={poolSize} />}
        </span>
      ),
  },
  count('clWaiting', 'cl_waiting', 'Clients that sent something and wait for a server connection'),
  {
    key: 'maxwait',
    label: 'maxwait',
    about: 'How long the client first in the queue has waited',
    widthPx: 96,
    align: 'end',
    largestFirst: true,
    value: ({ maxwaitMs }) => maxwaitMs,
    cell: ({ maxwaitMs }) =>
      maxwaitMs === null ? <Unknown /> : maxwaitMs === 0 ? noValue : formatDuration(maxwaitMs),
  },
  count('clActive', 'cl_active', 'Clients linked to a server connection, or idle: not all of them work'),
  count('svActive', 'sv_active', 'Server connections linked to a client'),
  count('svIdle', 'sv_idle', 'Server connections at rest, ready'),
  count('svUsed', 'sv_used', 'At rest for longer: tested before the next use'),
  count('svTested', 'sv_tested', 'Being tested', { startsHidden: true }),
  count('svLogin', 'sv_login', 'Logging in to PostgreSQL'),
  {
    key: 'poolMode',
    label: 'Mode',
    widthPx: 110,
    value: ({ poolMode }) => poolMode,
  },
  count('clActiveCancelReq', 'cl_active_cancel_req', 'Cancel requests passed on', {
    widthPx: 150,
    startsHidden: true,
  }),
  count('clWaitingCancelReq', 'cl_waiting_cancel_req', 'Cancel requests that wait', {
    widthPx: 160,
    startsHidden: true,
  }),
  count('svActiveCancel', 'sv_active_cancel', 'Server connections passing a cancel request on', {
    widthPx: 130,
    startsHidden: true,
  }),
  count('svBeingCanceled', 'sv_being_canceled', 'Server connections whose query is being cancelled', {
    widthPx: 140,
    startsHidden: true,
  }),
  count('reservePoolSize', 'reserve', 'Added to the pool size when clients have waited for long', {
    startsHidden: true,
  }),
];

export function toneOfPool({ clWaiting, svIdle }: PoolerPool): 'bad' | 'warn' | undefined {
  if (!clWaiting) return undefined;
  return svIdle === 0 ? 'bad' : 'warn';
}
