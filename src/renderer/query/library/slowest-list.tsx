import { useQuery } from '@tanstack/react-query';
import { request } from '../../bridge/client.ts';
import { formatCount, formatDuration } from '../../charts/formats.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import classes from './library.module.css';
import { QueryCard, type Take } from './query-card.tsx';

/** The slowest statements run here since Poolscope started. */
export function SlowestList({ profileId, onTake }: { profileId: string | null; onTake: Take }) {
  const slowest = useQuery({
    queryKey: ['query.slowest', profileId],
    queryFn: ({ signal }) => request('query.slowest', { profileId }, { signal }),
    staleTime: 0,
  });
  return (
    <div className={classes.list}>
      <p className={classes.none}>By their time on the server, since Poolscope started.</p>
      {slowest.isError && <ErrorNote error={payloadOf(slowest.error)} />}
      {slowest.data?.length === 0 && <p className={classes.none}>Nothing was run yet.</p>}
      <ol className={classes.cards}>
        {slowest.data?.map(({ runId, text, startedAtMs, state, rows, waitMs, serverMs, transferMs }) => (
          <QueryCard
            key={runId}
            text={text}
            facts={
              <>
                <strong>{formatDuration(serverMs)}</strong> on the server · waited {formatDuration(waitMs)} ·
                transfer {formatDuration(transferMs)} ·{' '}
                {state === 'done' ? `${formatCount(rows)} rows` : state} · <RelativeTime atMs={startedAtMs} />
              </>
            }
            onTake={onTake}
          />
        ))}
      </ol>
    </div>
  );
}
