import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StatementStat } from '#shared/model/query-library.ts';
import { request } from '../../bridge/client.ts';
import { formatCount, formatDuration } from '../../charts/formats.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import classes from './library.module.css';
import { QueryCard, type Take } from './query-card.tsx';

const orders = [
  { value: 'totalMs', label: 'Total time' },
  { value: 'meanMs', label: 'Mean time' },
  { value: 'calls', label: 'Calls' },
  { value: 'rows', label: 'Rows' },
  { value: 'sharedReadBlocks', label: 'Blocks read' },
] as const;
type Order = (typeof orders)[number]['value'];

/** The server's own top list, of all its clients: pg_stat_statements. */
export function StatementStatsList({ profileId, onTake }: { profileId: string; onTake: Take }) {
  const [orderBy, setOrderBy] = useState<Order>('totalMs');
  const stats = useQuery({
    queryKey: ['query.statementStats', profileId, orderBy],
    queryFn: ({ signal }) => request('query.statementStats', { profileId, orderBy, limit: 50 }, { signal }),
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const { data } = stats;
  return (
    <div className={classes.list}>
      <div className={classes.tools}>
        <Select
          className={classes.search}
          label="Order by"
          data={[...orders]}
          value={orderBy}
          allowDeselect={false}
          onChange={(value) => value !== null && setOrderBy(value)}
        />
        <Button mt={20} variant="default" loading={stats.isFetching} onClick={() => void stats.refetch()}>
          Read again
        </Button>
      </div>
      {stats.isError && <ErrorNote error={payloadOf(stats.error)} />}
      {data !== undefined && data.state !== 'ready' && (
        <div className={classes.none}>
          <p>{data.message}</p>
          <p>{data.remedy}</p>
        </div>
      )}
      {data?.state === 'ready' && (
        <>
          <p className={classes.none}>
            Of all clients of this database
            {data.sinceMs !== null && (
              <>
                , counted since <RelativeTime atMs={data.sinceMs} />
              </>
            )}
            .
          </p>
          <ol className={classes.cards}>
            {data.statements.map((statement, index) => (
              <QueryCard
                // biome-ignore lint/suspicious/noArrayIndexKey: the id may be hidden; the list is replaced as a whole.
                key={index}
                text={statement.text ?? 'This user may not see the text.'}
                facts={<StatFacts statement={statement} />}
                onTake={onTake}
              />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function StatFacts({ statement }: { statement: StatementStat }) {
  const { calls, totalMs, meanMs, maxMs, rows, sharedHitBlocks, sharedReadBlocks, tempBlocks, user } =
    statement;
  const parts = [
    `mean ${formatDuration(meanMs)}`,
    maxMs === null ? null : `longest ${formatDuration(maxMs)}`,
    `${formatCount(calls)} calls`,
    `${formatCount(rows)} rows`,
    `${formatCount(sharedHitBlocks)} blocks from cache, ${formatCount(sharedReadBlocks)} read`,
    tempBlocks > 0 ? `${formatCount(tempBlocks)} temporary` : null,
    user,
  ].filter((part) => part !== null);
  return (
    <>
      <strong>{formatDuration(totalMs)}</strong> in all · {parts.join(' · ')}
    </>
  );
}
