import type { QueryRun } from '#shared/model/query.ts';
import { request } from '../../bridge/client.ts';
import { isFinal } from '../run-states.ts';
import { runInWords, timingInWords } from '../run-words.ts';
import { ResultExport } from './result-export.tsx';
import type { ResultRows } from './result-rows.ts';
import { ResultTable } from './result-table.tsx';
import classes from './result-view.module.css';

interface Props {
  label: string;
  run: QueryRun;
  rows: ResultRows;
}

/** The rows of one run, how many there are so far, where the time went, and what can be done with them. */
export function ResultView({ label, run, rows }: Props) {
  const { runId } = run;
  const columns = run.columns ?? [];
  const readable = columns.length > 0 && !run.expired;
  return (
    <div className={classes.view}>
      <ResultLine run={run} />
      {readable && (
        <ResultTable
          key={runId}
          label={label}
          columns={columns}
          rowCount={run.rows}
          rows={rows}
          readWhole={(from, limit, cellChars) => request('query.rows', { runId, from, limit, cellChars })}
          placeOf={({ row, column }) => {
            const found = columns[column];
            return found === undefined ? null : { runId, row, index: column, column: found };
          }}
        />
      )}
      {run.expired && (
        <p className={classes.expired}>
          The rows are no longer kept: nobody looked at them for a while, or room was needed. Run it again to
          see them.
        </p>
      )}
    </div>
  );
}

/** The line above the rows. */
function ResultLine({ run }: { run: QueryRun }) {
  const { runId } = run;
  const columns = run.columns ?? [];
  const exportable = isFinal(run) && columns.length > 0 && !run.expired && run.rows > 0;
  return (
    <div className={classes.line}>
      <span className={classes.state} role="status" data-state={run.state}>
        {runInWords(run)}
      </span>
      <span className={classes.timing}>{timingInWords(run)}</span>
      {columns.length > 0 && (
        <ResultExport
          rows={exportable ? run.rows : null}
          ask={(exportId, format, signal) => request('query.export', { exportId, runId, format }, { signal })}
        />
      )}
    </div>
  );
}
