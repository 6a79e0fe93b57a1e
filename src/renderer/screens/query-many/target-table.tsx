import { CircleCheck, CircleSlash, CircleX, Hourglass, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { QueryRun, QueryRunState } from '#shared/model/query.ts';
import { formatCount, formatDuration, noValue } from '../../charts/formats.ts';
import classes from './query-many.module.css';

const looks: Record<QueryRunState, { word: string; icon: LucideIcon; tone: string }> = {
  waiting: { word: 'Waiting', icon: Hourglass, tone: 'off' },
  running: { word: 'Running', icon: LoaderCircle, tone: 'off' },
  fetching: { word: 'Reading', icon: LoaderCircle, tone: 'off' },
  done: { word: 'Done', icon: CircleCheck, tone: 'healthy' },
  failed: { word: 'Failed', icon: CircleX, tone: 'unhealthy' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, tone: 'off' },
};

interface Props {
  runs: readonly QueryRun[];
  nameOf(profileId: string): string;
}

/** How each database answered, in the order they were asked: rows and times, or what went wrong. */
export function TargetTable({ runs, nameOf }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it.
    <section className={classes.tableScroll} aria-label="Connections asked" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">State</th>
            <th scope="col">Rows</th>
            <th scope="col">Waited</th>
            <th scope="col">Server</th>
            <th scope="col">Transfer</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <TargetRow key={run.runId} run={run} name={nameOf(run.profileId)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TargetRow({ run, name }: { run: QueryRun; name: string }) {
  const { word, icon: Icon, tone } = looks[run.state];
  const { waitMs, serverMs, transferMs } = run.timing;
  const failed = run.state === 'failed' && run.error !== null;
  const time = (ms: number | null) => (ms === null ? noValue : formatDuration(ms));
  const rows = run.columns !== null && run.columns.length > 0 ? run.rows : (run.affectedRows ?? run.rows);
  return (
    <>
      <tr data-failed={failed || undefined}>
        <th scope="row">
          <bdi>{name}</bdi>
        </th>
        <td className={classes.state} data-tone={tone}>
          <Icon size={14} aria-hidden /> {word}
        </td>
        <td>{formatCount(rows)}</td>
        <td>{time(waitMs)}</td>
        <td>{time(serverMs)}</td>
        <td>{time(transferMs)}</td>
      </tr>
      {failed && (
        <tr className={classes.failure}>
          <td colSpan={6}>
            {run.error?.message} {run.error?.details.remedy}
          </td>
        </tr>
      )}
    </>
  );
}
