import type { DatabaseRates } from '#shared/model/sessions/server.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { formatRate } from '../../../charts/formats.ts';
import { DataTable } from '../../../kit/data-table/data-table.tsx';
import type { TableColumn } from '../../../kit/data-table/table-column.ts';
import { Unknown } from '../../../kit/data-table/table-row.tsx';
import classes from './sessions.module.css';

type Column = TableColumn<DatabaseRates>;

const rate = (
  key: Exclude<keyof DatabaseRates, 'database' | 'sessions'>,
  label: string,
  about: string,
): Column => ({
  key,
  label,
  about,
  widthPx: 108,
  align: 'end',
  largestFirst: true,
  value: (row) => row[key],
  cell: (row) => {
    const value = row[key];
    return value === null ? <Unknown /> : formatRate(value);
  },
});

const columns: readonly Column[] = [
  { key: 'database', label: 'Database', widthPx: 160, grows: true, value: ({ database }) => database },
  {
    key: 'sessions',
    label: 'Sessions',
    widthPx: 90,
    align: 'end',
    largestFirst: true,
    value: ({ sessions }) => sessions,
  },
  rate('commitsPerS', 'Commits', 'Transactions committed per second'),
  rate('rollbacksPerS', 'Rollbacks', 'Transactions rolled back per second'),
  rate('deadlocksPerS', 'Deadlocks', 'Deadlocks per second'),
  rate('sessionsPerS', 'Begun', 'Sessions begun per second, from PostgreSQL 14 on'),
  rate('abandonedPerS', 'Abandoned', 'Sessions whose client went away without a word, per second'),
  rate('fatalPerS', 'Fatal', 'Sessions ended by an error, per second'),
  rate('killedPerS', 'Killed', 'Sessions ended by an operator, per second'),
];

/** What pg_stat_database counted since the sample before, per second and database. */
export function RatesPanel({ list }: { list: SessionList }) {
  const { databases, intervalMs } = list.sample;
  return (
    <DataTable
      label="Databases"
      name="databases"
      columns={columns}
      items={databases}
      total={databases.length}
      idOf={({ database }) => database}
      sortedBy={{ key: 'commitsPerS', largestFirst: true }}
      emptyText="The server tells of no database."
      tools={
        <p className={classes.dim}>
          {intervalMs === null
            ? 'Rates need two samples.'
            : `Per second over the last ${(intervalMs / 1000).toFixed(1)} s.`}
        </p>
      }
    />
  );
}
