import { Button, SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ManyRuns } from '#shared/contract/query.ts';
import type { QueryRun } from '#shared/model/query.ts';
import { request } from '../../bridge/client.ts';
import { formatCount } from '../../charts/formats.ts';
import { ResultExport } from '../../query/rows/result-export.tsx';
import { ResultTable } from '../../query/rows/result-table.tsx';
import { ResultView } from '../../query/rows/result-view.tsx';
import type { ManySession, ManyState } from './many-session.ts';
import { readMerged, sourceColumn, valuePlaceOf } from './merged-rows.ts';
import classes from './query-many.module.css';
import { TargetTable } from './target-table.tsx';

/** Grids drawn at once; more on request. */
const atOnce = 12;

interface Props {
  session: ManySession;
  many: ManyRuns;
  view: ManyState['view'];
  nameOf(profileId: string): string;
}

/** How it went on each, then the rows: each beside the other, or as one. */
export function ManyResults({ session, many, view, nameOf }: Props) {
  const succeeded = many.runs.filter(({ state }) => state === 'done' || state === 'fetching');
  const withRows = succeeded.filter(({ columns }) => columns !== null && columns.length > 0);
  return (
    <>
      <p className={classes.summary} role="status">
        {summary(many)}
      </p>
      <TargetTable runs={many.runs} nameOf={nameOf} />
      {withRows.length > 0 && (
        <>
          <SegmentedControl
            className={classes.view}
            aria-label="How the rows are shown"
            value={view}
            onChange={(value) => session.show(value as ManyState['view'])}
            data={[
              { value: 'each', label: 'Side by side' },
              { value: 'merged', label: 'Merged' },
            ]}
          />
          {view === 'each' ? (
            <Each key={many.manyId} session={session} runs={withRows} nameOf={nameOf} />
          ) : (
            <Merged session={session} many={many} nameOf={nameOf} />
          )}
        </>
      )}
    </>
  );
}

function summary({ runs, complete }: ManyRuns): string {
  const count = (state: QueryRun['state']) => runs.filter((run) => run.state === state).length;
  const done = count('done');
  const parts = [
    `${formatCount(done)} of ${formatCount(runs.length)} succeeded`,
    count('failed') > 0 ? `${formatCount(count('failed'))} failed` : null,
    count('cancelled') > 0 ? `${formatCount(count('cancelled'))} cancelled` : null,
    complete ? null : `${formatCount(runs.length - done - count('failed') - count('cancelled'))} under way`,
  ];
  return `${parts.filter((part) => part !== null).join(' · ')}`;
}

function Each({ session, runs, nameOf }: Omit<Props, 'many' | 'view'> & { runs: readonly QueryRun[] }) {
  const [shown, setShown] = useState(atOnce);
  return (
    <>
      <div className={classes.each}>
        {runs.slice(0, shown).map((run) => (
          <section key={run.runId} className={classes.one} aria-label={nameOf(run.profileId)}>
            <h2 className={classes.oneTitle}>
              <bdi>{nameOf(run.profileId)}</bdi>
            </h2>
            <ResultView label={`Rows of ${nameOf(run.profileId)}`} run={run} rows={session.rowsOf(run)} />
          </section>
        ))}
      </div>
      {runs.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + atOnce)}>
          Show {Math.min(atOnce, runs.length - shown)} more of {runs.length - shown}
        </Button>
      )}
    </>
  );
}

function Merged({ session, many, nameOf }: Omit<Props, 'view'>) {
  const { manyId, merged, runs } = many;
  if (merged.state === 'pending') return <p className={classes.dim}>Merged when all have ended.</p>;
  if (merged.state === 'none') return <p className={classes.dim}>There are no rows to merge.</p>;
  if (merged.state === 'differs') return <p className={classes.differs}>{merged.reason}</p>;
  return (
    <section className={classes.merged} aria-label="Merged">
      <div className={classes.mergedLine}>
        <span className={classes.mergedCount}>
          {formatCount(merged.rows)} rows of {merged.sources.length}{' '}
          {merged.sources.length === 1 ? 'connection' : 'connections'}
        </span>
        <ResultExport
          rows={merged.rows}
          ask={(exportId, format, signal) =>
            request('query.exportMerged', { exportId, manyId, format }, { signal })
          }
        />
      </div>
      <MergedTable
        key={manyId}
        session={session}
        manyId={manyId}
        merged={merged}
        runs={runs}
        nameOf={nameOf}
      />
    </section>
  );
}

interface TableProps {
  session: ManySession;
  manyId: string;
  merged: Extract<ManyRuns['merged'], { state: 'ready' }>;
  runs: readonly QueryRun[];
  nameOf(profileId: string): string;
}

function MergedTable({ session, manyId, merged, runs, nameOf }: TableProps) {
  const [columns] = useState(() => [sourceColumn, ...merged.columns]);
  const rows = session.mergedRowsOf(manyId, nameOf);
  useEffect(() => rows.setAvailable(merged.rows), [rows, merged.rows]);
  return (
    <ResultTable
      label="Merged rows"
      columns={columns}
      rowCount={merged.rows}
      rows={rows}
      readWhole={(from, limit, cellChars) => readMerged({ manyId, from, limit, cellChars }, nameOf)}
      placeOf={(cell) => valuePlaceOf(merged, runs, cell)}
    />
  );
}
