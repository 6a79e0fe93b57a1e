import { NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { PoolerPool, PoolerTick } from '#shared/model/pooler.ts';
import { noGrowth, perSecond } from '#shared/model/pooler-growth.ts';
import { everyPool, largestOf, type PoolScope, pointOf, poolsIn, sumOf } from '#shared/model/pooler-point.ts';
import { formatCount, formatDuration, formatRate, noValue } from '../../charts/formats.ts';
import { DataTable } from '../../kit/data-table/data-table.tsx';
import { UtilizationBar } from '../../kit/utilization-bar.tsx';
import { usePoolerTick } from '../../live/pooler/latest-ticks.ts';
import { formatByteRate } from './byte-rate.ts';
import classes from './pgbouncer.module.css';
import { PoolCharts } from './pool-charts.tsx';
import { poolColumns, poolKey, toneOfPool } from './pool-columns.tsx';
import { scopeOf, scopeValue } from './pool-scope.ts';

interface Props {
  profile: ProfileView;
  onDatabase(database: string): void;
}

/** The pools of a pooler: figures, charts and a table, second by second. */
export function PoolsTab({ profile, onDatabase }: Props) {
  const tick = usePoolerTick(profile.profileId);
  const [scope, setScope] = useState<PoolScope>(everyPool);
  const choices = useMemo(
    () => [
      { value: scopeValue(everyPool), label: 'All pools' },
      ...(tick?.pools ?? [])
        .map(({ database, user }) => ({
          value: scopeValue({ database, user }),
          label: `${database} · ${user}`,
        }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    ],
    [tick],
  );
  const chosen = choices.some(({ value }) => value === scopeValue(scope)) ? scope : everyPool;
  return (
    <div className={classes.tab}>
      <PoolFigures tick={tick} scope={chosen} />
      <PoolCharts
        profile={profile}
        scope={chosen}
        poolCount={tick?.pools.length ?? 0}
        tools={
          <NativeSelect
            size="xs"
            aria-label="Pool"
            data={choices}
            value={scopeValue(chosen)}
            onChange={(event) => setScope(scopeOf(event.currentTarget.value))}
          />
        }
      />
      <DataTable
        label="Pools"
        name="pools"
        columns={poolColumns}
        items={tick?.pools ?? none}
        total={tick?.pools.length ?? 0}
        idOf={poolKey}
        sortedBy={{ key: 'maxwait', largestFirst: true }}
        onOpen={({ database }) => onDatabase(database)}
        toneOf={toneOfPool}
        emptyText={
          tick === undefined ? 'No sample yet.' : 'No client has connected to a database of this pooler yet.'
        }
        tools={<p className={classes.dim}>A row leads to its database and what can be done to it.</p>}
      />
    </div>
  );
}

const none: PoolerPool[] = [];

function PoolFigures({ tick, scope }: { tick: PoolerTick | undefined; scope: PoolScope }) {
  const pools = poolsIn(tick, scope);
  const open = sumOf(pools, ({ svOpen }) => svOpen);
  const size = sumOf(pools, ({ poolSize }) => poolSize);
  const waiting = sumOf(pools, ({ clWaiting }) => clWaiting);
  const maxwaitMs = largestOf(pools, (pool) => pool.maxwaitMs);
  const growth = tick === undefined ? noGrowth() : pointOf(tick, scope).growth;
  const queries = perSecond(growth, 'queries');
  const received = perSecond(growth, 'receivedBytes');
  const sent = perSecond(growth, 'sentBytes');
  return (
    <dl className={classes.figures}>
      <Figure
        label="Server connections of pool size"
        value={
          open === null ? noValue : `${formatCount(open)} / ${size === null ? 'unknown' : formatCount(size)}`
        }
        note=""
      >
        {open !== null && size !== null && <UtilizationBar used={open} max={size} />}
      </Figure>
      <Figure
        label="Clients waiting"
        value={countOrDash(waiting)}
        note={maxwaitMs === null || maxwaitMs === 0 ? '' : `longest ${formatDuration(maxwaitMs)}`}
        alarming={(waiting ?? 0) > 0}
      />
      <Figure
        label="Clients"
        value={countOrDash(scope.database === null ? (tick?.clients ?? null) : sumOf(pools, clientsOf))}
        note={scope.database === null && tick?.maxClients != null ? `of ${formatCount(tick.maxClients)}` : ''}
      />
      <Figure label="Queries" value={queries === null ? noValue : formatRate(queries)} note="" />
      <Figure
        label="Traffic"
        value={sent === null ? noValue : formatByteRate(sent)}
        note={received === null ? '' : `${formatByteRate(received)} from clients`}
      />
    </dl>
  );
}

const clientsOf = ({ clActive, clWaiting }: PoolerPool) =>
  clActive === null && clWaiting === null ? null : (clActive ?? 0) + (clWaiting ?? 0);
const countOrDash = (count: number | null) => (count === null ? noValue : formatCount(count));

interface FigureProps {
  label: string;
  value: string;
  note: string;
  alarming?: boolean;
  children?: React.ReactNode;
}

function Figure({ label, value, note, alarming = false, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value} data-alarming={alarming || undefined}>
        {value}
      </dd>
      <dd className={classes.note}>{note}</dd>
      <dd>{children}</dd>
    </div>
  );
}
